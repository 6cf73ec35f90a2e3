using Cutover.Core.Mailboxes;

namespace Cutover.Core.Ledger;

/// <summary>
/// The truth about one mailbox of one batch: which item is where, in which version, and how far each folder is read. A call's effect is durable
/// when its task ends; calls made side by side share one commit. Calls may be made side by side, but not two for the same item.
/// Once a later pass has begun, everything that changes the ledger fails with <see cref="SupersededPassException"/> in the earlier one.
/// </summary>
public interface IItemLedger
{
    /// <summary>
    /// Begins a pass. What earlier passes recorded and no checkpoint covered becomes unsettled: the source may have lost it since without ever
    /// telling.
    /// </summary>
    Task BeginPassAsync(CancellationToken ct);

    /// <summary>Every folder that has a counterpart at the target.</summary>
    Task<IReadOnlyList<LedgerFolder>> GetFoldersAsync(CancellationToken ct);

    /// <summary>Records the folder; what was known of it (but not its sync state) is replaced.</summary>
    Task SaveFolderAsync(LedgerFolder folder, CancellationToken ct);

    /// <summary>Forgets the folder and its sync state. Its items' entries stay.</summary>
    Task RemoveFolderAsync(FolderKey folder, CancellationToken ct);

    /// <summary>The state of the last checkpoint; null when the folder is to be read from the beginning.</summary>
    Task<SyncState?> GetSyncStateAsync(FolderKey folder, CancellationToken ct);

    /// <summary>Saves the state and, in the same step, settles what this pass recorded in the folder.</summary>
    Task SaveCheckpointAsync(FolderKey folder, SyncState state, CancellationToken ct);

    /// <summary>What an earlier pass recorded in the folder, no checkpoint covers, and this pass did not record again; deleted ones left out.</summary>
    IAsyncEnumerable<LedgerEntry> GetUnsettledAsync(FolderKey folder, CancellationToken ct);

    /// <summary>Settles everything recorded in the folder, whatever the pass.</summary>
    Task SettleAsync(FolderKey folder, CancellationToken ct);

    /// <summary>What is known of the item; null when nothing is.</summary>
    Task<LedgerEntry?> FindAsync(ItemKey key, CancellationToken ct);

    /// <summary>Every entry of the folder that is not deleted.</summary>
    IAsyncEnumerable<LedgerEntry> GetEntriesAsync(FolderKey folder, CancellationToken ct);

    /// <summary>Records the entry in place of what was known of its item, as part of this pass.</summary>
    Task RecordAsync(LedgerEntry entry, CancellationToken ct);

    Task<LedgerTotals> GetTotalsAsync(CancellationToken ct);
}
