using System.Buffers.Binary;
using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// Makes folder changes of a contentsSync as it comes. Every so many messages it adds a checkpoint of its own: the state that the download
/// began with and
/// what is finished since, because Exchange 2010 and later give no state in mid-download. Source: [MS-OXCFXICS] 3.3.5.5.
/// </summary>
internal sealed class FolderChangeCollector(FolderKey folder, ReplicaTable replicas, ContentsSyncState? since, string spoolDirectory)
    : IContentsSyncHandler, IDisposable
{
    /// <summary>Messages, or bytes of them, between two checkpoints.</summary>
    public const int CheckpointInterval = 100;

    private const long CheckpointBytes = 32 << 20;

    private readonly Queue<FolderChange> ready = [];
    private readonly ContentsSyncState state = since?.Clone() ?? new ContentsSyncState();
    private Message? current;
    private int finished;
    private int sinceCheckpoint;
    private long bytesSinceCheckpoint;

    /// <summary>The state to go on from after the messages that are finished.</summary>
    public ContentsSyncState Reached => state;

    /// <summary>True when at least one message is finished, so that starting again gets further.</summary>
    public bool HasProgressed => finished > 0;

    /// <summary>The next change that is complete.</summary>
    public bool TryTake(out FolderChange change) => ready.TryDequeue(out change!);

    public void BeginMessage(PropertyBag header)
    {
        if (header[PropertyTags.Mid] is not long mid || header[PropertyTags.ChangeNumber] is not long changeNumber)
            throw new MapiProtocolException("A message came without its id and change number, which were asked for");
        var id = replicas.ToLongTerm(new ObjectId(mid));
        var change = replicas.ToLongTerm(new ObjectId(changeNumber));
        var size = header[PropertyTags.MessageSize] is int bytes ? (uint)bytes : 0L;
        current = new Message(id, change, size, new ItemRecorder(folder, SourceKeys.ItemKey(id), SourceKeys.Version(change), size, spoolDirectory));
    }

    public void EndMessage()
    {
        var message = Current;
        current = null;
        ready.Enqueue(new Upserted(message.Recorder.Complete()));
        state.Given.Add(message.Id.Replica, message.Id.Counter);
        state.Seen.Add(message.Change.Replica, message.Change.Counter);
        state.Read.Add(message.Change.Replica, message.Change.Counter);
        finished++;
        bytesSinceCheckpoint += message.Size;
        if (++sinceCheckpoint < CheckpointInterval && bytesSinceCheckpoint < CheckpointBytes) return;
        (sinceCheckpoint, bytesSinceCheckpoint) = (0, 0);
        ready.Enqueue(new Checkpoint(SourceCheckpoint.Write(state)));
    }

    public void MessageFailed(PropertyBag error)
    {
        var info = error.Select(property => property.Value).OfType<byte[]>().FirstOrDefault();
        var id = current?.Id ?? MessageOf(info);
        var code = info is { Length: >= 8 } ? BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(4)) : 0;
        var version = current is null ? "" : SourceKeys.Version(current.Change);
        var item = new ItemInfo(SourceKeys.ItemKey(id), version, IsRead: false, ItemClass: "", Subject: null, Received: null, current?.Size ?? 0);
        current?.Recorder.Dispose();
        current = null;
        ready.Enqueue(new Unreadable(item, OutlookAnywhereFaults.UnreadableItem(id, code)));
    }

    public void FolderChanged(PropertyBag folder) => throw new MapiProtocolException("A folder came in a synchronisation of messages");

    public void Deleted(PropertyTag kind, byte[] idset) =>
        ready.Enqueue(new Deleted(new IdSetItemKeys(IdSet.ParseReplIds(idset, replicas.ReplicaOf))));

    public void ReadStateChanged(byte[] idset, bool isRead) =>
        ready.Enqueue(new ReadStateChanged(new IdSetItemKeys(IdSet.ParseReplIds(idset, replicas.ReplicaOf)), isRead));

    public void State(ContentsSyncState state) => ready.Enqueue(new Checkpoint(SourceCheckpoint.Write(state)));

    public void End() { }

    public void Marker(FastTransferMarker marker) => Current.Recorder.Content.Marker(marker);

    public void Property(PropertyValue property) => Current.Recorder.Content.Property(property);

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length) =>
        Current.Recorder.Content.BeginProperty(tag, name, length);

    public void PropertyData(ReadOnlySpan<byte> data) => Current.Recorder.Content.PropertyData(data);

    public void EndProperty() => Current.Recorder.Content.EndProperty();

    /// <summary>Frees what nobody took.</summary>
    public void Dispose()
    {
        current?.Recorder.Dispose();
        current = null;
        foreach (var upserted in ready.OfType<Upserted>()) (upserted.Item as IDisposable)?.Dispose();
        ready.Clear();
    }

    private Message Current => current ?? throw new MapiProtocolException("Content of a message came outside a message");

    /// <summary>The message that an ExtendedErrorInfo names. Source: [MS-OXCFXICS] 2.2.2.10.</summary>
    private static LongTermId MessageOf(byte[]? info)
    {
        const int messageGidOffset = 32, gidSize = 22;
        if (info is null || info.Length < messageGidOffset + gidSize) return default;
        var (replica, counter) = IdSet.ReadXid(info.AsSpan(messageGidOffset, gidSize));
        return new LongTermId(replica, counter);
    }

    private sealed record Message(LongTermId Id, LongTermId Change, long Size, ItemRecorder Recorder);
}
