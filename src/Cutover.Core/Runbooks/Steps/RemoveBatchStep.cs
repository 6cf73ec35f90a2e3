using Cutover.Core.Batches;
using Cutover.Core.Domains;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Points Autodiscover at Microsoft 365 (S72) and removes the batch once S66, S67 and S69 hold and somebody says S68 does; history and receipts stay (S70).</summary>
public sealed class RemoveBatchStep(
    CutoverPlan plan, IMigrationService migration, IDnsZone zone, RemovalGuard guard, IApprovals approvals)
    : RunbookStep("remove-batch", "Remove the batch")
{
    private static readonly TimeSpan AutodiscoverTtl = TimeSpan.FromHours(1);

    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        await guard.RequireAsync(ct);
        var approvedBy = await approvals.AskAsync($"Remove the batch {plan.BatchName}: every user works in the new mailbox", ct);
        await zone.ReplaceCNameAsync(new CNameRecord($"autodiscover.{plan.Domain}", AutodiscoverTtl, "autodiscover.outlook.com"), ct);
        await migration.RemoveAsync(plan.BatchName, approvedBy, ct);
        return StepEvidence.Of($"Batch {plan.BatchName} removed; history and receipts stay", ("approvedBy", approvedBy));
    }
}
