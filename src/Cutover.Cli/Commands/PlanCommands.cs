using System.CommandLine;
using Cutover.Cli.Output;
using Cutover.Core.Recipients;
using Cutover.Server;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover recipients plan</c> and <c>cutover licences plan</c>: what a cutover would do, before anything is written.</summary>
internal static class PlanCommands
{
    private static readonly Argument<string> Settings = new("settings") { Description = "The settings file (docs/operations/settings.md)" };
    private static readonly Option<bool> All = new("--all") { Description = "Show the recipients that match already, too" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON to standard output" };

    public static Command CreateRecipients() => new("recipients", "The recipients of both sides")
    {
        Command("Show for each recipient whether it would be created, matched, changed or conflicts; writes nothing", RecipientsAsync, All, Json),
    };

    public static Command CreateLicences() => new("licences", "The tenant's licences")
    {
        Command("Show which licence each user mailbox would get and how many are short; writes nothing", LicencesAsync, Json),
    };

    private static Command Command(string description, Func<Plans, ParseResult, CancellationToken, Task<int>> run, params Option[] options)
    {
        var command = new Command("plan", description) { Settings };
        foreach (var option in options) command.Add(option);
        command.Add(TraceFile.Option);
        command.SetAction((parsed, ct) => CutoverCommand.GuardAsync(async token =>
        {
            using var trace = TraceFile.Open(parsed);
            return await run(new Plans(CutoverSettings.Read(parsed.GetRequiredValue(Settings)), Console.Error.WriteLine, trace.Trace), parsed, token);
        }, ct));
        return command;
    }

    private static async Task<int> RecipientsAsync(Plans plans, ParseResult parsed, CancellationToken ct)
    {
        var planned = await plans.PlanRecipientsAsync(ct);
        if (parsed.GetValue(Json)) await PlanJson.WriteAsync(planned, ct);
        else RecipientPlanTable.Write(Consoles.ForProgress(json: false), planned, parsed.GetValue(All));
        return planned.Any(one => one.Action == PlannedAction.Conflict) ? ExitCode.Failed : ExitCode.Success;
    }

    private static async Task<int> LicencesAsync(Plans plans, ParseResult parsed, CancellationToken ct)
    {
        var plan = await plans.PlanLicencesAsync(ct);
        if (parsed.GetValue(Json)) await PlanJson.WriteAsync(plan, ct);
        else LicencePlanTable.Write(Consoles.ForProgress(json: false), plan);
        return plan.Short > 0 ? ExitCode.Failed : ExitCode.Success;
    }
}
