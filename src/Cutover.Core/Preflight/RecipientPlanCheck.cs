using System.Runtime.CompilerServices;
using Cutover.Core.Endpoints;
using Cutover.Core.Recipients;
using Cutover.Core.Runbooks;

namespace Cutover.Core.Preflight;

/// <summary>Every recipient can be made at the target: nothing is written before each conflict is settled.</summary>
public sealed class RecipientPlanCheck(CutoverPlan plan, IEndpointFactory endpoints, SourceOrganisation organisation) : IPreflightCheck
{
    public async IAsyncEnumerable<PreflightResult> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var provisioner = await endpoints.OpenProvisionerAsync(plan.Target, ct);
        var planned = await provisioner.PlanAsync(await organisation.GetRecipientsAsync(ct), [plan.Domain], ct);
        foreach (var conflict in planned.Where(one => one.Action == PlannedAction.Conflict))
            foreach (var finding in conflict.Findings.Where(finding => finding.Settlement is not null))
                yield return new(finding.Requirement, PreflightVerdict.Blocked, finding.Message, $"{finding.NextStep} Or decide about it: cutover recipients settle.");
        foreach (var byHand in planned.Where(one => one.Action == PlannedAction.ByHand))
            foreach (var finding in byHand.Findings)
                yield return new(finding.Requirement, PreflightVerdict.Advice, finding.Message, finding.NextStep);
        if (planned.All(one => one.Action != PlannedAction.Conflict))
            yield return new("S37", PreflightVerdict.Passed, $"{planned.Count(one => one.Action == PlannedAction.Create):N0} recipients to create, none in conflict");
    }
}
