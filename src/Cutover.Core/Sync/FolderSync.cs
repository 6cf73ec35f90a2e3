using System.Diagnostics;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;

namespace Cutover.Core.Sync;

/// <summary>Carries what changed in one folder of the source since its last checkpoint.</summary>
internal sealed class FolderSync(IMailboxSource source, IItemLedger ledger, ItemCopier copier, LedgerFolder folder, int concurrency)
{
    private readonly InFlight inFlight = new(concurrency);

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            var since = await ledger.GetSyncStateAsync(folder.Key, ct);
            await foreach (var change in source.GetChangesAsync(folder.Key, since, ct))
                await ApplyAsync(change, ct);
            await inFlight.DrainAsync();
        }
        finally
        {
            await inFlight.SettleAsync();
        }

        await ReconcileUnsettledAsync(ct);
    }

    private Task ApplyAsync(FolderChange change, CancellationToken ct) => change switch
    {
        Upserted(var item) => HandOverAsync(item.Info.Key, item, () => copier.CopyAsync(item, folder.Counterpart, ct)),
        Unreadable unreadable =>
            HandOverAsync(unreadable.Item.Key, unreadable.Partial, () => copier.SkipUnreadableAsync(folder.Key, unreadable, ct)),
        ReadStateChanged(var items, var isRead) => ForEachAsync(items, entry => copier.SetReadStateAsync(entry, isRead, ct), ct),
        Deleted(var items) => ForEachAsync(items, entry => copier.DeleteAsync(entry, folder.Counterpart, ct), ct),
        Checkpoint(var state) => SaveAsync(state, ct),
        _ => throw new UnreachableException(),
    };

    /// <summary>Starts what is to be done with an item, which is disposed when it is done or was never begun.</summary>
    private async Task HandOverAsync(ItemKey key, MailboxItem? item, Func<Task> act)
    {
        var handedOver = false;
        try
        {
            await inFlight.AddAsync(key, () =>
            {
                handedOver = true;
                return ActAndDisposeAsync(item, act);
            });
        }
        finally
        {
            if (!handedOver && item is not null)
                await item.DisposeAsync();
        }
    }

    private static async Task ActAndDisposeAsync(MailboxItem? item, Func<Task> act)
    {
        await using (item)
            await act();
    }

    /// <summary>The set may be ranges without end, so the folder's own entries are held against it.</summary>
    private async Task ForEachAsync(ItemKeySet items, Func<LedgerEntry, Task> act, CancellationToken ct)
    {
        await inFlight.DrainAsync();
        await foreach (var entry in ledger.GetEntriesAsync(folder.Key, ct))
        {
            if (items.Contains(entry.Key))
                await inFlight.AddAsync(entry.Key, () => act(entry));
        }

        await inFlight.DrainAsync();
    }

    private async Task SaveAsync(SyncState state, CancellationToken ct)
    {
        await inFlight.DrainAsync();
        await ledger.SaveCheckpointAsync(folder.Key, state, ct);
    }

    /// <summary>
    /// A source tells of deletions and read states only against what a checkpoint covers. What a pass did before it was cut short, and the source
    /// undid before the next one, must therefore be found by looking.
    /// </summary>
    private async Task ReconcileUnsettledAsync(CancellationToken ct)
    {
        Dictionary<ItemKey, bool>? readStates = null;
        await foreach (var entry in ledger.GetUnsettledAsync(folder.Key, ct))
        {
            readStates ??= await source.GetItemsAsync(folder.Key, ct).ToDictionaryAsync(item => item.Key, item => item.IsRead, cancellationToken: ct);
            if (!readStates.TryGetValue(entry.Key, out var isRead))
                await copier.DeleteAsync(entry, folder.Counterpart, ct);
            else
                await copier.SetReadStateAsync(entry, isRead, ct);
        }

        if (readStates is not null)
            await ledger.SettleAsync(folder.Key, ct);
    }
}
