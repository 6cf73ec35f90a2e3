using System.CommandLine;
using Cutover.Cli.Output;
using Cutover.Endpoints.Microsoft365.Trial;
using Cutover.Server;
using Spectre.Console;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover tenant check</c>: try on a real tenant what a cutover needs of it, above all what Microsoft wrote down nowhere.</summary>
internal static class TenantCommand
{
    private static readonly Argument<string> Settings = FileArgument.Settings();
    private static readonly Option<string> Mailbox = new("--mailbox")
    {
        Description = "A user with a mailbox in the tenant, best one made for this: a folder and an item are made there and removed again",
        Required = true,
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON to standard output, progress to standard error" };

    public static Command Create()
    {
        var check = new Command("check", "Try the sign-in, the permissions and every kind of call on the tenant") { Settings, Mailbox, Json };
        check.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => RunAsync(parsed, token), ct));
        return new Command("tenant", "The Microsoft 365 tenant") { check };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var settings = CutoverSettings.Read(parsed.GetRequiredValue(Settings));
        var console = Consoles.ForProgress(parsed.GetValue(Json));
        var tried = new List<TriedCall>();
        await foreach (var call in TenantTrials.RunAsync(settings, parsed.GetRequiredValue(Mailbox), Console.Error.WriteLine, ct))
        {
            tried.Add(call);
            console.MarkupLine($"{Mark(call.Outcome)} {Markup.Escape(call.Call)} [dim]({Words(call.RestsOn)})[/]: {Markup.Escape(call.Found)}"
                + (call.NextStep is { } next ? $" → {Markup.Escape(next)}" : ""));
        }

        if (parsed.GetValue(Json)) await PlanJson.WriteAsync(tried, ct);
        var failed = tried.Count(call => call.Outcome != TrialOutcome.Works);
        console.MarkupLine(failed == 0 ? $"[bold]All {tried.Count} work on this tenant.[/]" : $"[bold red]{failed} of {tried.Count} don't work on this tenant.[/]");
        return failed == 0 ? ExitCode.Success : ExitCode.Failed;
    }

    private static string Mark(TrialOutcome outcome) => outcome switch
    {
        TrialOutcome.Works => "[green]works[/]    ",
        TrialOutcome.Fails => "[red]fails[/]    ",
        _ => "[yellow]not tried[/]",
    };

    private static string Words(RestsOn restsOn) => restsOn switch
    {
        RestsOn.Documented => "documented",
        RestsOn.Seen => "seen in practice",
        _ => "only inferred",
    };
}
