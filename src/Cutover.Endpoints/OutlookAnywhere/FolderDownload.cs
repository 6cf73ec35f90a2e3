using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// Reads what changed in one folder. A message that the server can't give in the synchronisation is asked for by itself; where the synchronisation stops
/// altogether, the messages that it did not give are asked for one by one until it goes on. docs/protocols/emsmdb.md
/// </summary>
internal sealed class FolderDownload(
    FolderKey folder, ContentsSyncState reached, FolderFingerprint? fingerprint, SourceReading reading, string spoolDirectory,
    Func<FolderChange, Task> write)
{
    /// <summary>What an <see cref="ItemInfo"/> is made of.</summary>
    private static readonly PropertyTag[] HeaderProperties =
    [
        PropertyTags.MessageClass, PropertyTags.Subject, PropertyTags.MessageFlags, PropertyTags.MessageDeliveryTime, PropertyTags.ClientSubmitTime,
        PropertyTags.CreationTime,
    ];

    private bool hasUnreadable;
    private Queue<MessageChange>? suspects;

    /// <summary>
    /// Reads to the end and returns true, or false when the connection has carried what it may: then go on over another. Channels end after about 1 GB,
    /// and a folder can be larger. Source: [MS-RPCH] 3.2.2.1.
    /// </summary>
    public async Task<bool> RunAsync(MailboxLogon logon, ObjectId id, CancellationToken ct)
    {
        for (var asked = 1; ; asked *= 2)
        {
            using var collector = new FolderChangeCollector(folder, logon.Replicas, reached, reading.Addresses, spoolDirectory);
            try
            {
                return await SynchronizeAsync(logon, id, collector, ct);
            }
            catch (MapiException e) when (IsAboutContent(e))
            {
                await TakeAsync(new ItemRescue(logon, id, folder, reading, spoolDirectory), collector, ct);
                if (collector.Finished > 0) asked = 1;
                if (!await RescueNextAsync(logon, id, asked, ct)) throw;
            }
        }
    }

    /// <summary>True for an error that the content of a message causes, not the server's state.</summary>
    private static bool IsAboutContent(MapiException e) =>
        e.Operation == $"Rop{RopId.FastTransferSourceGetBuffer}"
        && e.ErrorCode is not (MapiErrorCode.ServerBusy or MapiErrorCode.MdbOffline or MapiErrorCode.NullObject or MapiErrorCode.AccessDenied);

    private async Task<bool> SynchronizeAsync(MailboxLogon logon, ObjectId id, FolderChangeCollector collector, CancellationToken ct)
    {
        var reader = new ContentsSyncReader(collector);
        var lexer = new FastTransferLexer(reader);
        var rescue = new ItemRescue(logon, id, folder, reading, spoolDirectory);
        // A copy of the state: the one that is uploaded must not grow while it is on its way.
        await foreach (var piece in logon.SynchronizeContentsAsync(id, reached.Clone(), Options(), ct))
        {
            lexer.Feed(piece.Span);
            await TakeAsync(rescue, collector, ct);
            if (logon.Session.NearEndOfLife && !reader.HasEnded && collector.Finished > 0) return false;
        }
        lexer.Complete();
        reader.Complete();
        var ended = new SourceCheckpoint(collector.Ended ?? reached, hasUnreadable ? null : fingerprint);
        await write(new Checkpoint(ended.Write()));
        return true;
    }

    private ContentsSyncOptions Options()
    {
        var options = new ContentsSyncOptions();
        if (reading.IncludesAssociated) options = options with { Flags = options.Flags | SynchronizationFlags.FolderAssociated };
        return reading.PassesThrough
            ? options with { Flags = options.Flags | SynchronizationFlags.OnlySpecifiedProperties, Properties = HeaderProperties }
            : options;
    }

    private async Task TakeAsync(ItemRescue rescue, FolderChangeCollector collector, CancellationToken ct)
    {
        while (collector.TryTake(out var change))
        {
            if (reading.PassesThrough && change is Upserted header) await PassThroughAsync(rescue.Raw, header, ct);
            else await write(change);
        }
        while (collector.TryTakeFailed(out var failed))
        {
            if (await RescueAsync(rescue, failed, ct)) collector.Rescued(failed.Change);
        }
    }

    private async Task PassThroughAsync(RawCopy raw, Upserted header, CancellationToken ct)
    {
        await using (header.Item)
        {
            var change = await raw.ReadAsync(header.Item.Info, folder, ct);
            hasUnreadable |= change is Unreadable;
            await write(change);
        }
    }

    /// <summary>Tries a message by itself and writes what came of it; true when it came whole.</summary>
    private async Task<bool> RescueAsync(ItemRescue rescue, FailedMessage failed, CancellationToken ct)
    {
        var change = await rescue.ReadAsync(failed, ct);
        hasUnreadable |= change is Unreadable;
        await write(change);
        return change is Upserted;
    }

    /// <summary>
    /// Takes the next messages that the synchronisation did not give, in the order in which it goes, and counts them as given whatever came of them. False
    /// when there are none, so that the synchronisation fails for another reason.
    /// </summary>
    private async Task<bool> RescueNextAsync(MailboxLogon logon, ObjectId id, int count, CancellationToken ct)
    {
        suspects ??= new Queue<MessageChange>(await ListAsync(logon, id, ct));
        var rescue = new ItemRescue(logon, id, folder, reading, spoolDirectory);
        var tried = 0;
        while (tried < count && suspects.TryDequeue(out var suspect))
        {
            if (suspect.IsIn(reached)) continue;
            await RescueAsync(rescue, new FailedMessage(suspect, MapiErrorCode.CorruptData, Recorder: null), ct);
            suspect.AddTo(reached);
            tried++;
        }
        return tried > 0;
    }

    /// <summary>The messages in scope: associated ones first, then by change number, as servers send them.</summary>
    private async Task<IReadOnlyList<MessageChange>> ListAsync(MailboxLogon logon, ObjectId id, CancellationToken ct)
    {
        var found = new List<MessageChange>();
        if (reading.IncludesAssociated)
            await foreach (var row in logon.GetAssociatedContentsAsync(id, SourceItems.Columns, ct)) found.Add(SourceItems.Change(logon, row, isAssociated: true));
        await foreach (var row in logon.GetContentsAsync(id, SourceItems.Columns, ct)) found.Add(SourceItems.Change(logon, row, isAssociated: false));
        return [.. found.OrderBy(change => !change.IsAssociated).ThenBy(change => change.Change.Counter)];
    }
}
