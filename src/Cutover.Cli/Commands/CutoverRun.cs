using System.Text.Json;
using Cutover.Cli.Output;
using Cutover.Core.Faults;
using Cutover.Core.Runbooks;
using Cutover.Mapi.Tracing;
using Cutover.Server;
using Spectre.Console;

namespace Cutover.Cli.Commands;

/// <summary>One cutover from the command line: runs the run-book while showing it, then writes the summary.</summary>
internal sealed class CutoverRun(CutoverSettings settings, WorkDirectory work, IAnsiConsole console, IApprovals approvals, bool json, ProtocolTrace? trace)
{
    private readonly TimeProvider clock = TimeProvider.System;

    public async Task<int> RunAsync(RunbookStep? beforeIncrementalSync, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        await using var host = await CutoverHost.StartAsync(settings, work, Tell, trace, ct);
        var display = new RunbookDisplay(console, clock);
        var runbook = host.CreateRunbook(settings.Language, display, approvals, beforeIncrementalSync);
        await display.ShowAsync(runbook.RunAsync, host.Migration, host.Plan.BatchName, ct);
        return await SummariseAsync(host, clock.GetElapsedTime(started), ct);
    }

    private async Task<int> SummariseAsync(CutoverHost host, TimeSpan duration, CancellationToken ct)
    {
        var batch = await host.Migration.GetStatusAsync(host.Plan.BatchName, ct);
        var verified = await host.Journal.GetVerificationAsync(ct);
        if (batch is null || verified is null)
            throw new MigrationFault(FaultScope.Operator, "The run-book ended without a verification.", "Run it again on a fresh work folder.");
        var summary = CutoverSummary.Of(batch, verified, await host.Journal.GetRecipientCountAsync(ct), duration);
        if (json)
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(summary, SummaryJson.Default.CutoverSummary));
        else
            SummaryTable.Write(console, summary, verified);
        return !summary.IsComplete ? ExitCode.Failed : summary.ItemsSkipped > 0 ? ExitCode.DoneWithSkippedItems : ExitCode.Success;
    }

    private void Tell(string change) => console.MarkupLine($"[yellow]{Markup.Escape(change)}[/]");
}
