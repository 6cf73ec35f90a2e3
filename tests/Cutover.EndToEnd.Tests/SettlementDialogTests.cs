using Cutover.Cli.Output;
using Cutover.Core.Recipients;
using Spectre.Console.Testing;

namespace Cutover.EndToEnd.Tests;

/// <summary>cutover recipients settle at a terminal.</summary>
public sealed class SettlementDialogTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private readonly TestConsole console = new();

    [Fact]
    public async Task Each_conflict_is_asked_about_and_answers_become_decisions()
    {
        console.Interactive();
        // Another alias, after one that is none; without an address; left behind; later.
        console.Input.PushKey(ConsoleKey.Enter);
        console.Input.PushTextWithEnter("a@b");
        console.Input.PushTextWithEnter(" jan2 ");
        console.Input.PushKey(ConsoleKey.Enter);
        console.Input.PushKey(ConsoleKey.Enter);
        console.Input.PushKey(ConsoleKey.DownArrow);
        console.Input.PushKey(ConsoleKey.Enter);
        var before = new Dictionary<string, RecipientDecision> { ["old@contoso.com"] = new() { LeaveBehind = true } };

        var decided = await new SettlementDialog(console).AskAsync(
        [
            Conflict("jan", new Settlement(SettlementKind.OtherAlias), new Settlement(SettlementKind.WithoutAddress, "j@contoso.com")), Conflict("info", Nothing), Conflict("later", null, Nothing),
            Conflict("fine") with { Action = PlannedAction.Create },
        ], before, Ct);

        Assert.Equal(["info@contoso.com", "jan@contoso.com", "old@contoso.com"], decided.Keys.Order());
        Assert.Equal(("jan2", "j@contoso.com", false), (decided["jan@contoso.com"].Alias, Assert.Single(decided["jan@contoso.com"].WithoutAddresses), decided["jan@contoso.com"].LeaveBehind));
        Assert.True(decided["info@contoso.com"].LeaveBehind);
        Assert.Contains("That is no alias", console.Output, StringComparison.Ordinal);
    }

    private static readonly Settlement Nothing = new(SettlementKind.LeaveBehind);

    private static PlannedRecipient Conflict(string alias, params Settlement?[] settlements) => new(
        new Recipient($"/o=C/cn={alias}", RecipientType.UserMailbox, alias, alias, $"{alias}@contoso.com", [$"SMTP:{alias}@contoso.com"], null, false, null, [], [], [], new RecipientDetails()),
        PlannedAction.Conflict, null, [], [.. settlements.Select(settlement => new ProvisioningFinding("S37", "It is somebody else's", "Change it") { Settlement = settlement })]);
}
