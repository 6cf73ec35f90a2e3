using Cutover.Core.Batches;
using Cutover.Core.Faults;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Whether a batch came through a sync.</summary>
internal static class SyncOutcome
{
    /// <summary>The report itself when no mailbox failed, else a fault that names each.</summary>
    public static MigrationBatchStatusReport Require(MigrationBatchStatusReport report)
    {
        var failed = report.Users.Where(user => user.Status is MigrationUserStatus.Failed or MigrationUserStatus.IncrementalFailed
            or MigrationUserStatus.Corrupted or MigrationUserStatus.Stopped).ToList();
        if (failed.Count == 0) return report;
        throw new MigrationFault(FaultScope.Operator,
            $"{failed.Count} of {report.Users.Count} mailboxes did not sync: {string.Join("; ", failed.Select(user => $"{user.PrimarySmtpAddress}: {user.Error}"))}",
            "Mend what the messages name, then run again: it goes on where it was.");
    }
}
