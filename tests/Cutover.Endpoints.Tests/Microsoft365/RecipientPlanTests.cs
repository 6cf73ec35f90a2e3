using System.Text.Json;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Lab;
using Cutover.Lab.Microsoft365.Directory;
using Cutover.Lab.Organisation;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>What a plan says is what provisioning then does; the plan itself writes nothing.</summary>
public sealed class RecipientPlanTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task A_plan_says_create_before_and_match_after_a_whole_organisation_is_put_in_place()
    {
        using var dns = new TxtServer();
        await using var lab = await TenantLab.StartAsync(options => options with { DnsServer = dns.Address });
        var contoso = ContosoGenerator.Create(new LabOptions { WorkDirectory = Path.GetTempPath(), Mailboxes = 20, Seed = 7 }).Recipients;
        var untouched = Tenant(lab);

        var before = await PlanAsync(lab, contoso, "contoso.com");
        Assert.Equal(untouched, Tenant(lab));
        await Microsoft365ProvisionerTests.ProveAsync(lab, dns, "contoso.com");
        var results = await new RecipientProvisioning(await lab.OpenProvisionerAsync(), new Passwords()).RunAsync(contoso, null, Ct);
        var after = await PlanAsync(lab, contoso);

        Assert.All(before, planned => Assert.Equal(Made(planned, PlannedAction.Create), planned.Action));
        Assert.All(after, planned => Assert.Equal((Made(planned, PlannedAction.Match), ""), (planned.Action, string.Join("; ", planned.Changes))));
        Assert.All(results.Where(result => result.Recipient.Type == RecipientType.UserMailbox), result => Assert.Equal(
            lab.Server.Directory.Recipients.Single(there => there.Id.ToString() == result.Provisioned!.TargetId).UserPrincipalName,
            before.Single(planned => planned.Recipient == result.Recipient).SignInName));
    }

    [Fact]
    public async Task A_user_that_lacks_details_is_changed_as_the_plan_says()
    {
        await using var lab = await TenantLab.StartAsync();
        var anna = TenantLab.User("anna");
        await ProvisionAsync(lab, anna);
        var known = anna with { Details = new RecipientDetails(Title: "Head of post", City: "Delft"), EmailAddresses = [.. anna.EmailAddresses, $"smtp:a@{TenantLab.Domain}"] };

        var planned = Assert.Single(await PlanAsync(lab, [known]));

        Assert.Equal(PlannedAction.Change, planned.Action);
        Assert.Contains("fill in job title, city", planned.Changes);
        Assert.Contains(planned.Changes, change => change.StartsWith("add ", StringComparison.Ordinal) && change.Contains($"a@{TenantLab.Domain}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_and_addresses_that_collide_in_the_source_are_found_on_both_recipients()
    {
        await using var lab = await TenantLab.StartAsync();
        // Both characters become an underscore in a sign-in name.
        var (plus, star) = (Named("o+k", "ok1"), Named("o*k", "ok2"));
        var (one, two) = (TenantLab.User("same"), TenantLab.Recipient("other", RecipientType.SharedMailbox) with { Alias = "same" });
        var twice = TenantLab.User("twice") with { EmailAddresses = [$"SMTP:twice@{TenantLab.Domain}", $"smtp:ok1@{TenantLab.Domain}"] };
        plus = plus with { EmailAddresses = [.. plus.EmailAddresses, $"smtp:ok1@{TenantLab.Domain}"] };

        var planned = await PlanAsync(lab, [plus, star, one, two, twice, TenantLab.User("fine")]);

        Assert.All(planned.SkipLast(1), each => Assert.Equal(PlannedAction.Conflict, each.Action));
        Assert.Equal(PlannedAction.Create, planned[^1].Action);
        Assert.Contains(planned[1].Findings, finding => finding.Message.Contains($"the same sign-in name as o+k@{TenantLab.Domain}: o_k@", StringComparison.Ordinal));
        Assert.Contains(planned[3].Findings, finding => finding.Message.Contains("the same alias as", StringComparison.Ordinal));
        Assert.Contains(planned[4].Findings, finding => finding.Message.Contains($"the same address as o+k@{TenantLab.Domain}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_tenant_has_already_in_another_shape_is_a_conflict_and_stays_as_it_is()
    {
        await using var lab = await TenantLab.StartAsync();
        await ProvisionAsync(lab, TenantLab.Recipient("team", RecipientType.MailUniversalDistributionGroup));
        await ProvisionAsync(lab, TenantLab.Recipient("desk", RecipientType.SharedMailbox));
        var there = Tenant(lab);

        var planned = await PlanAsync(lab,
        [
            TenantLab.Recipient("team", RecipientType.MailUniversalSecurityGroup),
            TenantLab.User("berta") with { EmailAddresses = [$"SMTP:berta@{TenantLab.Domain}", $"smtp:desk@{TenantLab.Domain}"] },
            TenantLab.Recipient("new", RecipientType.MailUniversalDistributionGroup) with { Alias = "desk" },
            TenantLab.User("far") with { PrimarySmtpAddress = "far@elsewhere.test", EmailAddresses = ["SMTP:far@elsewhere.test"] },
        ]);

        Assert.All(planned, each => Assert.Equal(PlannedAction.Conflict, each.Action));
        Assert.All(planned, each => Assert.NotEmpty(Assert.Single(each.Findings).NextStep));
        Assert.Equal(there, Tenant(lab));
    }

    [Fact]
    public async Task Each_conflict_is_settled_by_the_decision_that_its_finding_names()
    {
        await using var lab = await TenantLab.StartAsync();
        await lab.OpenMailboxAsync("anna");
        Recipient[] recipients =
        [
            Named("anna2", "anna"), TenantLab.User("bert") with { EmailAddresses = [$"SMTP:bert@{TenantLab.Domain}", $"smtp:anna@{TenantLab.Domain}"] },
            TenantLab.User("carl") with { PrimarySmtpAddress = "carl@contoso.local", EmailAddresses = ["SMTP:carl@contoso.local"] },
            TenantLab.Recipient("all", RecipientType.DynamicDistributionGroup) with { RecipientFilter = null },
        ];

        var conflicts = await PlanAsync(lab, recipients);
        var decisions = conflicts.ToDictionary(one => one.Recipient.PrimarySmtpAddress, one => Settle(Assert.Single(one.Findings).Settlement!));
        var settled = await PlanAsync(lab, [.. recipients.Select(new RecipientDecisions(decisions, new Dictionary<string, string>()).Apply)]);

        Assert.Equal([PlannedAction.Conflict, PlannedAction.Conflict, PlannedAction.Conflict, PlannedAction.ByHand], conflicts.Select(one => one.Action));
        Assert.All(settled, one => Assert.Equal((PlannedAction.Create, ""), (one.Action, string.Join("; ", one.Findings.Where(finding => finding.Settlement is not null).Select(finding => finding.Message)))));

        static RecipientDecision Settle(Settlement settlement) => settlement.Kind switch
        {
            SettlementKind.OtherAlias => new() { Alias = "anna.two" },
            SettlementKind.WithoutAddress => new() { WithoutAddresses = [settlement.Address!] },
            SettlementKind.OtherPrimaryAddress => new() { PrimarySmtpAddress = $"carl@{TenantLab.Domain}" },
            _ => new() { RecipientFilter = "(City -eq 'Delft')" },
        };
    }

    [Fact]
    public async Task A_dynamic_group_is_left_to_its_command_and_a_long_name_is_told()
    {
        await using var lab = await TenantLab.StartAsync();
        var longName = new string('n', 70);

        var planned = await PlanAsync(lab, [TenantLab.Recipient("all", RecipientType.DynamicDistributionGroup) with { RecipientFilter = null }, Named(longName, "long")]);

        Assert.Equal(PlannedAction.ByHand, planned[0].Action);
        Assert.Contains("New-DynamicDistributionGroup", Assert.Single(planned[0].Findings).NextStep);
        Assert.Equal((PlannedAction.Create, $"{longName[..64]}@{TenantLab.Domain}"), (planned[1].Action, planned[1].SignInName));
        Assert.Contains("will sign in as", Assert.Single(planned[1].Findings).Message);
    }

    [Fact]
    public async Task A_mailbox_without_a_licence_is_counted_down_thirty_days_from_its_making()
    {
        await using var lab = await TenantLab.StartAsync();
        await lab.OpenMailboxAsync("anna");
        await lab.OpenMailboxAsync("bert");
        var anna = lab.Server.Directory.Recipients.Single(recipient => recipient.Alias == "anna");
        await lab.Graph.PostAsync($"users/{anna.Id}/assignLicense", new LicenceChange([], [anna.Licences.Single().SkuId]), GraphJson.Default.LicenceChange, GraphJson.Default.GraphUser, Ct);

        var plan = await (await lab.OpenProvisionerAsync()).PlanLicencesAsync([], Ct);

        Assert.Equal(($"anna@{TenantLab.Domain}", anna.MailboxReady!.Value.AddDays(30)), (Assert.Single(plan.Unlicensed).PrimarySmtpAddress, plan.Unlicensed[0].DisabledOn));
    }

    [Fact]
    public async Task A_licence_plan_counts_who_has_one_who_gets_one_and_how_many_are_short()
    {
        await using var lab = await TenantLab.StartAsync(options => options with
        {
            Subscriptions = [Subscription.ExchangeStandard(seats: 2), Subscription.WithoutMailbox(seats: 50)],
        });
        var (anna, bert, carla, room) = (TenantLab.User("anna"), TenantLab.User("bert"), TenantLab.User("carla"), TenantLab.Recipient("room", RecipientType.RoomMailbox));
        var provisioner = await lab.OpenProvisionerAsync();
        await provisioner.AssignLicenceAsync(anna, await ProvisionAsync(lab, anna), Ct);

        var plan = await (await lab.OpenProvisionerAsync()).PlanLicencesAsync([anna, bert, carla, room], Ct);

        var stock = Assert.Single(plan.Stock);
        Assert.Equal((2, 1, 1), (stock.Owned, stock.Used, stock.Free));
        Assert.Equal([(stock.Name, true), (stock.Name, false), (null, false)], plan.Users.Select(user => (user.Licence, user.IsThere)));
        Assert.Equal((1, "NL"), (plan.Short, plan.UsageLocation));
    }

    private static PlannedAction Made(PlannedRecipient planned, PlannedAction action) =>
        planned.Recipient.Type == RecipientType.DynamicDistributionGroup ? PlannedAction.ByHand : action;

    private static Recipient Named(string localPart, string alias) => TenantLab.User(alias) with
    {
        PrimarySmtpAddress = $"{localPart}@{TenantLab.Domain}",
        EmailAddresses = [$"SMTP:{localPart}@{TenantLab.Domain}"],
    };

    private static async Task<ProvisionedRecipient> ProvisionAsync(TenantLab lab, Recipient recipient) =>
        await (await lab.OpenProvisionerAsync()).ProvisionAsync(recipient, new Passwords(), Ct);

    private static async Task<IReadOnlyList<PlannedRecipient>> PlanAsync(TenantLab lab, IReadOnlyList<Recipient> recipients, params string[] domainsToCome) =>
        await (await lab.OpenProvisionerAsync()).PlanAsync(recipients, domainsToCome, Ct);

    private static string Tenant(TenantLab lab) => JsonSerializer.Serialize(lab.Server.Directory.Recipients.OrderBy(recipient => recipient.Id));
}
