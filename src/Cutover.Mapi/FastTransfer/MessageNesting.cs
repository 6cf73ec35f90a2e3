namespace Cutover.Mapi.FastTransfer;

/// <summary>Where in a message we are: its content, a recipient or an attachment, and how deep in embedded messages.</summary>
internal struct MessageNesting
{
    private Part part;
    private int embeddings;

    private enum Part
    {
        Content,
        Recipient,
        Attachment,
    }

    /// <summary>True when nothing is open.</summary>
    public readonly bool IsClosed => part == Part.Content && embeddings == 0;

    /// <summary>Takes a marker in; false when it can't be here. Source: [MS-OXCFXICS] 2.2.4.3.16, 2.2.4.3.17.</summary>
    public bool TryEnter(FastTransferMarker marker)
    {
        (Part, int)? next = (marker, part) switch
        {
            (FastTransferMarker.StartRecip, Part.Content) => (Part.Recipient, embeddings),
            (FastTransferMarker.EndToRecip, Part.Recipient) => (Part.Content, embeddings),
            (FastTransferMarker.NewAttach, Part.Content) => (Part.Attachment, embeddings),
            (FastTransferMarker.EndAttach, Part.Attachment) => (Part.Content, embeddings),
            (FastTransferMarker.StartEmbed, Part.Attachment) => (Part.Content, embeddings + 1),
            (FastTransferMarker.EndEmbed, Part.Content) when embeddings > 0 => (Part.Attachment, embeddings - 1),
            _ => null,
        };
        if (next is not { } entered) return false;
        (part, embeddings) = entered;
        return true;
    }
}
