using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

/// <summary>What a synchronising client knows of a message.</summary>
public sealed record Replica(string? Subject, bool IsRead, bool IsAssociated, ulong ChangeNumber);

/// <summary>A client's copy of one folder, kept by contents synchronisations and nothing else.</summary>
public sealed class SyncClient(MailboxStore mailbox, EmsmdbClient client, long folder)
{
    public const SynchronizationFlags All = SynchronizationFlags.Unicode | SynchronizationFlags.Normal | SynchronizationFlags.FolderAssociated
        | SynchronizationFlags.ReadState | SynchronizationFlags.NoForeignIdentifiers;

    public const SynchronizationExtraFlags Headers =
        SynchronizationExtraFlags.Eid | SynchronizationExtraFlags.MessageSize | SynchronizationExtraFlags.ChangeNumber;

    public SynchronizationFlags Flags { get; set; } = All;

    public SynchronizationExtraFlags ExtraFlags { get; set; } = Headers;

    public SendOptions SendOptions { get; set; } = SendOptions.Unicode | SendOptions.ForceUnicode;

    public IReadOnlyList<PropertyTag> Tags { get; set; } = [];

    public Dictionary<ulong, Replica> Messages { get; } = [];

    public ContentsSyncState State { get; set; } = new();

    /// <summary>The streams that came, for a second opinion.</summary>
    public List<byte[]> Streams { get; } = [];

    /// <summary>What the last synchronisation brought.</summary>
    public SyncResult Last { get; private set; } = new(mailbox);

    public async Task<SyncResult> SynchronizeAsync(int maximumOutput = 0x40000, ushort bufferSize = ushort.MaxValue)
    {
        var stream = await client.DownloadAsync(await ConfigureAsync(), maximumOutput, bufferSize);
        Streams.Add(stream);
        Last = Read(stream, stream.Length);
        Apply(Last);
        State = Last.FinalState!;
        return Last;
    }

    /// <summary>Loses the connection after so many bytes: keeps the messages that came whole and notes them in its state.</summary>
    public async Task SynchronizePartlyAsync(int part, int parts)
    {
        var stream = await client.DownloadAsync(await ConfigureAsync());
        Last = Read(stream, (int)((long)stream.Length * part / parts));
        Apply(Last with { Deleted = [], Read = [], Unread = [] });
        if (Last.FinalState is not null) return;
        var state = State.Clone();
        foreach (var (id, message) in Last.Changed)
        {
            state.Given.Add(mailbox.ReplicaGuid, id);
            (message.IsAssociated ? state.SeenFai : state.Seen).Add(mailbox.ReplicaGuid, message.ChangeNumber);
        }
        State = state;
    }

    /// <summary>Opens the folder, configures the download and uploads the state in one call.</summary>
    public async Task<uint> ConfigureAsync()
    {
        var requests = new List<RopRequest>
        {
            new OpenFolderRequest(0, 1, EmsmdbClient.IdOf(folder)),
            new SynchronizationConfigureRequest(1, 2, SynchronizationType.Contents, SendOptions, Flags, ExtraFlags, Tags),
            new ReleaseRequest(1),
        };
        foreach (var property in State.ToProperties()) requests.AddRange(Upload((byte[])property.Value, property.Tag));
        var reply = await client.CallAsync([client.Logon, RopBuffer.NoHandle, RopBuffer.NoHandle], [.. requests]);
        Assert.Equal(0u, reply.Result);
        Assert.All(reply.Responses, response => Assert.Equal(0u, response.ReturnValue));
        return reply.Handles[2];
    }

    private static IEnumerable<RopRequest> Upload(byte[] bytes, PropertyTag tag)
    {
        yield return new UploadStateStreamBeginRequest(2, tag, (uint)bytes.Length);
        // In two pieces, since a server must put pieces together.
        yield return new UploadStateStreamContinueRequest(2, bytes.AsMemory(0, bytes.Length / 2));
        yield return new UploadStateStreamContinueRequest(2, bytes.AsMemory(bytes.Length / 2));
        yield return new UploadStateStreamEndRequest(2);
    }

    private SyncResult Read(byte[] stream, int length)
    {
        var result = new SyncResult(mailbox);
        var lexer = new FastTransferLexer(new ContentsSyncReader(result));
        lexer.Feed(stream.AsSpan(0, length));
        return result;
    }

    private void Apply(SyncResult result)
    {
        foreach (var (id, message) in result.Changed) Messages[id] = message;
        foreach (var id in result.Deleted) Messages.Remove(id);
        foreach (var id in result.Read) Messages[id] = Messages[id] with { IsRead = true };
        foreach (var id in result.Unread) Messages[id] = Messages[id] with { IsRead = false };
    }
}

/// <summary>What one synchronisation stream says.</summary>
public sealed record SyncResult(MailboxStore Mailbox) : IContentsSyncHandler
{
    private PropertyBag header = [];
    private MapiMessageBuilder builder = new();

    public Dictionary<ulong, Replica> Changed { get; init; } = [];

    public Dictionary<ulong, MapiMessage> Contents { get; init; } = [];

    public List<PropertyBag> MessageHeaders { get; init; } = [];

    public List<PropertyBag> Folders { get; init; } = [];

    public List<PropertyBag> Errors { get; init; } = [];

    /// <summary>Those no longer in scope among them.</summary>
    public List<ulong> Deleted { get; init; } = [];

    public List<ulong> NoLongerInScope { get; } = [];

    public List<ulong> Read { get; init; } = [];

    public List<ulong> Unread { get; init; } = [];

    public ContentsSyncState? FinalState { get; private set; }

    public void BeginMessage(PropertyBag message) => (header, builder) = (message, new MapiMessageBuilder());

    public void EndMessage()
    {
        var content = builder.Build();
        var id = IdSet.ReadXid((byte[])header[PropertyTags.SourceKey]!).Counter;
        MessageHeaders.Add(header);
        Contents.Add(id, content);
        Changed.Add(id, new Replica(
            content.Properties.GetString(PropertyTags.Subject),
            (content.Properties.GetInteger(PropertyTags.MessageFlags) & 1) == 1,
            (bool)header[PropertyTags.Associated]!,
            IdSet.ReadXid((byte[])header[PropertyTags.ChangeKey]!).Counter));
    }

    public void MessageFailed(PropertyBag error) => Errors.Add(error);

    public void FolderChanged(PropertyBag folder) => Folders.Add(folder);

    void IContentsSyncHandler.Deleted(PropertyTag kind, byte[] idset)
    {
        var ids = Ids(idset);
        Deleted.AddRange(ids);
        if (kind == PropertyTags.MetaTagIdsetNoLongerInScope) NoLongerInScope.AddRange(ids);
    }

    public void ReadStateChanged(byte[] idset, bool isRead) => (isRead ? Read : Unread).AddRange(Ids(idset));

    public void State(ContentsSyncState state) => FinalState = state;

    public void End() { }

    public void Marker(FastTransferMarker marker) => builder.Marker(marker);

    public void Property(PropertyValue property) => builder.Property(property);

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length) => builder.BeginProperty(tag, name, length);

    public void PropertyData(ReadOnlySpan<byte> data) => builder.PropertyData(data);

    public void EndProperty() => builder.EndProperty();

    private List<ulong> Ids(byte[] idset) => IdSet.ParseReplIds(idset, _ => Mailbox.ReplicaGuid).Ranges
        .SelectMany(range => Enumerable.Range(0, (int)(range.High - range.Low) + 1).Select(i => range.Low + (ulong)i)).ToList();
}
