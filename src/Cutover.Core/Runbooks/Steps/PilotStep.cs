using Cutover.Core.Batches;
using Cutover.Core.Faults;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>
/// Copies and verifies a few mailboxes first and asks a person before the rest follows (S83's one batch, tried in small). They stay in the batch and are kept
/// in step with the rest.
/// </summary>
public sealed class PilotStep(CutoverPlan plan, IMigrationService migration, CutoverJournal journal, IApprovals approvals)
    : RunbookStep("pilot", "Copy the pilot mailboxes")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var pilots = await FindAsync(ct);
        await migration.EnsureBatchAsync(new MigrationBatch(plan.BatchName, await journal.GetSourceAsync(ct), plan.Target, pilots) { SkipLimit = plan.SkipLimit }, ct);
        await migration.StartAsync(plan.BatchName, "run-book", ct);
        var batch = SyncOutcome.Require(await migration.WaitUntilSyncedAsync(plan.BatchName, DateTimeOffset.MinValue, ct));
        progress.Report($"{batch.Users.Count} mailboxes with {batch.Counts.Items:N0} items are copied; reading them back");
        var verified = await migration.VerifyAsync(plan.BatchName, await journal.GetLeftBehindAsync(ct), null, ct);
        var score = $"{verified.Score}: {verified.Totals.Verified:N0} of {verified.Totals.SourceItems:N0} items read back equal";
        var approvedBy = await approvals.AskAsync($"The pilot mailboxes are {score}. Copy all others", ct);
        return StepEvidence.Of(score, [("approvedBy", approvedBy), .. verified.Mailboxes.Select(mailbox => (mailbox.User.Name, $"{mailbox.Score}, receipt {mailbox.ReceiptPath}"))]);
    }

    private async Task<IReadOnlyList<MigrationUser>> FindAsync(CancellationToken ct)
    {
        var all = (await journal.GetMailboxesAsync(ct)).ToLookup(mailbox => mailbox.Source.PrimarySmtpAddress, StringComparer.OrdinalIgnoreCase);
        var unknown = plan.PilotMailboxes.Where(pilot => !all.Contains(pilot)).ToList();
        if (unknown.Count > 0)
            throw new MigrationFault(FaultScope.Operator, $"These pilot mailboxes are not among those that move: {string.Join(", ", unknown)}.", "Name them by their primary SMTP address at the source.");
        return [.. plan.PilotMailboxes.SelectMany(pilot => all[pilot]).Select(mailbox => mailbox.ToUser())];
    }
}
