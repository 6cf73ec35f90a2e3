using System.CommandLine;
using Cutover.Cli.Output;
using Cutover.Core.Recipients;
using Cutover.Server;
using Spectre.Console;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover recipients plan</c> and <c>cutover licences plan</c>: what a cutover would do, before anything is written; <c>cutover recipients settle</c> asks
/// about conflicts.</summary>
internal static class PlanCommands
{
    private static readonly Argument<string> Settings = FileArgument.Settings();
    private static readonly Option<bool> All = new("--all") { Description = "Show the recipients that match already, too" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON to standard output" };

    public static Command CreateRecipients() => new("recipients", "The recipients of both sides")
    {
        Command("plan", "Show for each recipient whether it would be created, matched, changed or conflicts; writes nothing", RecipientsAsync, All, Json),
        Command("settle", "Ask what to do about each conflict and write it to the settings' recipientDecisionsFile", SettleAsync),
    };

    public static Command CreateLicences() => new("licences", "The tenant's licences")
    {
        Command("plan", "Show which licence each user mailbox would get and how many are short; writes nothing", LicencesAsync, Json),
    };

    private static Command Command(string name, string description, Func<Plans, ParseResult, CancellationToken, Task<int>> run, params Option[] options)
    {
        var command = new Command(name, description) { Settings };
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

    private static async Task<int> SettleAsync(Plans plans, ParseResult parsed, CancellationToken ct)
    {
        var console = Consoles.ForProgress(json: false);
        if (!console.Profile.Capabilities.Interactive)
            throw new InvalidSettingsException("Questions need a terminal. Without one, write the decisions' file by hand (docs/operations/settings.md).");
        // Known to be there before anybody answers a question.
        var file = plans.DecisionsFile;
        var decided = await new SettlementDialog(console).AskAsync(await plans.PlanRecipientsAsync(ct), plans.Decisions, ct);
        await RecipientDecisionsFile.WriteAsync(file, decided, ct);
        console.MarkupLineInterpolated($"Written to {file}; cutover recipients plan shows what comes of it.");
        return ExitCode.Success;
    }

    private static async Task<int> LicencesAsync(Plans plans, ParseResult parsed, CancellationToken ct)
    {
        var plan = await plans.PlanLicencesAsync(ct);
        if (parsed.GetValue(Json)) await PlanJson.WriteAsync(plan, ct);
        else LicencePlanTable.Write(Consoles.ForProgress(json: false), plan, TimeProvider.System.GetUtcNow());
        return plan.Short > 0 ? ExitCode.Failed : ExitCode.Success;
    }
}
