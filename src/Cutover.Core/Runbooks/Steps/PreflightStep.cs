using Cutover.Core.Faults;
using Cutover.Core.Preflight;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Checks every prerequisite and stops at what would break the cutover later.</summary>
public sealed class PreflightStep(IReadOnlyList<IPreflightCheck> checks) : RunbookStep("preflight", "Check both sides")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var results = new List<PreflightResult>();
        foreach (var check in checks)
            await foreach (var result in check.RunAsync(ct))
            {
                results.Add(result);
                progress.Report($"{result.Check} {result.Verdict}: {result.Finding}{(result.Remedy is null ? "" : $" → {result.Remedy}")}");
            }
        RefuseWhenBlocked(results);
        var advice = results.Count(result => result.Verdict == PreflightVerdict.Advice);
        return new StepEvidence($"{results.Count} checks, nothing blocks{(advice == 0 ? "" : $", {advice} to know")}", Facts(results));
    }

    private static void RefuseWhenBlocked(List<PreflightResult> results)
    {
        var blocked = results.Where(result => result.Verdict == PreflightVerdict.Blocked).ToList();
        if (blocked.Count == 0) return;
        throw new MigrationFault(
            FaultScope.Operator,
            $"{blocked.Count} of {results.Count} checks block the cutover: {string.Join("; ", blocked.Select(result => $"{result.Check} {result.Finding}"))}",
            string.Join("; ", blocked.Select(result => result.Remedy).OfType<string>()));
    }

    private static Dictionary<string, string> Facts(IEnumerable<PreflightResult> results) =>
        results.Select((result, index) => (Key: $"{result.Check}.{index + 1}", Value: $"{result.Verdict}: {result.Finding}"))
            .ToDictionary(fact => fact.Key, fact => fact.Value);
}
