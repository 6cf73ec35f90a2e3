namespace Cutover.Core.Batches;

/// <summary>The short form of a status that overviews show.</summary>
public enum MigrationStatusSummary
{
    Active,
    Completed,
    Failed,
    Stopped,
    Synced,
}

/// <summary>Readings of a status.</summary>
public static class MigrationStatusReadings
{
    public static MigrationStatusSummary Summary(this MigrationUserStatus status) => status switch
    {
        MigrationUserStatus.Synced or MigrationUserStatus.IncrementalSyncing or MigrationUserStatus.IncrementalSynced => MigrationStatusSummary.Synced,
        MigrationUserStatus.Failed or MigrationUserStatus.IncrementalFailed or MigrationUserStatus.Corrupted => MigrationStatusSummary.Failed,
        MigrationUserStatus.Stopping or MigrationUserStatus.Stopped => MigrationStatusSummary.Stopped,
        MigrationUserStatus.Completed or MigrationUserStatus.CompletedWithWarnings => MigrationStatusSummary.Completed,
        _ => MigrationStatusSummary.Active,
    };

    public static MigrationStatusSummary Summary(this MigrationBatchStatus status) => status switch
    {
        MigrationBatchStatus.Synced or MigrationBatchStatus.SyncedWithErrors or MigrationBatchStatus.IncrementalSyncing => MigrationStatusSummary.Synced,
        MigrationBatchStatus.Failed or MigrationBatchStatus.Corrupted => MigrationStatusSummary.Failed,
        MigrationBatchStatus.Stopping or MigrationBatchStatus.Stopped => MigrationStatusSummary.Stopped,
        MigrationBatchStatus.Completed or MigrationBatchStatus.CompletedWithErrors => MigrationStatusSummary.Completed,
        _ => MigrationStatusSummary.Active,
    };

    /// <summary>True while the first full copy has yet to finish.</summary>
    public static bool IsInitialSync(this MigrationUserStatus status) => status
        is MigrationUserStatus.Queued or MigrationUserStatus.Validating or MigrationUserStatus.Provisioning
        or MigrationUserStatus.ProvisionUpdating or MigrationUserStatus.Starting or MigrationUserStatus.Syncing;

    /// <summary>True once a removed batch's user or batch reached its final state.</summary>
    public static bool IsFinal(this MigrationBatchStatus status) => status.Summary() == MigrationStatusSummary.Completed;
}
