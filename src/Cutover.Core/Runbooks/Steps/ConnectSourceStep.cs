using Cutover.Core.Endpoints;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Finds the on-premises organisation by Autodiscover, tests it, and keeps it as the migration endpoint (S43–S51).</summary>
public sealed class ConnectSourceStep(CutoverPlan plan, IEndpointFactory endpoints, CutoverJournal journal)
    : RunbookStep("connect-source", "Create the migration endpoint")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var source = await endpoints.DiscoverAsync(plan.Source, plan.TestMailbox, ct);
        progress.Report($"Autodiscover: {string.Join(", ", source.Settings.Select(setting => $"{setting.Key} {setting.Value}"))}");
        var test = await endpoints.TestAsync(source, plan.TestMailbox, ct);
        test.Require();
        await journal.SetSourceAsync(source, ct);
        return new StepEvidence($"{source.Name}: {test.Message}", test.ConnectionSettings);
    }
}
