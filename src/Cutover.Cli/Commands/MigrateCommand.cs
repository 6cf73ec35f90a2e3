using System.CommandLine;
using Cutover.Cli.Output;
using Cutover.Core.Runbooks;
using Cutover.Server;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover migrate</c>: the whole cutover of a real organisation, from a settings file.</summary>
internal static class MigrateCommand
{
    private static readonly Argument<string> Settings = FileArgument.Settings();
    private static readonly Option<string> Work = new("--work") { Description = "Where the cutover keeps its state; run again on it to go on", Required = true };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Approve the MX switch and the removal of the batch beforehand" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write one JSON document to standard output, progress to standard error" };

    public static Command Create()
    {
        var command = new Command("migrate", "Move an organisation: check, prove the domain, provision, copy, switch, verify, tell the users") { Settings, Work, Yes, Json, TraceFile.Option };
        command.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => RunAsync(parsed, token), ct));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var settings = CutoverSettings.Read(parsed.GetRequiredValue(Settings));
        var console = Consoles.ForProgress(parsed.GetValue(Json));
        using var work = WorkDirectory.Open(parsed.GetRequiredValue(Work));
        using var trace = TraceFile.Open(parsed);
        IApprovals approvals = parsed.GetValue(Yes) ? new GivenApproval($"{Environment.UserName} with --yes") : new AskedApproval(console);
        return await new CutoverRun(settings, work, console, approvals, parsed.GetValue(Json), trace.Trace).RunAsync(beforeIncrementalSync: null, ct);
    }
}
