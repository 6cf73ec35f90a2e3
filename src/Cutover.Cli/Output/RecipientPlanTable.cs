using Cutover.Core.Recipients;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>What would become of each recipient: conflicts first, the totals below.</summary>
internal static class RecipientPlanTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<PlannedRecipient> planned, bool all)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Action", "Recipient", "Kind", "Signs in as", "What changes, what to know");
        foreach (var one in planned.OrderByDescending(one => one.Action).ThenBy(one => one.Recipient.PrimarySmtpAddress, StringComparer.OrdinalIgnoreCase))
        {
            if (one is { Action: PlannedAction.Match, Findings.Count: 0 } && !all) continue;
            table.AddRow($"[{Colour(one.Action)}]{one.Action}[/]", Markup.Escape(one.Recipient.PrimarySmtpAddress), one.Recipient.Type.ToString(),
                Markup.Escape(one.SignInName ?? ""), Markup.Escape(string.Join('\n', Lines(one))));
        }

        console.Write(table);
        var totals = planned.GroupBy(one => one.Action).OrderBy(group => group.Key).Select(group => $"{group.Count():N0} {Words(group.Key)}");
        console.MarkupLine($"[bold]{planned.Count:N0} recipients[/]: {string.Join(", ", totals)}. Nothing was written.");
    }

    private static IEnumerable<string> Lines(PlannedRecipient one) =>
        [.. one.Changes, .. one.Findings.Select(finding => $"{finding.Requirement} {finding.Message} → {finding.NextStep}")];

    private static string Words(PlannedAction action) => action switch
    {
        PlannedAction.Create => "to create",
        PlannedAction.Match => "match",
        PlannedAction.Change => "to change",
        PlannedAction.Conflict => "in conflict",
        _ => "to make by hand",
    };

    private static string Colour(PlannedAction action) => action switch
    {
        PlannedAction.Conflict => "red",
        PlannedAction.ByHand => "yellow",
        PlannedAction.Match => "green",
        _ => "blue",
    };
}
