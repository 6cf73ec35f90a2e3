using Cutover.Core.Faults;
using Cutover.Core.Recipients;

namespace Cutover.Core.Tests.Recipients;

public sealed class RecipientDecisionsTests
{
    private static readonly Recipient Jan = new("/o=C/cn=jan", RecipientType.UserMailbox, "Jan", "jan", "jan@contoso.local", ["SMTP:jan@contoso.local", "smtp:j@contoso.com", "x500:/o=old"], null, false, null,
        [], [], [], new RecipientDetails());

    [Fact]
    public void A_rule_moves_primary_addresses_to_another_domain_and_keeps_the_old_one_and_the_place_at_the_source()
    {
        var decided = Decisions(domains: new() { ["CONTOSO.local"] = "contoso.com" }).Apply(Jan);

        Assert.Equal(("jan@contoso.com", "jan@contoso.local"), (decided.PrimarySmtpAddress, decided.SourceAddress));
        Assert.Equal(["SMTP:jan@contoso.com", "smtp:jan@contoso.local", "smtp:j@contoso.com", "x500:/o=old"], decided.EmailAddresses);
    }

    [Fact]
    public void What_was_decided_of_one_wins_over_a_rule()
    {
        var decided = Decisions(new() { PrimarySmtpAddress = "J@contoso.com", Alias = "j2", WithoutAddresses = ["jan@contoso.local"] }, new() { ["contoso.local"] = "contoso.com" }).Apply(Jan);

        Assert.Equal(("J@contoso.com", "j2"), (decided.PrimarySmtpAddress, decided.Alias));
        Assert.Equal(["SMTP:J@contoso.com", "x500:/o=old"], decided.EmailAddresses);
    }

    [Fact]
    public void Nothing_decided_changes_nothing() => Assert.Equal(Jan, RecipientDecisions.None.Apply(Jan) with { EmailAddresses = Jan.EmailAddresses });

    [Fact]
    public void Who_stays_behind_is_known_by_the_address_at_the_source()
    {
        var decisions = Decisions(new() { LeaveBehind = true }, new() { ["contoso.local"] = "contoso.com" });

        Assert.True(decisions.LeavesBehind(decisions.Apply(Jan)));
        Assert.False(decisions.LeavesBehind(Jan with { PrimarySmtpAddress = "other@contoso.local" }));
    }

    [Fact]
    public void A_decision_about_nobody_and_one_that_takes_the_primary_address_are_refused()
    {
        Assert.Contains("Jan@contoso.local", Assert.Throws<MigrationFault>(() => Decisions(new() { Alias = "x" }).Check([])).Message, StringComparison.Ordinal);
        var taking = Decisions(new() { WithoutAddresses = ["jan@contoso.local"] });
        Assert.Contains("primary address", Assert.Throws<MigrationFault>(() => taking.Check([taking.Apply(Jan)])).Message, StringComparison.Ordinal);
    }

    private static RecipientDecisions Decisions(RecipientDecision? ofJan = null, Dictionary<string, string>? domains = null) =>
        new(ofJan is null ? [] : new Dictionary<string, RecipientDecision> { ["Jan@contoso.local"] = ofJan }, domains ?? []);
}
