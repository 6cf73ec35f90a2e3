using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// Reads the copy of one message (messageContent) and passes it on, meta-properties left out. An errorInfo, which RecoverMode allows, ends the content
/// where it is. Source: [MS-OXCFXICS] 2.2.4.3.16, 2.2.4.3.4.
/// </summary>
public sealed class MessageContentReader(IFastTransferHandler content) : IFastTransferHandler
{
    private MessageNesting nesting;
    private bool skips;

    /// <summary>What the server says of the part that it could not read; null when it read everything.</summary>
    public PropertyBag? Error { get; private set; }

    public void Marker(FastTransferMarker marker)
    {
        if (marker == FastTransferMarker.FXErrorInfo) Error ??= [];
        else if (Error is not null) return;
        else if (nesting.TryEnter(marker)) content.Marker(marker);
        else throw new MapiProtocolException($"The copy of a message has {marker} where it can't be.");
    }

    public void Property(PropertyValue property)
    {
        if (Error is not null) Error.Add(property);
        else if (!FastTransferLexis.IsMetaProperty(property.Tag)) content.Property(property);
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        skips = Error is not null || FastTransferLexis.IsMetaProperty(tag);
        if (!skips) content.BeginProperty(tag, name, length);
    }

    public void PropertyData(ReadOnlySpan<byte> data)
    {
        if (!skips) content.PropertyData(data);
    }

    public void EndProperty()
    {
        if (!skips) content.EndProperty();
    }

    /// <summary>Tells that the stream has ended.</summary>
    /// <exception cref="MapiProtocolException">A recipient, attachment or embedded message is still open, and no error says why.</exception>
    public void Complete()
    {
        if (Error is null && !nesting.IsClosed) throw new MapiProtocolException("The copy of a message ends inside one of its parts.");
    }
}
