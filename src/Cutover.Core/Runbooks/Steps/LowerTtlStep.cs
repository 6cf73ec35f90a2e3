using Cutover.Core.Domains;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Lowers the TTL of the MX records before the switch, so that senders follow soon (S63), and remembers them as they were.</summary>
public sealed class LowerTtlStep(CutoverPlan plan, IDnsZone zone, IDnsResolver resolver, CutoverJournal journal)
    : RunbookStep("lower-ttl", "Lower the TTL of the MX records")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var records = await journal.GetOldMxAsync(ct) ?? await RememberAsync(ct);
        if (records.All(record => record.Ttl <= plan.SwitchTtl))
            return StepEvidence.Of($"{Describe(records)}: short enough");
        await zone.ReplaceMxAsync(plan.Domain, [.. records.Select(record => record with { Ttl = Min(record.Ttl, plan.SwitchTtl) })], ct);
        return StepEvidence.Of($"TTL lowered to {plan.SwitchTtl.TotalSeconds:N0} s; it was {Describe(records)}");
    }

    private async Task<IReadOnlyList<MxRecord>> RememberAsync(CancellationToken ct)
    {
        var records = await resolver.GetMxAsync(plan.Domain, ct);
        await journal.SetOldMxAsync(records, ct);
        return records;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string Describe(IReadOnlyList<MxRecord> records) =>
        records.Count == 0
            ? "there is no MX record"
            : string.Join(", ", records.Select(record => $"MX {record.Preference} {record.MailExchange} TTL {record.Ttl.TotalSeconds:N0} s"));
}
