using Cutover.Core.Batches;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>
/// Keeps syncing while senders may still use the old MX (S66), then carries the last of it: every mailbox synced later than the switch (S69).
/// </summary>
public sealed class LastSyncStep(CutoverPlan plan, IMigrationService migration, CutoverJournal journal, TimeProvider clock)
    : RunbookStep("last-sync", "Last sync after the switch")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var switched = await journal.GetSwitchedAsync(ct);
        var (until, interval) = (switched + plan.MailRoutingWait, plan.IncrementalSyncInterval);
        while (clock.GetUtcNow() is var now && now < until)
        {
            progress.Report($"Senders may use the old MX until {until:u}; syncing every {interval.TotalMinutes:N0} minutes");
            await Task.Delay(until - now < interval ? until - now : interval, clock, ct);
            await SyncAsync(ct);
        }
        var batch = await SyncAsync(ct);
        SyncOutcome.RequireSyncedSince(switched, batch);
        return StepEvidence.Of($"{batch.Status}: every mailbox synced after the switch of {switched:u}",
            [.. batch.Users.Select(user => (user.User.Name, $"last synced {user.LastSynced:u}"))]);
    }

    private async Task<BatchStatus> SyncAsync(CancellationToken ct)
    {
        var since = clock.GetUtcNow();
        await migration.SyncNowAsync(plan.BatchName, "run-book", ct);
        return SyncOutcome.Require(await migration.WaitUntilSyncedAsync(plan.BatchName, since, ct));
    }
}
