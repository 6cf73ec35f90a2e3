using Cutover.Core.Domains;
using Cutover.Core.Endpoints;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Proves to the tenant that the domain is ours, by a TXT record (S38–S42). DNS for mail is left as it is.</summary>
public sealed class ProveDomainStep(CutoverPlan plan, IEndpointFactory endpoints, IDnsZone zone, TimeProvider clock)
    : RunbookStep("prove-domain", "Prove the domain")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var domains = await endpoints.OpenDomainsAsync(plan.Target, ct);
        if (await domains.EnsureDomainAsync(plan.Domain, ct))
            return StepEvidence.Of($"{plan.Domain} is a verified domain of the tenant");
        var record = await domains.GetVerificationRecordAsync(plan.Domain, ct);
        await zone.AddTxtAsync(record, ct);
        progress.Report($"TXT {record.Name} \"{record.Text}\" is asked for; it may take about 15 minutes to appear");
        var started = clock.GetUtcNow();
        while (!await domains.TryVerifyAsync(plan.Domain, ct))
        {
            progress.Report($"The tenant doesn't see the record yet, {clock.GetUtcNow() - started:hh\\:mm\\:ss} after it was asked for; looking again");
            await Task.Delay(plan.PollInterval, clock, ct);
        }
        return StepEvidence.Of($"{plan.Domain} verified by TXT \"{record.Text}\"", ("txt", record.Text));
    }
}
