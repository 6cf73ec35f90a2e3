using Cutover.Core.Batches;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Carries what changed at the source since the last pass: new, changed, moved, deleted and read items.</summary>
public sealed class IncrementalSyncStep(CutoverPlan plan, IMigrationService migration, TimeProvider clock)
    : RunbookStep("incremental-sync", "Carry what changed meanwhile")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var since = clock.GetUtcNow();
        await migration.SyncNowAsync(plan.BatchName, "run-book", ct);
        var batch = SyncOutcome.Require(await migration.WaitUntilSyncedAsync(plan.BatchName, since, ct));
        return StepEvidence.Of($"{batch.Status}: {batch.Counts.IncrementalItems:N0} changes carried in {batch.Users.Count} mailboxes");
    }
}
