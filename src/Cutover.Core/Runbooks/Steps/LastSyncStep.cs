using Cutover.Core.Batches;
using Cutover.Core.Faults;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>
/// Keeps syncing while senders may still use the old MX (S66), then carries the last of it: every mailbox synced later than the switch (S69).
/// </summary>
public sealed class LastSyncStep(CutoverPlan plan, IMigrationService migration, CutoverJournal journal, TimeProvider clock)
    : RunbookStep("last-sync", "Last sync after the switch")
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var switched = await journal.GetSwitchedAsync(ct);
        var until = switched + plan.MailRoutingWait;
        while (clock.GetUtcNow() is var now && now < until)
        {
            progress.Report($"Senders may use the old MX until {until:u}; syncing every {Interval.TotalMinutes:N0} minutes");
            await Task.Delay(until - now < Interval ? until - now : Interval, clock, ct);
            await SyncAsync(ct);
        }
        var report = await SyncAsync(ct);
        Require(report, switched);
        return StepEvidence.Of($"{report.Status}: every mailbox synced after the switch of {switched:u}",
            [.. report.Users.Select(user => (user.PrimarySmtpAddress, $"last synced {user.LastSynced:u}"))]);
    }

    private async Task<MigrationBatchStatusReport> SyncAsync(CancellationToken ct)
    {
        var since = clock.GetUtcNow();
        await migration.SyncNowAsync(plan.BatchName, ct);
        return SyncOutcome.Require(await migration.WaitUntilSyncedAsync(plan.BatchName, since, ct));
    }

    private static void Require(MigrationBatchStatusReport report, DateTimeOffset switched)
    {
        if (report.Users.FirstOrDefault(user => user.LastSynced is not { } last || last < switched) is { } late)
            throw new MigrationFault(FaultScope.Operator,
                $"{late.PrimarySmtpAddress} was last synced {late.LastSynced:u}, before the switch of {switched:u}.", "Run again: it is synced once more.");
    }
}
