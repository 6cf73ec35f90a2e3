using System.CommandLine;
using Cutover.Cli.Output;
using Cutover.Server;
using Spectre.Console;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover serve</c>: one more host for a cutover that <c>cutover migrate</c> runs elsewhere.</summary>
internal static class ServeCommand
{
    private static readonly Argument<string> Settings = FileArgument.Settings();
    private static readonly Option<string> Work = new("--work") { Description = "Where this host keeps what is under way", Required = true };

    public static Command Create()
    {
        var command = new Command("serve", "Copy mailboxes together with other hosts over one PostgreSQL database, until Ctrl+C") { Settings, Work, TraceFile.Option };
        command.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => RunAsync(parsed, token), ct));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var settings = CutoverSettings.Read(parsed.GetRequiredValue(Settings));
        if (settings.Storage is null)
            throw new InvalidSettingsException("Several hosts need a PostgreSQL database: name it in the settings as \"storage\" (docs/operations/settings.md).");
        var console = Consoles.ForProgress(json: false);
        using var work = WorkDirectory.Open(parsed.GetRequiredValue(Work));
        using var trace = TraceFile.Open(parsed);
        await using var host = await CutoverHost.StartAsync(settings, work, change => console.MarkupLine($"[yellow]{Markup.Escape(change)}[/]"), trace.Trace, ct);
        console.MarkupLine("This host copies mailboxes. Ctrl+C hands them to the others.");
        await Task.Delay(Timeout.InfiniteTimeSpan, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return ExitCode.Success;
    }
}
