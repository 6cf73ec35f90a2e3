using Cutover.Core.Faults;
using Cutover.Core.Recipients;

namespace Cutover.Core.Tests.Recipients;

public sealed class RecipientProvisioningTests
{
    private readonly FakeProvisioner provisioner = new();
    private readonly KeptPasswords passwords = new();

    [Fact]
    public async Task Empty_security_groups_come_first_and_members_last()
    {
        await RunAsync(
            Of("all", RecipientType.MailUniversalDistributionGroup) with { Members = [Dn("anna"), Dn("secrets")] },
            Of("anna"),
            Of("secrets", RecipientType.MailUniversalSecurityGroup) with { Members = [Dn("anna")] },
            Of("room", RecipientType.RoomMailbox),
            Of("partner", RecipientType.MailContact),
            Of("temp", RecipientType.MailUser));

        Assert.Equal(
            ["provision secrets", "provision anna", "provision room", "provision temp", "provision partner", "provision all"], provisioner.CallsOf("provision"));
        Assert.Equal(["fill secrets: anna", "fill all: anna,secrets"], provisioner.CallsOf("fill"));
        var calls = provisioner.Calls.ToList();
        Assert.True(calls.IndexOf("provision all") < calls.IndexOf("license anna"));
        Assert.True(calls.FindLastIndex(call => call.StartsWith("address", StringComparison.Ordinal)) < calls.FindIndex(call => call.StartsWith("fill", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Only_users_are_licensed_and_every_mailbox_is_waited_for()
    {
        var results = await RunAsync(Of("anna"), Of("info", RecipientType.SharedMailbox), Of("partner", RecipientType.MailContact));

        Assert.Equal(["license anna"], provisioner.CallsOf("license"));
        Assert.Equal(["MBX:anna", "MBX:info", null], results.Select(result => result.MailboxId));
    }

    [Fact]
    public async Task Nested_groups_are_filled_from_the_inside_out_and_a_circle_ends()
    {
        await RunAsync(
            Group("outer", "middle"), Group("middle", "inner"), Group("inner"),
            Group("one", "other"), Group("other", "one"));

        var filled = provisioner.CallsOf("fill").ToList();
        Assert.Equal(5, filled.Count);
        Assert.True(filled.IndexOf("fill inner: ") < filled.IndexOf("fill middle: inner"));
        Assert.True(filled.IndexOf("fill middle: inner") < filled.IndexOf("fill outer: middle"));
    }

    [Fact]
    public async Task One_recipient_that_fails_stops_no_other()
    {
        provisioner.Failures["provision anna"] = new MigrationFault(FaultScope.Item, "The address is taken.", "Rename the other.");
        provisioner.Failures["address bob"] = new MigrationFault(FaultScope.Mailbox, "Busy.", "");

        var results = await RunAsync(Of("anna"), Of("bob"), Of("carol") with { Manager = Dn("anna"), Delegates = [Dn("bob")] });

        Assert.Equal(["The address is taken.", "Busy.", null], results.Select(result => result.Fault?.Message));
        Assert.Null(results[0].Provisioned);
        Assert.Equal("MBX:carol", results[2].MailboxId);
        Assert.Equal(["delegate carol: bob"], provisioner.CallsOf("delegate"));
        Assert.Contains("anna@contoso.com, who could not be made", Assert.Single(results[2].Findings).Message);
    }

    [Theory]
    [InlineData(FaultScope.Operator)]
    [InlineData(FaultScope.Endpoint)]
    public async Task What_concerns_everything_stops_all(FaultScope scope)
    {
        provisioner.Failures["provision anna"] = new MigrationFault(scope, "The secret has expired.", "Make a new one.");

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => RunAsync(Of("anna"), Of("bob")));

        Assert.Equal("The secret has expired.", fault.Message);
    }

    [Fact]
    public async Task References_to_those_who_stay_behind_are_found()
    {
        var results = await RunAsync(
            Of("anna") with { Manager = Dn("gone"), Delegates = [Dn("left")] }, Group("team", "anna", "former") with { ManagedBy = [Dn("boss")] });

        Assert.All(results.SelectMany(result => result.Findings), finding => Assert.Equal("S36", finding.Requirement));
        Assert.Equal(
            ["anna@contoso.com loses its delegate /o=Contoso/cn=left, who is not moved.", "anna@contoso.com loses its manager /o=Contoso/cn=gone, who is not moved."],
            results[0].Findings.Select(finding => finding.Message).Order());
        Assert.Equal(2, results[1].Findings.Count);
        Assert.Equal(["fill team: anna"], provisioner.CallsOf("fill"));
        Assert.All(results, result => Assert.Null(result.Fault));
    }

    [Fact]
    public async Task Addresses_that_the_target_can_not_hold_are_findings()
    {
        provisioner.RefusedAddresses.Add("smtp:anna@contoso.local");

        var results = await RunAsync(Of("anna") with { EmailAddresses = ["SMTP:anna@contoso.com", "smtp:anna@contoso.local"] });

        var finding = Assert.Single(results[0].Findings);
        Assert.Equal("S37", finding.Requirement);
        Assert.Contains("anna@contoso.local", finding.Message);
    }

    [Fact]
    public async Task Running_again_matches_everything_and_hands_no_password_over_twice()
    {
        var organisation = new[] { Of("anna"), Group("team", "anna") };
        await RunAsync(organisation);
        passwords.Kept.Clear();

        var again = await RunAsync(organisation);

        Assert.All(again, result => Assert.Equal(ProvisioningOutcome.Matched, result.Provisioned?.Outcome));
        Assert.Empty(passwords.Kept);
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_from_there()
    {
        provisioner.Failures["wait bob"] = new MigrationFault(FaultScope.Endpoint, "Down.", "");
        var organisation = new[] { Of("anna"), Of("bob") with { Manager = Dn("anna") } };
        await Assert.ThrowsAsync<MigrationFault>(() => RunAsync(organisation));
        provisioner.Failures.Clear();

        var results = await RunAsync(organisation);

        Assert.All(results, result => Assert.NotNull(result.MailboxId));
        Assert.Equal(["manage bob: anna"], provisioner.CallsOf("manage"));
    }

    [Fact]
    public async Task No_more_than_the_bound_run_at_once_and_progress_tells_each()
    {
        var told = new List<string>();
        var organisation = Enumerable.Range(0, 40).Select(number => Of($"user{number}")).ToArray();

        await new RecipientProvisioning(provisioner, passwords, atOnce: 3).RunAsync(organisation, new Telling(told), CancellationToken.None);

        Assert.InRange(provisioner.MostAtOnce, 1, 3);
        Assert.Contains("provision user7@contoso.com", told);
    }

    [Fact]
    public async Task A_contact_has_no_manager_at_the_target()
    {
        var results = await RunAsync(Of("anna"), Of("partner", RecipientType.MailContact) with { Manager = Dn("anna") });

        Assert.Empty(provisioner.CallsOf("manage"));
        Assert.Contains("loses its manager", Assert.Single(results[1].Findings).Message);
    }

    [Fact]
    public async Task A_group_is_owned_by_those_who_can_own_one()
    {
        var results = await RunAsync(
            Of("anna"), Of("admins", RecipientType.MailUniversalSecurityGroup), Of("partner", RecipientType.MailContact),
            Group("team") with { ManagedBy = [Dn("anna"), Dn("admins"), Dn("partner")] });

        Assert.Equal(["own team: anna,admins"], provisioner.CallsOf("own"));
        Assert.Contains("loses its owner partner@contoso.com", Assert.Single(results[3].Findings).Message);
    }

    private Task<IReadOnlyList<RecipientResult>> RunAsync(params Recipient[] recipients) =>
        new RecipientProvisioning(provisioner, passwords, atOnce: 1).RunAsync(recipients, null, CancellationToken.None);

    private static string Dn(string alias) => $"/o=Contoso/cn={alias}";

    private static Recipient Of(string alias, RecipientType type = RecipientType.UserMailbox) => new(
        Dn(alias), type, alias, alias, $"{alias}@contoso.com", [$"SMTP:{alias}@contoso.com"], null, false, null, [], [], [], new RecipientDetails());

    private static Recipient Group(string alias, params string[] members) =>
        Of(alias, RecipientType.MailUniversalDistributionGroup) with { Members = [.. members.Select(Dn)] };

    private sealed class Telling(List<string> told) : IProgress<string>
    {
        public void Report(string value)
        {
            lock (told) told.Add(value);
        }
    }
}
