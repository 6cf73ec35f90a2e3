using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Preflight;
using Cutover.Core.Recipients;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Makes every recipient of the source at the target, with licences, addresses, members, managers and delegates (S19, S22, S34–S37).</summary>
public sealed class ProvisionRecipientsStep(
    CutoverPlan plan, IEndpointFactory endpoints, SourceOrganisation organisation, IInitialPasswords passwords, CutoverJournal journal)
    : RunbookStep("provision-recipients", "Create the recipients")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var recipients = await organisation.GetRecipientsAsync(ct);
        progress.Report($"{recipients.Count} recipients in the address book");
        var provisioner = await endpoints.OpenProvisionerAsync(plan.Target, ct);
        var results = await new RecipientProvisioning(provisioner, passwords).RunAsync(recipients, progress: null, ct);
        RequireMailboxes(results);
        foreach (var failed in results.Where(result => result.Fault is not null))
            progress.Report($"{failed.Recipient.PrimarySmtpAddress}: {failed.Fault?.Message} → {failed.Fault?.NextStep}");
        foreach (var finding in results.SelectMany(result => result.Findings))
            progress.Report($"{finding.Requirement} {finding.Message} → {finding.NextStep}");
        await journal.SetMailboxesAsync([.. results.Where(result => result.MailboxId is not null).Select(Mailbox)], ct);
        await journal.SetRecipientCountAsync(results.Count(result => result.Fault is null), ct);
        return Evidence(results);
    }

    /// <summary>A recipient that failed can be mended later; a mailbox that is missing would lose its mail.</summary>
    private static void RequireMailboxes(IReadOnlyList<RecipientResult> results)
    {
        var failed = results.Where(result => result.Recipient.HasMailbox && result.MailboxId is null).ToList();
        if (failed.Count == 0) return;
        throw new MigrationFault(FaultScope.Operator,
            $"{failed.Count} mailboxes could not be made: {string.Join("; ", failed.Select(result => $"{result.Recipient.PrimarySmtpAddress}: {result.Fault?.Message}"))}",
            string.Join(" ", failed.Select(result => result.Fault?.NextStep).Distinct()));
    }

    private static CutoverMailbox Mailbox(RecipientResult result) => new(
        result.Recipient.DisplayName,
        new SourceMailbox(result.Recipient.LegacyExchangeDN, result.Recipient.SourceAddress),
        new TargetMailbox(result.Provisioned!.TargetId, result.MailboxId!, result.Recipient.PrimarySmtpAddress));

    private static StepEvidence Evidence(IReadOnlyList<RecipientResult> results)
    {
        int Count(ProvisioningOutcome outcome) => results.Count(result => result.Fault is null && result.Provisioned?.Outcome == outcome);
        return new StepEvidence(
            $"{results.Count} recipients: {Count(ProvisioningOutcome.Created)} created, {Count(ProvisioningOutcome.Matched)} matched, "
            + $"{Count(ProvisioningOutcome.Changed)} changed, {results.Count(result => result.Fault is not null)} failed",
            results.Where(result => result.Fault is not null).ToDictionary(result => result.Recipient.PrimarySmtpAddress, result => result.Fault!.Message));
    }
}
