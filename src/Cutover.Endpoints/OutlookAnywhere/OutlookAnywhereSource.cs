using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// A mailbox on an Exchange server, read over Outlook Anywhere: folders from the hierarchy table, changes by ICS, the truth for
/// verification from the
/// contents tables. After its connection broke it connects again at the next call.
/// </summary>
internal sealed class OutlookAnywhereSource(
    MailboxLogon opened, Func<CancellationToken, Task<MailboxLogon>> open, SourceMailbox mailbox, string spoolDirectory) : IMailboxSource
{
    /// <summary>Items that may wait between the wire and whoever copies them; each holds at most 256 KiB of memory.</summary>
    private const int ItemsAhead = 16;

    private const int MessageFlagRead = 0x0001;
    private const int SearchFolder = 2;

    private static readonly PropertyTag[] FolderColumns =
    [
        PropertyTags.FolderId, PropertyTags.ParentFolderId, PropertyTags.DisplayName, PropertyTags.ContainerClass, PropertyTags.FolderType,
        PropertyTags.ContentCount,
    ];

    private static readonly PropertyTag[] ItemColumns =
    [
        PropertyTags.Mid, PropertyTags.ChangeNumber, PropertyTags.MessageFlags, PropertyTags.MessageClass, PropertyTags.Subject,
        PropertyTags.MessageDeliveryTime, PropertyTags.CreationTime, PropertyTags.MessageSize,
    ];

    private MailboxLogon? logon = opened;
    private long finishedCalls;

    public MailboxCapabilities Capabilities { get; } = new(SupportsReadState: true, SupportsExport: false, MaxConcurrentRequests: 1);

    public long RoundTrips => finishedCalls + (logon?.Session.Calls ?? 0);

    private string Subject => $"mailbox {mailbox.PrimarySmtpAddress}";

    public IAsyncEnumerable<MailboxFolder> GetFoldersAsync(CancellationToken ct) => GuardAsync(ReadFoldersAsync, ct);

    public IAsyncEnumerable<ItemInfo> GetItemsAsync(FolderKey folder, CancellationToken ct) =>
        GuardAsync((logon, ct) => ReadItemsAsync(logon, folder, ct), ct);

    public async IAsyncEnumerable<FolderChange> GetChangesAsync(FolderKey folder, SyncState? since, [EnumeratorCancellation] CancellationToken ct)
    {
        var changes = Channel.CreateBounded<FolderChange>(ItemsAhead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var download = DownloadAsync(folder, since, changes.Writer, stop.Token, ct);
        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(ct)) yield return change;
        }
        finally
        {
            // The call that is under way is let finish: only then can the connection be used again.
            await stop.CancelAsync();
            while (changes.Reader.TryRead(out var left)) await DisposeAsync(left);
            await download;
            while (changes.Reader.TryRead(out var left)) await DisposeAsync(left);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (logon is not null) await DropAsync();
    }

    private static ValueTask DisposeAsync(FolderChange change) =>
        change is Upserted upserted ? upserted.Item.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>
    /// Reads the wire into the channel until the end, an error or <paramref name="stop"/>; never throws, the channel carries the error.
    /// </summary>
    private async Task DownloadAsync(
        FolderKey folder, SyncState? since, ChannelWriter<FolderChange> changes, CancellationToken stop, CancellationToken ct)
    {
        try
        {
            for (var reached = SourceCheckpoint.Read(since); ;)
            {
                reached = await DownloadAsync(await LogonAsync(ct), folder, reached, changes, stop, ct);
                if (reached is null) break;
                await DropAsync();
            }
            changes.Complete();
        }
        catch (OperationCanceledException e) when (stop.IsCancellationRequested)
        {
            if (ct.IsCancellationRequested) await DropAsync();
            changes.Complete(e);
        }
        catch (Exception e)
        {
            changes.Complete(await FaultAsync(e));
        }
    }

    /// <summary>
    /// Reads to the end and returns null, or as far as the connection may carry and returns the state to go on from: channels end after
    /// about 1 GB,
    /// and a folder can be larger. Source: [MS-RPCH] 3.2.2.1.
    /// </summary>
    private async Task<ContentsSyncState?> DownloadAsync(
        MailboxLogon logon, FolderKey folder, ContentsSyncState? since, ChannelWriter<FolderChange> changes, CancellationToken stop, CancellationToken ct)
    {
        using var collector = new FolderChangeCollector(folder, logon.Replicas, since, spoolDirectory);
        var reader = new ContentsSyncReader(collector);
        var lexer = new FastTransferLexer(reader);
        await foreach (var piece in logon.SynchronizeContentsAsync(IdOf(logon, folder), since, new ContentsSyncOptions(), ct))
        {
            lexer.Feed(piece.Span);
            while (collector.TryTake(out var change)) await WriteAsync(changes, change, stop);
            stop.ThrowIfCancellationRequested();
            if (logon.Session.NearEndOfLife && !reader.HasEnded && collector.HasProgressed) return collector.Reached;
        }
        lexer.Complete();
        reader.Complete();
        return null;
    }

    private static async Task WriteAsync(ChannelWriter<FolderChange> changes, FolderChange change, CancellationToken stop)
    {
        try
        {
            await changes.WriteAsync(change, stop);
        }
        catch
        {
            await DisposeAsync(change);
            throw;
        }
    }

    private async IAsyncEnumerable<MailboxFolder> ReadFoldersAsync(MailboxLogon logon, [EnumeratorCancellation] CancellationToken ct)
    {
        var rootId = logon.Response.Folder(LogonFolder.IpmSubtree);
        var roles = await SpecialFolders.FindAsync(logon, ct);
        var root = await logon.GetFolderPropertiesAsync(rootId, FolderColumns, ct);
        var children = new Dictionary<long, List<PropertyBag>>();
        await foreach (var row in logon.GetHierarchyAsync(rootId, FolderColumns, ct)) AddChild(children, row);
        // Everything is read by now: who receives the folders may read their items meanwhile, and lose the connection over it.
        yield return Folder(logon, root.Set(PropertyTags.FolderId, rootId.ToInt64()), parent: null, roles);
        var open = new Queue<long>([rootId.ToInt64()]);
        while (open.TryDequeue(out var parent))
        {
            foreach (var row in children.GetValueOrDefault(parent) ?? [])
            {
                var folder = Folder(logon, row, SourceKeys.FolderKey(logon.Replicas.ToLongTerm(new ObjectId(parent))), roles);
                open.Enqueue((long)row[PropertyTags.FolderId]!);
                yield return folder;
            }
        }
    }

    /// <summary>Tables come in any order; search folders hold nothing of their own.</summary>
    private static void AddChild(Dictionary<long, List<PropertyBag>> children, PropertyBag row)
    {
        if (row.GetInteger(PropertyTags.FolderType) == SearchFolder) return;
        if (row[PropertyTags.FolderId] is not long || row[PropertyTags.ParentFolderId] is not long parent)
            throw new MapiProtocolException("A row of the hierarchy table has no folder id");
        if (!children.TryGetValue(parent, out var rows)) children.Add(parent, rows = []);
        rows.Add(row);
    }

    private static MailboxFolder Folder(
        MailboxLogon logon, PropertyBag row, FolderKey? parent, IReadOnlyDictionary<LongTermId, FolderRole> roles)
    {
        var id = logon.Replicas.ToLongTerm(new ObjectId((long)row[PropertyTags.FolderId]!));
        return new MailboxFolder(
            SourceKeys.FolderKey(id),
            parent,
            row.GetString(PropertyTags.DisplayName) ?? "",
            roles.GetValueOrDefault(id, FolderRole.None),
            row.GetString(PropertyTags.ContainerClass) ?? "IPF.Note",
            row.GetInteger(PropertyTags.ContentCount) ?? 0);
    }

    private async IAsyncEnumerable<ItemInfo> ReadItemsAsync(MailboxLogon logon, FolderKey folder, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in logon.GetContentsAsync(IdOf(logon, folder), ItemColumns, ct)) yield return Item(logon, row);
    }

    private static ItemInfo Item(MailboxLogon logon, PropertyBag row)
    {
        if (row[PropertyTags.Mid] is not long mid || row[PropertyTags.ChangeNumber] is not long changeNumber)
            throw new MapiProtocolException("A row of the contents table has no message id or change number");
        return new ItemInfo(
            SourceKeys.ItemKey(logon.Replicas.ToLongTerm(new ObjectId(mid))),
            SourceKeys.Version(logon.Replicas.ToLongTerm(new ObjectId(changeNumber))),
            ((row.GetInteger(PropertyTags.MessageFlags) ?? 0) & MessageFlagRead) != 0,
            row.GetString(PropertyTags.MessageClass) ?? "IPM.Note",
            row.GetString(PropertyTags.Subject),
            (row[PropertyTags.MessageDeliveryTime] ?? row[PropertyTags.CreationTime]) is DateTime time ? time : null,
            (uint)(row.GetInteger(PropertyTags.MessageSize) ?? 0));
    }

    private ObjectId IdOf(MailboxLogon logon, FolderKey folder) =>
        LongTermId.TryParse(folder.Value, out var id) && logon.Replicas.FromLongTerm(id) is { } shortId
            ? shortId
            : throw OutlookAnywhereFaults.FolderKeyUnknown(folder.Value, Subject);

    /// <summary>Runs a reading of the mailbox and turns its errors into faults.</summary>
    private async IAsyncEnumerable<T> GuardAsync<T>(
        Func<MailboxLogon, CancellationToken, IAsyncEnumerable<T>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        IAsyncEnumerator<T>? rows = null;
        try
        {
            while (true)
            {
                try
                {
                    rows ??= read(await LogonAsync(ct), ct).GetAsyncEnumerator(ct);
                    if (!await rows.MoveNextAsync()) yield break;
                }
                catch (OperationCanceledException) when (ct.IsCancellationRequested)
                {
                    await DropAsync();
                    throw;
                }
                catch (Exception e)
                {
                    throw await FaultAsync(e);
                }
                yield return rows.Current;
            }
        }
        finally
        {
            if (rows is not null) await rows.DisposeAsync();
        }
    }

    private async Task<MailboxLogon> LogonAsync(CancellationToken ct)
    {
        if (logon is { Session.NearEndOfLife: true }) await DropAsync();
        return logon ??= await open(ct);
    }

    /// <summary>The fault that an error is. A server that only said no keeps its connection.</summary>
    private async Task<MigrationFault> FaultAsync(Exception e)
    {
        if (e is not (MigrationFault or IOException or UnauthorizedAccessException) && !IsAnswer(e)) await DropAsync();
        return OutlookAnywhereFaults.Of(e, Subject);
    }

    private static bool IsAnswer(Exception e) =>
        e is MapiException { ErrorCode: not (MapiErrorCode.RpcContextMismatch or MapiErrorCode.RpcServerUnavailable) };

    private async Task DropAsync()
    {
        if (logon is not { } dropped) return;
        logon = null;
        await dropped.DisposeAsync();
        finishedCalls += dropped.Session.Calls;
    }
}
