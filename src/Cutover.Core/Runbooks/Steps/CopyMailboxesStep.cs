using Cutover.Core.Batches;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Creates the cutover batch and copies every mailbox until all are Synced (S56–S62).</summary>
public sealed class CopyMailboxesStep(CutoverPlan plan, IMigrationService migration, CutoverJournal journal)
    : RunbookStep("copy-mailboxes", "Copy every mailbox")
{
    /// <summary>Connection settings may have changed since; the batch goes on with today's.</summary>
    public override async Task<StepEvidence?> CheckAsync(StepRecord recorded, CancellationToken ct)
    {
        await EnsureBatchAsync(ct);
        return recorded.Evidence;
    }

    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        await EnsureBatchAsync(ct);
        await migration.StartAsync(plan.BatchName, "run-book", ct);
        var batch = SyncOutcome.Require(await migration.WaitUntilSyncedAsync(plan.BatchName, DateTimeOffset.MinValue, ct));
        return StepEvidence.Of(
            $"{batch.Status}: {batch.Users.Count} mailboxes, {batch.Counts.Items:N0} items, {batch.Counts.Skipped:N0} skipped",
            [.. batch.Users.Select(user => (user.User.Name, $"{user.Status}: {user.Counts.Items} of {user.ItemsTotal} items"))]);
    }

    private async Task EnsureBatchAsync(CancellationToken ct)
    {
        var mailboxes = await journal.GetMailboxesAsync(ct);
        await migration.EnsureBatchAsync(
            new MigrationBatch(plan.BatchName, await journal.GetSourceAsync(ct), plan.Target,
                [.. mailboxes.Select(mailbox => new MigrationUser(mailbox.Source, mailbox.Target))]), ct);
    }
}
