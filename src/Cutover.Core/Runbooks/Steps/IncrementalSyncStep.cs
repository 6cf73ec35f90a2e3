using Cutover.Core.Batches;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Carries what changed at the source since the last pass: new, changed, moved, deleted and read items.</summary>
public sealed class IncrementalSyncStep(CutoverPlan plan, IMigrationService migration, TimeProvider clock)
    : RunbookStep("incremental-sync", "Carry what changed meanwhile")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var since = clock.GetUtcNow();
        await migration.SyncNowAsync(plan.BatchName, ct);
        var report = SyncOutcome.Require(await migration.WaitUntilSyncedAsync(plan.BatchName, since, ct));
        return StepEvidence.Of($"{report.Status}: {report.Users.Sum(user => user.ItemsIncremental):N0} changes carried in {report.Users.Count} mailboxes");
    }
}
