using Cutover.Core.Recipients;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>Asks, conflict by conflict, what the administrator decides.</summary>
internal sealed class SettlementDialog(IAnsiConsole console)
{
    private const string LeaveBehind = "leave it behind";
    private const string Later = "decide later";

    /// <summary>The decisions as they are after all questions: those of before, and the new ones.</summary>
    public async Task<Dictionary<string, RecipientDecision>> AskAsync(
        IReadOnlyList<PlannedRecipient> planned, IReadOnlyDictionary<string, RecipientDecision> before, CancellationToken ct)
    {
        var decisions = new Dictionary<string, RecipientDecision>(before, StringComparer.OrdinalIgnoreCase);
        var open = planned.Where(one => one.Action is PlannedAction.Conflict or PlannedAction.ByHand).ToList();
        console.MarkupLine(open.Count == 0 ? "No recipient is in conflict." : $"[bold]{open.Count:N0}[/] recipients are in conflict.");
        foreach (var one in open)
        {
            var address = one.Recipient.SourceAddress;
            var decision = decisions.GetValueOrDefault(address) ?? new RecipientDecision();
            var decided = await AskAsync(one, decision, ct);
            if (decided != decision) decisions[address] = decided;
        }

        return decisions;
    }

    private async Task<RecipientDecision> AskAsync(PlannedRecipient planned, RecipientDecision decision, CancellationToken ct)
    {
        foreach (var finding in planned.Findings.Where(finding => finding.Settlement is not null))
        {
            console.MarkupLineInterpolated($"[yellow]{finding.Requirement}[/] {finding.Message}");
            var own = Words(finding.Settlement!);
            var choices = new[] { own, LeaveBehind, Later }.Distinct();
            var chosen = await console.PromptAsync(new SelectionPrompt<string>().Title(Markup.Escape(planned.Recipient.SourceAddress)).AddChoices(choices), ct);
            if (chosen == LeaveBehind) return decision with { LeaveBehind = true };
            if (chosen == own) decision = await SettleAsync(finding.Settlement!, decision, ct);
        }

        return decision;
    }

    private async Task<RecipientDecision> SettleAsync(Settlement settlement, RecipientDecision decision, CancellationToken ct) => settlement.Kind switch
    {
        SettlementKind.OtherAlias => decision with { Alias = await AskTextAsync("Alias", text => text.Length <= 64 && !text.Contains('@', StringComparison.Ordinal), ct) },
        SettlementKind.OtherPrimaryAddress => decision with { PrimarySmtpAddress = await AskTextAsync("Primary address", IsAddress, ct) },
        SettlementKind.WithoutAddress => decision with { WithoutAddresses = [.. decision.WithoutAddresses, settlement.Address!] },
        _ => decision with { RecipientFilter = await AskTextAsync("RecipientFilter", text => text.Contains('-', StringComparison.Ordinal), ct) },
    };

    private async Task<string> AskTextAsync(string what, Func<string, bool> isRight, CancellationToken ct) =>
        (await console.PromptAsync(new TextPrompt<string>($"{what}:").Validate(text => isRight(text.Trim()), $"[red]That is no {what.ToLowerInvariant()}.[/]"), ct)).Trim();

    private static bool IsAddress(string text) => text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && !text.Contains(' ', StringComparison.Ordinal);

    private static string Words(Settlement settlement) => settlement.Kind switch
    {
        SettlementKind.OtherAlias => "give it another alias",
        SettlementKind.OtherPrimaryAddress => "give it another primary address",
        SettlementKind.WithoutAddress => $"let it go without {settlement.Address}",
        SettlementKind.LeaveBehind => LeaveBehind,
        _ => "give its filter (Get-DynamicDistributionGroup | fl RecipientFilter)",
    };
}
