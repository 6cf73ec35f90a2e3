using Cutover.Core.Batches;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Compares every item with its original and writes the signed receipts.</summary>
public sealed class VerifyStep(CutoverPlan plan, IMigrationService migration, CutoverJournal journal)
    : RunbookStep("verify", "Verify every item and write the receipts")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var verified = await migration.VerifyAsync(plan.BatchName, await journal.GetLeftBehindAsync(ct), new MailboxesDone(progress), ct);
        await journal.SetVerificationAsync(verified, ct);
        var totals = verified.Totals;
        return StepEvidence.Of(
            $"{verified.Score}: {totals.Verified:N0} of {totals.SourceItems:N0} items read back equal, {totals.Missing:N0} missing, "
            + $"{totals.Duplicated:N0} duplicated, {totals.Mismatched:N0} mismatched, {totals.Stale:N0} stale, {totals.Skipped:N0} skipped",
            [.. verified.Mailboxes.Select(mailbox => (mailbox.User.Name, $"{mailbox.Score}, receipt {mailbox.ReceiptPath}"))]);
    }

    /// <summary>Says a line whenever another mailbox is done.</summary>
    private sealed class MailboxesDone(IProgress<string> progress) : IProgress<VerificationProgress>
    {
        private int said;

        public void Report(VerificationProgress value)
        {
            if (value.MailboxesDone <= said) return;
            said = value.MailboxesDone;
            progress.Report($"{value.MailboxesDone} of {value.Mailboxes} mailboxes verified");
        }
    }
}
