using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.ItemStreams;

/// <summary>
/// Works out the canonical digest of an item from its messageContent as it passes: equal for two forms of the same item, different when any value
/// differs. Holds 32 bytes per property, never a value. docs/formats/content-digest.md
/// </summary>
public sealed class ItemDigest : IFastTransferHandler
{
    /// <summary>PidTagMessageFlags bits that change with reading or that the server works out: mfRead, mfUnmodified, mfHasAttach, mfNotifyRead, mfNotifyUnread, mfEverRead.</summary>
    private const int VolatileMessageFlags = 0x0001 | 0x0002 | 0x0010 | 0x0100 | 0x0200 | 0x0400;

    private const int MessageFlagRead = 0x0001;

    private readonly Stack<ObjectDigest> open = new();
    private readonly ObjectDigest message = new(ObjectKind.Message);
    private readonly PropertyHash hash = new();
    private bool skips;

    public ItemDigest() => open.Push(message);

    /// <summary>PidTagMessageFlags has mfRead.</summary>
    public bool IsRead { get; private set; }

    /// <summary>PidTagMessageClass; IPM.Note when the item has none.</summary>
    public string ItemClass { get; private set; } = "IPM.Note";

    public string? Subject { get; private set; }

    /// <summary>Delivery time, else submission time, else creation time.</summary>
    public DateTimeOffset? Received => delivered ?? submitted ?? created;

    /// <summary>Bytes of all values, which is a little less than what a server counts.</summary>
    public long Size { get; private set; }

    /// <summary>PidTagInternetMessageId.</summary>
    public string? InternetMessageId { get; private set; }

    /// <summary>The key and version that the item was stamped with; null when it did not come through us.</summary>
    public string? SourceKey { get; private set; }

    public string? SourceVersion { get; private set; }

    private DateTimeOffset? delivered;
    private DateTimeOffset? submitted;
    private DateTimeOffset? created;

    /// <summary>The digest of an item stream, with what else it tells.</summary>
    /// <exception cref="MapiProtocolException">The stream is broken.</exception>
    public static async Task<ItemDigest> ReadAsync(Stream itemStream, CancellationToken ct)
    {
        var digest = new ItemDigest();
        await ItemStreamReader.ReadAsync(itemStream, digest, ct).ConfigureAwait(false);
        return digest;
    }

    /// <summary>The digest, once the item has ended.</summary>
    /// <exception cref="MapiProtocolException">A recipient, attachment or embedded message is still open.</exception>
    public ContentDigest Complete()
    {
        if (open.Count != 1) throw new MapiProtocolException("The item ends inside a recipient, attachment or embedded message.");
        return new ContentDigest(Convert.ToHexStringLower(message.Compute()));
    }

    public void Marker(FastTransferMarker marker)
    {
        switch (marker)
        {
            case FastTransferMarker.StartRecip: Open(ObjectKind.Message, ObjectKind.Recipient); break;
            case FastTransferMarker.NewAttach: Open(ObjectKind.Message, ObjectKind.Attachment); break;
            case FastTransferMarker.StartEmbed: Open(ObjectKind.Attachment, ObjectKind.Message); break;
            case FastTransferMarker.EndToRecip: Close(ObjectKind.Recipient); break;
            case FastTransferMarker.EndAttach: Close(ObjectKind.Attachment); break;
            case FastTransferMarker.EndEmbed: Close(ObjectKind.Message); break;
            default: throw new MapiProtocolException($"An item's content can't hold the marker {marker}.");
        }
    }

    public void Property(PropertyValue property)
    {
        if (open.Count == 1) Note(property);
        if (IsLeftOut(property.Tag, property.Name)) return;
        if (IsMessageFlags(property)) property = property with { Value = (int)property.Value & ~VolatileMessageFlags };
        open.Peek().Add(hash.Of(property, out var size));
        Size += size;
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        skips = IsLeftOut(tag, name);
        if (!skips) hash.Begin(tag, name);
        Size += length;
    }

    public void PropertyData(ReadOnlySpan<byte> data)
    {
        if (!skips) hash.Append(data);
    }

    public void EndProperty()
    {
        if (!skips) open.Peek().Add(hash.End());
    }

    private bool IsLeftOut(PropertyTag tag, PropertyName? name)
    {
        var inRecipient = open.Peek().Kind == ObjectKind.Recipient;
        return ItemStamp.IsStamp(name) || ServerSetProperties.IsServerSet(tag, name, inRecipient)
            || ServerSetProperties.IsDerived(tag, name, inRecipient);
    }

    private static bool IsMessageFlags(PropertyValue property) =>
        property.Tag.Id == PropertyTags.MessageFlags.Id && property.Name is null && property.Value is int;

    private void Open(ObjectKind parent, ObjectKind child)
    {
        if (open.Peek().Kind != parent) throw new MapiProtocolException($"The item has a {child} inside a {open.Peek().Kind}, where it can't be.");
        open.Push(new ObjectDigest(child));
    }

    private void Close(ObjectKind kind)
    {
        if (open.Count == 1 || open.Peek().Kind != kind) throw new MapiProtocolException($"The item ends a {kind} that it did not begin.");
        var child = open.Pop();
        open.Peek().Add(child);
    }

    private void Note(PropertyValue property)
    {
        if (property.Name is { } name)
        {
            if (name.Equals(ItemStamp.SourceKey)) SourceKey = property.Value as string;
            else if (name.Equals(ItemStamp.SourceVersion)) SourceVersion = property.Value as string;
            return;
        }
        switch (property.Tag.Id, property.Value)
        {
            case (0x0E07, int flags): IsRead = (flags & MessageFlagRead) != 0; break;
            case (0x001A, string itemClass): ItemClass = itemClass; break;
            case (0x0037, string subject): Subject = subject; break;
            case (0x1035, string id): InternetMessageId = id; break;
            case (0x0E06, DateTime time): delivered = time; break;
            case (0x0039, DateTime time): submitted = time; break;
            case (0x3007, DateTime time): created = time; break;
            default: break;
        }
    }
}
