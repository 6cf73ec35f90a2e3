using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
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
internal sealed class FolderChangeCollector(FolderKey folder, ReplicaTable replicas, ContentsSyncState reached, IAddressNames? names, string spoolDirectory)
    : IContentsSyncHandler, IDisposable
{
    /// <summary>
    /// Messages, or bytes of them, between two checkpoints. A state grows with the messages in it, so the more have come the more lie between two: at
    /// most a fortieth of what came has to come again.
    /// </summary>
    private const int CheckpointInterval = 100;

    private const int CheckpointShare = 40;
    private const long CheckpointBytes = 32 << 20;

    private readonly Queue<FolderChange> ready = [];
    private readonly Queue<FailedMessage> failed = [];
    private readonly List<MessageChange> rescued = [];
    private Message? current;
    private int sinceCheckpoint;
    private long bytesSinceCheckpoint;

    /// <summary>Messages finished; with one of them starting again gets further.</summary>
    public int Finished { get; private set; }

    /// <summary>The state at the end, as the server gave it; null before.</summary>
    public ContentsSyncState? Ended { get; private set; }

    /// <summary>The next change that is complete.</summary>
    public bool TryTake(out FolderChange change) => ready.TryDequeue(out change!);

    public void BeginMessage(PropertyBag header)
    {
        if (header[PropertyTags.Mid] is not long mid || header[PropertyTags.ChangeNumber] is not long changeNumber)
            throw new MapiProtocolException("A message came without its id and change number, which were asked for");
        var change = new MessageChange(
            new ObjectId(mid), replicas.ToLongTerm(new ObjectId(mid)), replicas.ToLongTerm(new ObjectId(changeNumber)),
            header[PropertyTags.Associated] is true, header[PropertyTags.MessageSize] is int bytes ? (uint)bytes : 0L);
        current = new Message(change, new ItemRecorder(change.Describe(folder), names, spoolDirectory));
    }

    public void EndMessage()
    {
        var (change, recorder) = Current;
        current = null;
        ready.Enqueue(new Upserted(recorder.Complete()));
        change.AddTo(reached);
        Finished++;
        bytesSinceCheckpoint += change.Size;
        if (++sinceCheckpoint < Math.Max(CheckpointInterval, Finished / CheckpointShare) && bytesSinceCheckpoint < CheckpointBytes) return;
        (sinceCheckpoint, bytesSinceCheckpoint) = (0, 0);
        ready.Enqueue(new Checkpoint(new SourceCheckpoint(reached, null).Write()));
    }

    public void MessageFailed(PropertyBag error)
    {
        failed.Enqueue(new FailedMessage(current?.Change ?? ChangeOf(ErrorInfo.MessageOf(error)), ErrorInfo.CodeOf(error), current?.Recorder));
        current = null;
    }

    /// <summary>The next message that the server could not give; its recorder is the caller's.</summary>
    public bool TryTakeFailed(out FailedMessage message) => failed.TryDequeue(out message!);

    /// <summary>Tells that a message that failed was had in another way: it need not come again.</summary>
    public void Rescued(MessageChange change)
    {
        change.AddTo(reached);
        if (Ended is { } ended) change.AddTo(ended);
        else rescued.Add(change);
        Finished++;
    }

    public void FolderChanged(PropertyBag folder) => throw new MapiProtocolException("A folder came in a synchronisation of messages");

    public void Deleted(PropertyTag kind, byte[] idset) =>
        ready.Enqueue(new Deleted(new IdSetItemKeys(IdSet.ParseReplIds(idset, replicas.ReplicaOf))));

    public void ReadStateChanged(byte[] idset, bool isRead) =>
        ready.Enqueue(new ReadStateChanged(new IdSetItemKeys(IdSet.ParseReplIds(idset, replicas.ReplicaOf)), isRead));

    public void State(ContentsSyncState state)
    {
        foreach (var change in rescued) change.AddTo(state);
        Ended = state;
    }

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
        foreach (var message in failed) message.Recorder?.Dispose();
        ready.Clear();
        failed.Clear();
    }

    private Message Current => current ?? throw new MapiProtocolException("Content of a message came outside a message");

    private MessageChange ChangeOf(LongTermId id) => new(replicas.FromLongTerm(id) ?? default, id, default, IsAssociated: false, Size: 0);

    private sealed record Message(MessageChange Change, ItemRecorder Recorder);
}

/// <summary>A change of a message, as the header of its synchronisation or a row of the contents table tells it.</summary>
/// <param name="Change">Its change number; nothing when it is not known.</param>
internal readonly record struct MessageChange(ObjectId ShortId, LongTermId Id, LongTermId Change, bool IsAssociated, long Size)
{
    public RecordedMessage Describe(FolderKey folder) =>
        new(folder, SourceKeys.ItemKey(Id), Change == default ? "" : SourceKeys.Version(Change), Size, IsAssociated);

    /// <summary>Marks the change as seen.</summary>
    public void AddTo(ContentsSyncState state)
    {
        state.Given.Add(Id.Replica, Id.Counter);
        if (Change == default) return;
        (IsAssociated ? state.SeenFai : state.Seen).Add(Change.Replica, Change.Counter);
        state.Read.Add(Change.Replica, Change.Counter);
    }

    public bool IsIn(ContentsSyncState state) => (IsAssociated ? state.SeenFai : state.Seen).Contains(Change.Replica, Change.Counter);
}

/// <summary>A message that the server could not give, why, and as far as it came.</summary>
internal sealed record FailedMessage(MessageChange Change, uint ErrorCode, ItemRecorder? Recorder);
