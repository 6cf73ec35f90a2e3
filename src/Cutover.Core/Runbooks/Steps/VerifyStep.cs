using Cutover.Core.Batches;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Compares every item with its original and writes the signed receipts.</summary>
public sealed class VerifyStep(CutoverPlan plan, IMigrationService migration, CutoverJournal journal)
    : RunbookStep("verify", "Verify every item and write the receipts")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var reports = await migration.VerifyAsync(plan.BatchName, progress, ct);
        await journal.SetVerificationAsync(reports, ct);
        return StepEvidence.Of(
            $"{reports.Sum(report => report.ItemsVerified):N0} of {reports.Sum(report => report.ItemsSource):N0} items equal, "
            + $"{reports.Sum(report => report.ItemsMissing):N0} missing, {reports.Sum(report => report.ItemsDuplicated):N0} duplicated, "
            + $"{reports.Sum(report => report.ItemsMismatched):N0} mismatched, {reports.Sum(report => report.ItemsSkipped):N0} skipped",
            [.. reports.Select(report => (report.PrimarySmtpAddress, $"{report.Score}, receipt {report.ReceiptPath}"))]);
    }
}
