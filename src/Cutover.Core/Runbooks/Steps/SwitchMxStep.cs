using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>
/// Points the domain's mail at Microsoft 365 (S65): MX and SPF as the tenant tells them, never computed, then waits until DNS shows it.
/// </summary>
public sealed class SwitchMxStep(
    CutoverPlan plan, IEndpointFactory endpoints, IDnsZone zone, IDnsResolver resolver, CutoverJournal journal, IApprovals approvals, TimeProvider clock)
    : RunbookStep("switch-mx", "Point mail at Microsoft 365")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var records = await (await endpoints.OpenDomainsAsync(plan.Target, ct)).GetServiceRecordsAsync(plan.Domain, ct);
        var mx = records.OfType<MxRecord>().Where(record => SameName(record.Name, plan.Domain))
            .Select(record => record with { Ttl = plan.SwitchTtl }).ToList();
        if (mx.Count == 0)
            throw new MigrationFault(FaultScope.Operator, $"The tenant names no MX record for {plan.Domain} yet.",
                "Check that the domain is verified and has the Email service in the Microsoft 365 admin centre, then run again.");
        var approvedBy = await approvals.AskAsync($"Point the mail of {plan.Domain} at {string.Join(", ", mx.Select(record => record.MailExchange))}", ct);
        await zone.ReplaceMxAsync(plan.Domain, mx, ct);
        var spf = await AllowMicrosoft365Async(records, ct);
        await WaitUntilSeenAsync(mx, progress, ct);
        await journal.SetSwitchedAsync(clock.GetUtcNow(), ct);
        return StepEvidence.Of($"MX {plan.Domain} → {string.Join(", ", mx.Select(record => record.MailExchange))}",
            ("approvedBy", approvedBy), ("spf", spf ?? "as it was"));
    }

    private async Task<string?> AllowMicrosoft365Async(IReadOnlyList<DnsRecord> records, CancellationToken ct)
    {
        if (records.OfType<TxtRecord>().FirstOrDefault(record => SpfRecord.IsSpf(record.Text)) is not { } wanted) return null;
        var current = (await resolver.GetTxtAsync(plan.Domain, ct)).FirstOrDefault(record => SpfRecord.IsSpf(record.Text));
        var text = current is null ? wanted.Text : SpfRecord.Merge(current.Text, wanted.Text);
        if (text == current?.Text) return null;
        await zone.ReplaceSpfAsync(wanted with { Name = plan.Domain, Text = text }, ct);
        return text;
    }

    private async Task WaitUntilSeenAsync(List<MxRecord> wanted, IProgress<string> progress, CancellationToken ct)
    {
        while (true)
        {
            var seen = await resolver.GetMxAsync(plan.Domain, ct);
            if (wanted.Count == seen.Count && wanted.All(want => seen.Any(see => SameName(see.MailExchange, want.MailExchange)))) return;
            progress.Report($"DNS still shows {string.Join(", ", seen.Select(record => record.MailExchange))}; looking again");
            await Task.Delay(plan.PollInterval, clock, ct);
        }
    }

    private static bool SameName(string one, string other) =>
        string.Equals(one.TrimEnd('.'), other.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
