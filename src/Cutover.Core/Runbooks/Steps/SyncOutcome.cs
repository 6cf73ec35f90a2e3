using Cutover.Core.Batches;
using Cutover.Core.Faults;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Whether a batch came through a sync.</summary>
internal static class SyncOutcome
{
    /// <summary>The batch itself when every mailbox came through, else a fault that names each that did not.</summary>
    public static BatchStatus Require(BatchStatus batch)
    {
        var failed = batch.Users.Where(user => user.Summary is MigrationStatusSummary.Failed or MigrationStatusSummary.Stopped).ToList();
        if (failed.Count == 0) return batch;
        throw new MigrationFault(FaultScope.Operator,
            $"{failed.Count} of {batch.Users.Count} mailboxes did not sync: {string.Join("; ", failed.Select(user => $"{user.User.Name}: {user.Error}"))}",
            string.Join(" ", failed.Select(user => user.NextStep).Distinct()));
    }

    /// <summary>Fails unless every mailbox was synced after mail began to arrive at the target (S69).</summary>
    public static void RequireSyncedSince(DateTimeOffset switched, BatchStatus batch)
    {
        if (batch.Users.FirstOrDefault(user => user.LastSynced is not { } last || last < switched) is { } late)
            throw new MigrationFault(FaultScope.Operator,
                $"{late.User.Name} was last synced {late.LastSynced:u}, before the switch of {switched:u} (S69).", "Run again: it is synced once more.");
    }
}
