using Cutover.Core.Batches;
using Cutover.Core.Domains;
using Cutover.Core.Faults;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Points Autodiscover at Microsoft 365 (S72) and removes the batch once S67 and S69 hold and somebody says S68 does; history and receipts stay (S70).</summary>
public sealed class RemoveBatchStep(
    CutoverPlan plan, IMigrationService migration, IDnsZone zone, CutoverJournal journal, WelcomeGuard welcomed, IApprovals approvals)
    : RunbookStep("remove-batch", "Remove the batch")
{
    private static readonly TimeSpan AutodiscoverTtl = TimeSpan.FromHours(1);

    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var batch = await migration.GetStatusAsync(plan.BatchName, ct)
            ?? throw new MigrationFault(FaultScope.Operator, $"There is no batch {plan.BatchName}.", "Copy the mailboxes first.");
        SyncOutcome.RequireSyncedSince(await journal.GetSwitchedAsync(ct), batch);
        await welcomed.RequireAsync(ct);
        var approvedBy = await approvals.AskAsync($"Remove the batch {plan.BatchName}: every user works in the new mailbox", ct);
        await zone.ReplaceCNameAsync(new CNameRecord($"autodiscover.{plan.Domain}", AutodiscoverTtl, "autodiscover.outlook.com"), ct);
        await migration.RemoveAsync(plan.BatchName, approvedBy, ct);
        return StepEvidence.Of($"Batch {plan.BatchName} removed; history and receipts stay", ("approvedBy", approvedBy));
    }
}

/// <summary>Whether every user was told (S67).</summary>
public sealed class WelcomeGuard(CutoverPlan plan, Messages.WelcomeMessage welcome, CutoverJournal journal)
{
    public async Task RequireAsync(CancellationToken ct)
    {
        foreach (var mailbox in await journal.GetMailboxesAsync(ct))
            if (!await journal.WasSentAsync(welcome.For(plan, mailbox).Id, ct))
                throw new MigrationFault(FaultScope.Operator,
                    $"The batch can't be removed: {mailbox.Target.PrimarySmtpAddress} was not told yet (S67).", "Send the welcome messages first.");
    }
}
