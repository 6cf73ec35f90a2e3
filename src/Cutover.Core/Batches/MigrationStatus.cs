namespace Cutover.Core.Batches;

/// <summary>Microsoft's own status values of a migration batch. The Complet… values are the final state after removal.</summary>
public enum MigrationBatchStatus
{
    Created,
    Waiting,
    Starting,
    Syncing,
    Synced,
    SyncedWithErrors,
    IncrementalSyncing,
    Stopping,
    Stopped,
    Failed,
    Removing,
    Corrupted,
    Completing,
    Completed,
    CompletedWithErrors,
}

/// <summary>Microsoft's own status values of a migration user.</summary>
public enum MigrationUserStatus
{
    Queued,
    Validating,
    Provisioning,
    ProvisionUpdating,
    Starting,
    Syncing,
    Synced,
    IncrementalSyncing,
    IncrementalSynced,
    IncrementalFailed,
    Stopping,
    Stopped,
    Failed,
    Corrupted,
    Removing,
    Completed,
    CompletedWithWarnings,
}
