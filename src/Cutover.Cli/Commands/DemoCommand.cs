using System.CommandLine;
using Cutover.Cli.Output;
using Cutover.Lab;
using Cutover.Server;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover demo</c>: the whole run-book on the embedded lab.</summary>
internal static class DemoCommand
{
    private static readonly LabOptionsBinding LabSettings = new();
    private static readonly Option<bool> Faults = new("--faults") { Description = "Servers that refuse, throttle, stall and lose answers now and then" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write one JSON document to standard output, progress to standard error" };

    public static Command Create()
    {
        var command = new Command("demo", "Move Contoso, an organisation in this process, from its Exchange to its Microsoft 365 tenant") { Faults, Json, TraceFile.Option };
        LabSettings.AddTo(command);
        command.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => RunAsync(parsed, token), ct));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var json = parsed.GetValue(Json);
        var console = Consoles.ForProgress(json);
        var directory = LabSettings.WorkDirectory(parsed);
        var options = LabSettings.Read(parsed, directory);
        using var work = WorkDirectory.Open(directory);
        using var trace = TraceFile.Open(parsed);
        await using var lab = await ContosoLab.StartAsync(options, ct);
        if (parsed.GetValue(Faults)) lab.TurnOnFaults();
        var settings = LabSettingsFile.Settings(lab);
        return await new CutoverRun(settings, work, console, new GivenApproval("the demo"), json, trace.Trace).RunAsync(new MailArrivesStep(lab), ct);
    }
}
