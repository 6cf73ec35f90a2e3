using System.Buffers;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// Where a builder puts the content of large attachments. The stream is written once; whoever made it disposes it.
/// </summary>
/// <param name="Written">Takes the content.</param>
/// <param name="Open">Opens what was written, as often as need be.</param>
public sealed record AttachmentStore(Stream Written, Func<Stream> Open);

/// <summary>
/// Builds a message in memory from a messageContent, with or without StartMessage and EndMessage around it. Meta-properties are left out.
/// Source: [MS-OXCFXICS] 2.2.4.3.
/// </summary>
public sealed class MapiMessageBuilder : IFastTransferHandler
{
    private readonly Stack<object> open = new();
    private readonly ArrayBufferWriter<byte> data = new();
    private readonly MapiMessage message = new();
    private readonly Func<AttachmentStore>? makeStore;
    private readonly long mostHeld;
    private long held;
    private PropertyTag longTag;
    private PropertyName? longName;
    private AttachmentStore? stored;
    private bool ended;

    /// <param name="makeStore">Makes a place for an attachment's content, which <see cref="MapiAttachment.Content"/> then opens; null keeps it in memory.</param>
    /// <param name="mostHeld">Bytes of long values that may be held in memory; a message with more is refused.</param>
    public MapiMessageBuilder(Func<AttachmentStore>? makeStore = null, long mostHeld = long.MaxValue)
    {
        (this.makeStore, this.mostHeld) = (makeStore, mostHeld);
        open.Push(message);
    }

    /// <summary>True when the message was a folder-associated one (StartFAIMsg).</summary>
    public bool IsAssociated { get; private set; }

    /// <summary>The message, once its stream has ended.</summary>
    /// <exception cref="MapiProtocolException">A recipient, attachment or embedded message is still open.</exception>
    public MapiMessage Build() => open.Count == 1 ? message : throw Misplaced("the end of the stream");

    public void Marker(FastTransferMarker marker)
    {
        if (ended) throw Misplaced(marker.ToString());
        switch (marker, open.Peek())
        {
            case (FastTransferMarker.StartMessage or FastTransferMarker.StartFAIMsg, _) when IsUntouched:
                IsAssociated = marker == FastTransferMarker.StartFAIMsg;
                break;
            case (FastTransferMarker.EndMessage, _) when open.Count == 1:
                ended = true;
                break;
            case (FastTransferMarker.StartRecip, MapiMessage parent) when parent.Attachments.Count == 0:
                open.Push(Added(parent.Recipients, []));
                break;
            case (FastTransferMarker.NewAttach, MapiMessage parent):
                open.Push(Added(parent.Attachments, new MapiAttachment()));
                break;
            case (FastTransferMarker.StartEmbed, MapiAttachment { EmbeddedMessage: null } attachment):
                open.Push(attachment.EmbeddedMessage = new MapiMessage());
                break;
            case (FastTransferMarker.EndToRecip, PropertyBag) or (FastTransferMarker.EndAttach, MapiAttachment):
            case (FastTransferMarker.EndEmbed, MapiMessage) when open.Count > 1:
                open.Pop();
                break;
            default:
                throw Misplaced(marker.ToString());
        }
    }

    public void Property(PropertyValue property)
    {
        if (ended) throw Misplaced($"property {property.Tag}");
        if (!FastTransferLexis.IsMetaProperty(property.Tag)) Bag.Add(property);
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        data.ResetWrittenCount();
        (longTag, longName) = (tag, name);
        stored = open.Peek() is MapiAttachment && tag == PropertyTags.AttachDataBinary ? makeStore?.Invoke() : null;
        if (stored is null && (held += length) > mostHeld)
            throw new MapiProtocolException($"The message holds more than {mostHeld:N0} bytes beside the content of its attachments.");
    }

    public void PropertyData(ReadOnlySpan<byte> data)
    {
        if (stored is null) this.data.Write(data);
        else stored.Written.Write(data);
    }

    public void EndProperty()
    {
        if (stored is null) Property(new PropertyValue(longTag, Decode(longTag.Type, data.WrittenSpan), longName));
        else ((MapiAttachment)open.Peek()).Content = stored.Open;
    }

    private bool IsUntouched =>
        open.Count == 1 && message is { Properties.Count: 0, Recipients.Count: 0, Attachments.Count: 0 };

    private PropertyBag Bag => open.Peek() switch
    {
        MapiMessage parent => parent.Properties,
        MapiAttachment attachment => attachment.Properties,
        var recipient => (PropertyBag)recipient,
    };

    private static object Decode(PropertyType type, ReadOnlySpan<byte> bytes) =>
        FastTransferLexis.IsMultiple(type) ? MultipleValue.Read(type, bytes) : PropertyCodec.Read(type, bytes);

    private static T Added<T>(List<T> list, T item)
    {
        list.Add(item);
        return item;
    }

    private MapiProtocolException Misplaced(string what)
    {
        var where = ended ? "after the message" : open.Peek() switch { MapiMessage => "in a message", MapiAttachment => "in an attachment", _ => "in a recipient" };
        return new MapiProtocolException($"The FastTransfer stream has {what} {where}, where it can't be.");
    }
}
