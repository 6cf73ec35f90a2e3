using System.Buffers;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// Reads a whole contentsSync or hierarchySync. The order of header properties does not matter to it, since servers differ there.
/// Source: [MS-OXCFXICS] 2.2.4.3, 2.2.4.4.
/// </summary>
public sealed class ContentsSyncReader(IContentsSyncHandler handler) : IFastTransferHandler
{
    /// <summary>Bytes of a header or state value that are kept; a longer header value is left out, a longer state can't be.</summary>
    public const int HeaderValueLimit = 16 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> longValue = new();
    private PropertyBag properties = [];
    private PropertyTag longTag;
    private PropertyName? longName;
    private Section section;
    private MessageNesting nesting;
    private bool skips;

    private enum Section
    {
        Start,
        Progress,
        Header,
        Message,
        Error,
        Deletions,
        ReadStates,
        State,
        AfterState,
        Ended,
    }

    /// <summary>True once IncrSyncEnd came.</summary>
    public bool HasEnded => section == Section.Ended;

    public void Marker(FastTransferMarker marker)
    {
        switch (marker)
        {
            case FastTransferMarker.IncrSyncMessage when section == Section.Header: BeginMessage(); break;
            case FastTransferMarker.IncrSyncStateEnd when section == Section.State: EndState(); break;
            case FastTransferMarker.IncrSyncEnd when section == Section.AfterState: End(); break;
            case FastTransferMarker.FXErrorInfo: Fail(); break;
            case FastTransferMarker.IncrSyncChgPartial or FastTransferMarker.IncrSyncGroupInfo:
                throw new MapiProtocolException("The server sends a message in parts (IncrSyncChgPartial), which was not asked for.");
            default:
                if (SectionOf(marker) is { } next) Begin(next, marker);
                else PassOn(marker);
                break;
        }
    }

    public void Property(PropertyValue property)
    {
        if (FastTransferLexis.IsMetaProperty(property.Tag)) return;
        switch (section)
        {
            case Section.Message: handler.Property(property); break;
            case Section.Header or Section.Error or Section.State: properties.Add(property); break;
            case Section.Deletions: handler.Deleted(property.Tag, Bytes(property)); break;
            case Section.ReadStates: AcceptReadState(property); break;
            case Section.Progress: break;
            default: throw Misplaced($"property {property.Tag}");
        }
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        (longTag, longName) = (tag, name);
        skips = FastTransferLexis.IsMetaProperty(tag) || (section == Section.Header && length > HeaderValueLimit);
        if (skips) return;
        if (section == Section.Message) handler.BeginProperty(tag, name, length);
        else if (length <= HeaderValueLimit) longValue.ResetWrittenCount();
        else throw new MapiProtocolException($"Property {tag} takes more than {HeaderValueLimit} bytes.");
    }

    public void PropertyData(ReadOnlySpan<byte> data)
    {
        if (skips) return;
        if (section == Section.Message) handler.PropertyData(data);
        else longValue.Write(data);
    }

    public void EndProperty()
    {
        if (skips) return;
        if (section == Section.Message) handler.EndProperty();
        else Property(new PropertyValue(longTag, Value(), longName));
    }

    /// <summary>Tells that the stream has ended.</summary>
    /// <exception cref="MapiProtocolException">IncrSyncEnd did not come.</exception>
    public void Complete()
    {
        if (!HasEnded) throw new MapiProtocolException("The synchronisation stream ends before IncrSyncEnd.");
    }

    private static Section? SectionOf(FastTransferMarker marker) => marker switch
    {
        FastTransferMarker.IncrSyncProgressMode or FastTransferMarker.IncrSyncProgressPerMsg => Section.Progress,
        FastTransferMarker.IncrSyncChg => Section.Header,
        FastTransferMarker.IncrSyncDel => Section.Deletions,
        FastTransferMarker.IncrSyncRead => Section.ReadStates,
        FastTransferMarker.IncrSyncStateBegin => Section.State,
        _ => null,
    };

    private void Begin(Section next, FastTransferMarker marker)
    {
        if (section >= Section.State || !nesting.IsClosed) throw Misplaced(marker.ToString());
        if (section >= Section.Deletions && next < Section.Deletions) throw Misplaced(marker.ToString());
        EndChange();
        properties = [];
        section = next;
    }

    /// <summary>The end of a change shows only by what comes next.</summary>
    private void EndChange()
    {
        if (section == Section.Message) handler.EndMessage();
        else if (section == Section.Header) handler.FolderChanged(properties);
        else if (section == Section.Error) handler.MessageFailed(properties);
    }

    private void BeginMessage()
    {
        section = Section.Message;
        handler.BeginMessage(properties);
        properties = [];
    }

    // An error may cut a message off anywhere: unwind to the level of messages.
    private void Fail()
    {
        if (section is Section.Start or Section.Progress or Section.Header or Section.Message or Section.Error)
        {
            if (section == Section.Error) handler.MessageFailed(properties);
            (nesting, properties, section) = (default, [], Section.Error);
            return;
        }
        throw Misplaced(nameof(FastTransferMarker.FXErrorInfo));
    }

    private void EndState()
    {
        handler.State(ContentsSyncState.FromProperties(properties));
        section = Section.AfterState;
    }

    private void End()
    {
        section = Section.Ended;
        handler.End();
    }

    private void PassOn(FastTransferMarker marker)
    {
        if (section != Section.Message || !nesting.TryEnter(marker)) throw Misplaced(marker.ToString());
        handler.Marker(marker);
    }

    private void AcceptReadState(PropertyValue property)
    {
        if (property.Tag.Id == PropertyTags.MetaTagIdsetRead.Id) handler.ReadStateChanged(Bytes(property), isRead: true);
        else if (property.Tag.Id == PropertyTags.MetaTagIdsetUnread.Id) handler.ReadStateChanged(Bytes(property), isRead: false);
    }

    private object Value() =>
        FastTransferLexis.IsMultiple(longTag.Type) ? MultipleValue.Read(longTag.Type, longValue.WrittenSpan)
            : PropertyCodec.Read(longTag.Type, longValue.WrittenSpan);

    private static byte[] Bytes(PropertyValue property) =>
        property.Value as byte[] ?? throw new MapiProtocolException($"Property {property.Tag} should be binary.");

    private MapiProtocolException Misplaced(string what) => new($"The synchronisation stream has {what} in its part {section}, where it can't be.");
}
