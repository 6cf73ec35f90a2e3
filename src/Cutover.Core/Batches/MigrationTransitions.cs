using System.Collections.Frozen;
using B = Cutover.Core.Batches.MigrationBatchStatus;
using BE = Cutover.Core.Batches.MigrationBatchEvent;
using U = Cutover.Core.Batches.MigrationUserStatus;
using UE = Cutover.Core.Batches.MigrationUserEvent;

namespace Cutover.Core.Batches;

/// <summary>What can happen to a migration user.</summary>
public enum MigrationUserEvent
{
    /// <summary>The administrator starts it (again).</summary>
    Start,

    /// <summary>Both endpoints gave a permit.</summary>
    Admitted,

    /// <summary>Both mailboxes opened.</summary>
    Validated,

    /// <summary>Its mailbox at the target is being made.</summary>
    ProvisioningStarted,
    Provisioned,
    PassStarted,
    PassFinished,

    /// <summary>A pass ended on something that only an operator can mend.</summary>
    PassFailed,

    /// <summary>The process ended in the middle; the ledger says where to go on.</summary>
    Restarted,
    Stop,
    Halted,
    Remove,
    Removed,
    RemovedWithWarnings,
    Corrupt,
}

/// <summary>What can happen to a migration batch; most of it is a reading of its users.</summary>
public enum MigrationBatchEvent
{
    Start,

    /// <summary>Every unfinished user waits for a permit.</summary>
    UsersWaiting,
    UsersSyncing,
    UsersIncrementalSyncing,
    AllSynced,
    SomeFailed,
    AllFailed,
    Stop,
    Halted,
    Remove,
    Removed,
    RemovedWithErrors,
    Corrupt,
}

/// <summary>The one table of which event moves which status where. What is not in it does not happen.</summary>
public static class MigrationTransitions
{
    private static readonly U[] Unfinished = [U.Queued, U.Validating, U.Provisioning, U.ProvisionUpdating, U.Starting, U.Syncing];
    private static readonly U[] AfterSynced = [U.Synced, U.IncrementalSynced, U.IncrementalFailed];
    private static readonly B[] Running = [B.Waiting, B.Starting, B.Syncing, B.Synced, B.SyncedWithErrors, B.IncrementalSyncing, B.Failed];

    private static readonly FrozenDictionary<(U, UE), U> Users = BuildUsers();
    private static readonly FrozenDictionary<(B, BE), B> Batches = BuildBatches();

    /// <summary>Where the event leads from here; null when it means nothing here.</summary>
    public static U? Next(this U status, UE happened) => Users.TryGetValue((status, happened), out var next) ? next : null;

    /// <summary>Where the event leads from here; null when it means nothing here.</summary>
    public static B? Next(this B status, BE happened) => Batches.TryGetValue((status, happened), out var next) ? next : null;

    /// <summary>What the statuses of a batch's users say about the batch.</summary>
    /// <param name="users">How many users have each status; none have one that is left out.</param>
    public static BE Reading(IReadOnlyDictionary<U, int> users)
    {
        var present = users.Where(entry => entry.Value > 0).Select(entry => entry.Key).ToList();
        if (present.Any(u => u.IsInitialSync()))
            return present.Where(u => u.IsInitialSync()).All(u => u == U.Queued) ? BE.UsersWaiting : BE.UsersSyncing;
        if (present.Contains(U.IncrementalSyncing))
            return BE.UsersIncrementalSyncing;
        var failed = present.Where(u => u.Summary() == MigrationStatusSummary.Failed).ToList();
        return failed.Count == 0 ? BE.AllSynced : failed.Count == present.Count ? BE.AllFailed : BE.SomeFailed;
    }

    private static FrozenDictionary<(U, UE), U> BuildUsers()
    {
        var table = new Dictionary<(U, UE), U>
        {
            [(U.Queued, UE.Admitted)] = U.Validating,
            [(U.Validating, UE.ProvisioningStarted)] = U.Provisioning,
            [(U.Provisioning, UE.Provisioned)] = U.Starting,
            [(U.ProvisionUpdating, UE.Provisioned)] = U.Starting,
            [(U.Validating, UE.Validated)] = U.Starting,
            [(U.Starting, UE.PassStarted)] = U.Syncing,
            [(U.Syncing, UE.PassFinished)] = U.Synced,
            [(U.IncrementalSyncing, UE.PassFinished)] = U.IncrementalSynced,
            [(U.IncrementalSyncing, UE.PassFailed)] = U.IncrementalFailed,
            [(U.IncrementalSyncing, UE.Restarted)] = U.Synced,
            [(U.Stopping, UE.Halted)] = U.Stopped,
            [(U.Stopped, UE.Start)] = U.Queued,
            [(U.Failed, UE.Start)] = U.Queued,
            [(U.IncrementalFailed, UE.Start)] = U.Synced,
            [(U.Removing, UE.Removed)] = U.Completed,
            [(U.Removing, UE.RemovedWithWarnings)] = U.CompletedWithWarnings,
        };
        foreach (var status in Unfinished)
            (table[(status, UE.PassFailed)], table[(status, UE.Restarted)]) = (U.Failed, U.Queued);
        foreach (var status in AfterSynced)
            (table[(status, UE.PassStarted)], table[(status, UE.PassFailed)]) = (U.IncrementalSyncing, U.IncrementalFailed);
        foreach (var status in Unfinished.Concat(AfterSynced).Append(U.IncrementalSyncing))
            table[(status, UE.Stop)] = U.Stopping;
        foreach (var status in Enum.GetValues<U>().Except([U.Removing, U.Completed, U.CompletedWithWarnings]))
            (table[(status, UE.Remove)], table[(status, UE.Corrupt)]) = (U.Removing, U.Corrupted);
        return table.ToFrozenDictionary();
    }

    private static FrozenDictionary<(B, BE), B> BuildBatches()
    {
        var table = new Dictionary<(B, BE), B>
        {
            [(B.Created, BE.Start)] = B.Starting,
            [(B.Stopped, BE.Start)] = B.Starting,
            [(B.Failed, BE.Start)] = B.Starting,
            [(B.SyncedWithErrors, BE.Start)] = B.Starting,
            [(B.Stopping, BE.Halted)] = B.Stopped,
            [(B.Removing, BE.Removed)] = B.Completed,
            [(B.Removing, BE.RemovedWithErrors)] = B.CompletedWithErrors,
        };
        foreach (var status in Running)
        {
            table[(status, BE.UsersSyncing)] = B.Syncing;
            table[(status, BE.UsersIncrementalSyncing)] = B.IncrementalSyncing;
            table[(status, BE.AllSynced)] = B.Synced;
            table[(status, BE.SomeFailed)] = B.SyncedWithErrors;
            table[(status, BE.AllFailed)] = B.Failed;
            table[(status, BE.Stop)] = B.Stopping;
        }

        // A batch that was seen syncing goes on syncing while the next users wait for their turn.
        foreach (var status in Running.Except([B.Syncing]))
            table[(status, BE.UsersWaiting)] = B.Waiting;
        foreach (var status in Enum.GetValues<B>().Except([B.Removing, B.Completed, B.CompletedWithErrors]))
            (table[(status, BE.Remove)], table[(status, BE.Corrupt)]) = (B.Removing, B.Corrupted);
        return table.ToFrozenDictionary();
    }
}
