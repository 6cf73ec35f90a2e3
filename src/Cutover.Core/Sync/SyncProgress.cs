using Cutover.Core.Ledger;

namespace Cutover.Core.Sync;

/// <summary>A mailbox's progress at a moment of a pass.</summary>
/// <param name="Folder">The folder being copied; null before the first and after the last.</param>
/// <param name="ItemsTotal">Items as the source counts them.</param>
/// <param name="ItemsDone">Items copied or skipped, in this and all earlier passes.</param>
/// <param name="ItemsPerSecond">Over the last half minute.</param>
/// <param name="BytesPerSecond">Over the last half minute, of item streams.</param>
/// <param name="Before">The ledger as the pass found it.</param>
/// <param name="TimeLeft">At that rate; null when nothing moves or nothing is left.</param>
/// <param name="WaitingUntil">When the target asked us to come back; null when it did not.</param>
public sealed record SyncProgress(
    string? Folder, long ItemsTotal, long ItemsDone, double ItemsPerSecond, double BytesPerSecond, TimeSpan? TimeLeft, LedgerTotals Before,
    SyncPass Pass, DateTimeOffset? WaitingUntil)
{
    /// <summary>What is being tried again, and why; null when nothing is.</summary>
    public string? Retrying { get; init; }
}

/// <summary>What one pass did.</summary>
/// <param name="Created">Items that the target did not have.</param>
/// <param name="Replaced">Items of which the target had an older version.</param>
/// <param name="Unchanged">Items that the source sent again and the target had already.</param>
/// <param name="Bytes">Bytes of item streams uploaded.</param>
public sealed record SyncPass(
    long Created, long Replaced, long Unchanged, long Skipped, long Deleted, long ReadStates, long Folders, long Bytes)
{
    public static SyncPass Nothing { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Items that this pass created, replaced, deleted, or marked read or unread.</summary>
    public long Changes => Created + Replaced + Deleted + ReadStates;
}

/// <summary>Hears how a mailbox's copy goes on. Called often and from several threads; must return at once.</summary>
public interface ISyncObserver
{
    void OnProgress(SyncProgress progress);
}
