using Cutover.Core.Batches;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Creates the cutover batch and copies every mailbox until all are Synced (S56–S62).</summary>
public sealed class CopyMailboxesStep(CutoverPlan plan, IMigrationService migration, CutoverJournal journal)
    : RunbookStep("copy-mailboxes", "Copy every mailbox")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var mailboxes = await journal.GetMailboxesAsync(ct);
        await migration.EnsureBatchAsync(
            new BatchDefinition(plan.BatchName, await journal.GetSourceAsync(ct), plan.Target,
                [.. mailboxes.Select(mailbox => new BatchMailbox(mailbox.Source, mailbox.Target))]), ct);
        await migration.StartAsync(plan.BatchName, ct);
        var report = SyncOutcome.Require(await migration.WaitUntilSyncedAsync(plan.BatchName, since: null, ct));
        return StepEvidence.Of(
            $"{report.Status}: {report.Users.Count} mailboxes, {report.Users.Sum(user => user.ItemsCopied):N0} items, {report.Users.Sum(user => user.ItemsSkipped):N0} skipped",
            [.. report.Users.Select(user => (user.PrimarySmtpAddress, $"{user.Status}: {user.ItemsCopied} of {user.ItemsTotal} items"))]);
    }
}
