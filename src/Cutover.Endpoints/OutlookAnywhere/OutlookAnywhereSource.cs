using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// A mailbox on an Exchange server, read over Outlook Anywhere: folders from the hierarchy table, changes by ICS, the truth for
/// verification from the
/// contents tables. After its connection broke it connects again at the next call.
/// </summary>
internal sealed class OutlookAnywhereSource(
    MailboxLogon opened, Func<CancellationToken, Task<MailboxLogon>> open, SourceMailbox mailbox, SourceReading reading,
    string spoolDirectory) : IMailboxSource
{
    /// <summary>Items that may wait between the wire and whoever copies them; each holds at most 256 KiB of memory.</summary>
    private const int ItemsAhead = 16;

    private readonly Dictionary<FolderKey, FolderFingerprint> fingerprints = [];
    private MailboxLogon? logon = opened;
    private long finishedCalls;

    public MailboxCapabilities Capabilities { get; } = new(SupportsReadState: true, SupportsExport: false, MaxConcurrentRequests: 1);

    public long RoundTrips => finishedCalls + (logon?.Session.Calls ?? 0);

    private string Subject => $"mailbox {mailbox.PrimarySmtpAddress}";

    public async Task<long> GetSizeAsync(CancellationToken ct) => await GuardAsync(ReadSizeAsync, ct).SingleAsync(ct);

    public IAsyncEnumerable<MailboxFolder> GetFoldersAsync(CancellationToken ct) => GuardAsync(ReadFoldersAsync, ct);

    public IAsyncEnumerable<ItemInfo> GetItemsAsync(FolderKey folder, CancellationToken ct) =>
        GuardAsync((logon, ct) => ReadItemsAsync(logon, folder, ct), ct);

    public async IAsyncEnumerable<FolderChange> GetChangesAsync(FolderKey folder, SyncState? since, [EnumeratorCancellation] CancellationToken ct)
    {
        // A listing speaks for one reading of the folder: by the next it may have changed again.
        FolderFingerprint? fingerprint = fingerprints.Remove(folder, out var listed) ? listed : null;
        var changes = Channel.CreateBounded<FolderChange>(ItemsAhead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var download = DownloadAsync(folder, since, fingerprint, changes.Writer, stop.Token, ct);
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

    public async Task<MailboxSettings> GetSettingsAsync(IReadOnlyList<MailboxFolder> folders, CancellationToken ct) =>
        await GuardAsync((logon, ct) => ReadSettingsAsync(logon, folders, ct), ct).SingleAsync(ct);

    public async ValueTask DisposeAsync()
    {
        if (logon is not null) await DropAsync();
    }

    private static ValueTask DisposeAsync(FolderChange change) => change switch
    {
        Upserted { Item: var item } => item.DisposeAsync(),
        Unreadable { Partial: { } partial } => partial.DisposeAsync(),
        _ => ValueTask.CompletedTask,
    };

    /// <summary>
    /// Reads the wire into the channel until the end, an error or <paramref name="stop"/>; never throws, the channel carries the error.
    /// </summary>
    private async Task DownloadAsync(
        FolderKey folder, SyncState? since, FolderFingerprint? fingerprint, ChannelWriter<FolderChange> changes, CancellationToken stop, CancellationToken ct)
    {
        try
        {
            var checkpoint = SourceCheckpoint.Read(since);
            if (IsUnchanged(checkpoint, fingerprint)) await changes.WriteAsync(new Checkpoint(Unchanged(checkpoint, fingerprint)), stop);
            else await DownloadAsync(folder, checkpoint?.State, fingerprint, changes, stop, ct);
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

    private async Task DownloadAsync(
        FolderKey folder, ContentsSyncState? since, FolderFingerprint? fingerprint, ChannelWriter<FolderChange> changes, CancellationToken stop,
        CancellationToken ct)
    {
        Task Write(FolderChange change) => WriteAsync(changes, change, stop);
        var download = new FolderDownload(folder, since?.Clone() ?? new ContentsSyncState(), fingerprint, reading, spoolDirectory, Write);
        for (var logon = await LogonAsync(ct); !await download.RunAsync(logon, IdOf(logon, folder), ct); logon = await LogonAsync(ct)) await DropAsync();
    }

    /// <summary>True when the listing tells that nothing changed since the checkpoint, or that there is nothing to begin with.</summary>
    private bool IsUnchanged(SourceCheckpoint? checkpoint, FolderFingerprint? fingerprint) => fingerprint is { } listed
        && (checkpoint is null ? listed.IsEmpty || (listed.Items == 0 && !reading.IncludesAssociated) : checkpoint.Folder == listed);

    private static SyncState Unchanged(SourceCheckpoint? checkpoint, FolderFingerprint? fingerprint) =>
        (checkpoint ?? new SourceCheckpoint(new ContentsSyncState(), fingerprint)).Write();

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
        // Everything is read before the first is given: who receives the folders may read their items meanwhile, and lose the connection over it.
        var folders = await new FolderListing(logon).ReadAsync(reading.Scope, ct);
        fingerprints.Clear();
        foreach (var (folder, fingerprint) in folders)
        {
            if (fingerprint is { } known) fingerprints[folder.Key] = known;
        }
        foreach (var (folder, _) in folders) yield return folder;
    }

    private async IAsyncEnumerable<ItemInfo> ReadItemsAsync(MailboxLogon logon, FolderKey folder, [EnumeratorCancellation] CancellationToken ct)
    {
        var id = IdOf(logon, folder);
        if (reading.IncludesAssociated)
        {
            await foreach (var row in logon.GetAssociatedContentsAsync(id, SourceItems.Columns, ct)) yield return Item(logon, row, isAssociated: true);
        }
        await foreach (var row in logon.GetContentsAsync(id, SourceItems.Columns, ct)) yield return Item(logon, row, isAssociated: false);
    }

    private static async IAsyncEnumerable<long> ReadSizeAsync(MailboxLogon logon, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return await logon.GetSizeAsync(ct) ?? 0;
    }

    private async IAsyncEnumerable<MailboxSettings> ReadSettingsAsync(
        MailboxLogon logon, IReadOnlyList<MailboxFolder> folders, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return await new SettingsReader(logon, reading.Addresses, mailbox.PrimarySmtpAddress).ReadAsync(folders, ct);
    }

    private static ItemInfo Item(MailboxLogon logon, PropertyBag row, bool isAssociated) =>
        SourceItems.Info(SourceItems.Change(logon, row, isAssociated), row);

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
