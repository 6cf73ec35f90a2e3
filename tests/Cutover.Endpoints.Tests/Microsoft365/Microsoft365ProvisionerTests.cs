using System.Text.Json;
using Cutover.Core.Domains;
using Cutover.Core.Faults;
using Cutover.Core.Messages;
using Cutover.Core.Recipients;
using Cutover.Lab;
using Cutover.Lab.Faults;
using Cutover.Lab.Microsoft365.Directory;
using Cutover.Lab.Organisation;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>What is Microsoft 365's own in making recipients: sign-in names, licences, eventual consistency, lost answers, domains.</summary>
public sealed class Microsoft365ProvisionerTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task A_whole_organisation_is_put_in_place_and_a_second_run_changes_nothing()
    {
        using var dns = new TxtServer();
        await using var lab = await TenantLab.StartAsync(options => options with { DnsServer = dns.Address });
        await ProveAsync(lab, dns, "contoso.com");
        var contoso = ContosoGenerator.Create(new LabOptions { WorkDirectory = Path.GetTempPath(), Mailboxes = 20, Seed = 7 });
        var passwords = new Passwords();

        var first = await RunAsync(lab, contoso.Recipients, passwords);
        var after = JsonSerializer.Serialize(lab.Server.Directory.Recipients.OrderBy(recipient => recipient.Id));
        var kept = passwords.Count;
        var second = await RunAsync(lab, contoso.Recipients, passwords);

        Assert.All(first, result => Assert.True(result.Fault is null || result.Recipient.Type == RecipientType.DynamicDistributionGroup, result.Fault?.ToString()));
        foreach (var result in first.Where(result => result.Fault is null)) CheckPlaced(lab, result, contoso.Recipients);
        Assert.All(second.Where(result => result.Fault is null), result => Assert.Equal(ProvisioningOutcome.Matched, result.Provisioned!.Outcome));
        Assert.Equal(after, JsonSerializer.Serialize(lab.Server.Directory.Recipients.OrderBy(recipient => recipient.Id)));
        Assert.Equal(kept, passwords.Count);
        Assert.Equal(first.Select(result => result.MailboxId), second.Select(result => result.MailboxId));
    }

    [Fact]
    public async Task An_account_whose_creation_got_no_answer_is_made_once_and_keeps_its_password()
    {
        await using var lab = await TenantLab.StartAsync();
        var provisioner = await lab.OpenProvisionerAsync();
        var passwords = new Passwords();
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, "POST /v1.0/users"));

        var created = await provisioner.ProvisionAsync(TenantLab.User("anna"), passwords, Ct);

        Assert.Equal(ProvisioningOutcome.Created, created.Outcome);
        Assert.Equal(1, passwords.Count);
        Assert.Single(lab.Server.Directory.Recipients, recipient => recipient.UserPrincipalName == $"anna@{TenantLab.Domain}");
    }

    [Theory]
    [InlineData(RecipientType.SharedMailbox)]
    [InlineData(RecipientType.MailUniversalSecurityGroup)]
    public async Task A_recipient_whose_creation_got_no_answer_is_made_once(RecipientType type)
    {
        await using var lab = await TenantLab.StartAsync();
        var provisioner = await lab.OpenProvisionerAsync();
        // Every second: the look is answered, the creation is not.
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, "InvokeCommand", Every: 2));

        var placed = await provisioner.ProvisionAsync(TenantLab.Recipient("thing", type), new Passwords(), Ct);

        Assert.Equal(placed.TargetId, Assert.Single(lab.Server.Directory.Recipients, recipient => recipient.Alias == "thing").Id.ToString());
    }

    [Fact]
    public async Task A_slow_busy_and_forgetful_tenant_ends_with_every_recipient_right_once()
    {
        using var dns = new TxtServer();
        await using var lab = await TenantLab.StartAsync(options => options with
        {
            DnsServer = dns.Address,
            MailboxProvisioningDelay = TimeSpan.FromMilliseconds(150),
            ReplicationDelay = TimeSpan.FromMilliseconds(100),
        });
        await ProveAsync(lab, dns, "contoso.com");
        var organisation = ContosoGenerator.Create(new LabOptions { WorkDirectory = Path.GetTempPath(), Mailboxes = 12, Seed = 11 }).Recipients;
        var before = lab.Server.Directory.Recipients.Count;
        lab.Faults.Add(new FaultRule(FaultKind.TooManyRequests, "/v1.0/", Every: 5, Times: 40));
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, "/v1.0/", Every: 7, Times: 40));
        lab.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "InvokeCommand", Every: 4, Times: 40));
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, "InvokeCommand", Every: 5, Times: 40));

        var results = await RunAsync(lab, organisation, new Passwords());

        var made = results.Where(result => result.Recipient.Type != RecipientType.DynamicDistributionGroup).ToList();
        Assert.All(made, result => Assert.Null(result.Fault));
        foreach (var result in made) CheckPlaced(lab, result, organisation);
        Assert.Equal(before + made.Count, lab.Server.Directory.Recipients.Count);
    }

    [Fact]
    public async Task Waiting_for_replication_and_for_the_mailbox_is_patient()
    {
        await using var lab = await TenantLab.StartAsync(options => options with
        {
            MailboxProvisioningDelay = TimeSpan.FromMilliseconds(150),
            ReplicationDelay = TimeSpan.FromMilliseconds(100),
        });

        var result = Assert.Single(await RunAsync(lab, [TenantLab.User("anna")], new Passwords()));

        Assert.Null(result.Fault);
        Assert.StartsWith("MBX:", result.MailboxId);
    }

    [Fact]
    public async Task Characters_that_a_sign_in_name_can_not_have_are_mapped_and_the_address_stays()
    {
        await using var lab = await TenantLab.StartAsync();
        var anna = TenantLab.User("anna+sales&more");

        var result = Assert.Single(await RunAsync(lab, [anna], new Passwords()));

        Assert.Null(result.Fault);
        var user = Assert.Single(lab.Server.Directory.Recipients);
        Assert.Equal($"anna_sales_more@{TenantLab.Domain}", user.UserPrincipalName);
        Assert.Equal(anna.PrimarySmtpAddress, user.PrimarySmtpAddress);
    }

    [Fact]
    public async Task A_mapped_name_that_is_somebody_elses_is_a_clash()
    {
        await using var lab = await TenantLab.StartAsync();
        var provisioner = await lab.OpenProvisionerAsync();
        await RunAsync(lab, [TenantLab.User("anna_sales")], new Passwords());

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => provisioner.ProvisionAsync(TenantLab.User("anna+sales"), new Passwords(), Ct));

        Assert.Equal((FaultScope.Item, false), (fault.Scope, fault.IsTransient));
        Assert.Contains("belongs to another user (Display anna_sales)", fault.Message);
    }

    [Fact]
    public async Task An_address_of_another_kind_of_recipient_is_a_clash()
    {
        await using var lab = await TenantLab.StartAsync();
        var provisioner = await lab.OpenProvisionerAsync();
        await provisioner.ProvisionAsync(TenantLab.Recipient("info", RecipientType.SharedMailbox), new Passwords(), Ct);

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => provisioner.ProvisionAsync(TenantLab.Recipient("info", RecipientType.RoomMailbox), new Passwords(), Ct));

        Assert.Equal(FaultScope.Item, fault.Scope);
        Assert.Contains("RoomMailbox at the source, but the tenant has a SharedMailbox", fault.Message);
    }

    [Fact]
    public async Task Without_a_free_seat_the_user_is_told_and_others_go_on()
    {
        await using var lab = await TenantLab.StartAsync(options => options with { Subscriptions = [Subscription.Enterprise(1), Subscription.WithoutMailbox(50)] });

        var results = await RunAsync(lab, [TenantLab.User("anna"), TenantLab.User("bob")], new Passwords());

        var fault = Assert.Single(results, result => result.Fault is not null).Fault!;
        Assert.Equal(FaultScope.Item, fault.Scope);
        Assert.Contains("no licence with Exchange Online is free", fault.Message);
        Assert.Single(results, result => result.MailboxId is not null);
    }

    [Fact]
    public async Task Addresses_outside_accepted_domains_are_named_and_the_rest_is_set()
    {
        await using var lab = await TenantLab.StartAsync();
        var anna = TenantLab.User("anna") with
        {
            EmailAddresses = [$"SMTP:anna@{TenantLab.Domain}", $"smtp:a.vance@{TenantLab.Domain}", "smtp:anna@contoso.local", "x500:/o=Old/cn=anna"],
            HiddenFromAddressLists = true,
        };

        var result = Assert.Single(await RunAsync(lab, [anna], new Passwords()));

        Assert.Contains("anna@contoso.local", Assert.Single(result.Findings).Message);
        var user = Assert.Single(lab.Server.Directory.Recipients);
        Assert.Contains($"smtp:a.vance@{TenantLab.Domain}", user.EmailAddresses);
        Assert.Contains("X500:/o=Old/cn=anna", user.EmailAddresses);
        Assert.Contains($"X500:{anna.LegacyExchangeDN}", user.EmailAddresses);
        Assert.True(user.HiddenFromAddressLists);
    }

    [Theory]
    [InlineData(RecipientType.MailContact)]
    [InlineData(RecipientType.MailUser)]
    public async Task Recipients_outside_keep_their_details_and_where_their_mail_goes(RecipientType type)
    {
        await using var lab = await TenantLab.StartAsync();
        var partner = TenantLab.Recipient("partner", type) with
        {
            PrimarySmtpAddress = "pat@fabrikam.com",
            EmailAddresses = ["SMTP:pat@fabrikam.com"],
            ExternalEmailAddress = "SMTP:pat@fabrikam.com",
            Details = new RecipientDetails(Title: "Buyer", Company: "Fabrikam", MobilePhone: "+31 6 1234"),
        };

        for (var time = 0; time < 2; time++)
        {
            var result = Assert.Single(await RunAsync(lab, [partner], new Passwords()));
            Assert.Null(result.Fault);
            Assert.Equal(time == 0 ? ProvisioningOutcome.Created : ProvisioningOutcome.Matched, result.Provisioned!.Outcome);
        }

        var placed = Assert.Single(lab.Server.Directory.Recipients);
        Assert.Equal("SMTP:pat@fabrikam.com", placed.ExternalEmailAddress, ignoreCase: true);
        Assert.Equal(("Buyer", "Fabrikam", "+31 6 1234"), (placed.Attribute("jobTitle"), placed.Attribute("companyName"), placed.Attribute("mobilePhone")));
    }

    [Fact]
    public async Task An_unverified_domain_is_named_before_anything_is_written()
    {
        await using var lab = await TenantLab.StartAsync();
        var provisioner = await lab.OpenProvisionerAsync();

        var fault = await Assert.ThrowsAsync<MigrationFault>(() =>
            provisioner.ProvisionAsync(TenantLab.User("anna") with { PrimarySmtpAddress = "anna@fabrikam.com" }, new Passwords(), Ct));

        Assert.Equal(FaultScope.Item, fault.Scope);
        Assert.Contains("fabrikam.com is not a verified domain", fault.Message);
        Assert.Empty(lab.Server.Directory.Recipients);
    }

    [Fact]
    public async Task A_wrong_secret_is_for_the_operator_in_Microsofts_own_words()
    {
        await using var lab = await TenantLab.StartAsync(clientSecret: "not-the-secret-at-all");
        var domains = await lab.OpenDomainsAsync();

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => domains.GetTenantAsync(Ct));

        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("AADSTS7000215: Invalid client secret provided", fault.Message);
        Assert.Contains("Certificates & secrets", fault.NextStep);
        Assert.DoesNotContain("not-the-secret-at-all", fault.ToString());
    }

    [Fact]
    public async Task A_missing_role_is_for_the_operator()
    {
        await using var lab = await TenantLab.StartAsync(options => options with { IsExchangeAdministrator = false });
        var provisioner = await lab.OpenProvisionerAsync();

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => provisioner.ProvisionAsync(TenantLab.Recipient("info", RecipientType.SharedMailbox), new Passwords(), Ct));

        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("required directory role", fault.Message);
        Assert.Contains("Exchange Administrator", fault.NextStep);
    }

    [Fact]
    public async Task A_domain_is_proved_and_its_records_are_passed_on_as_the_tenant_names_them()
    {
        using var dns = new TxtServer();
        await using var lab = await TenantLab.StartAsync(options => options with { DnsServer = dns.Address, MxStyle = Cutover.Lab.Microsoft365.MxStyle.MxMicrosoft });
        var domains = await lab.OpenDomainsAsync();

        Assert.False(await domains.EnsureDomainAsync("contoso.com", Ct));
        Assert.False(await domains.TryVerifyAsync("contoso.com", Ct));
        await ProveAsync(lab, dns, "contoso.com");
        Assert.True(await domains.TryVerifyAsync("contoso.com", Ct));
        Assert.True(await domains.EnsureDomainAsync("contoso.com", Ct));

        var records = await domains.GetServiceRecordsAsync("contoso.com", Ct);
        Assert.EndsWith(".mx.microsoft", Assert.Single(records.OfType<MxRecord>()).MailExchange);
        Assert.Contains(records.OfType<TxtRecord>(), record => record.Text.StartsWith("v=spf1", StringComparison.Ordinal));
        Assert.Contains(records.OfType<CNameRecord>(), record => record.CanonicalName == "autodiscover.outlook.com");
        Assert.Equal((2500, TenantLab.Domain), await domains.GetTenantAsync(Ct) is var tenant ? (tenant.AvailableExchangeLicences, tenant.InitialDomain) : default);
    }

    [Fact]
    public async Task A_message_is_sent_as_a_mailbox_of_the_tenant()
    {
        await using var lab = await TenantLab.StartAsync();
        await (await lab.OpenMailboxAsync("admin")).DisposeAsync();
        var sender = await lab.OpenSenderAsync($"admin@{TenantLab.Domain}");

        await sender.SendAsync(new UserMessage("welcome.anna", "anna@fabrikam.com", "Welcome", "Hello", "<p>Hello</p>"), Ct);

        var sent = Assert.Single(lab.Server.SentMail);
        Assert.Equal($"admin@{TenantLab.Domain}", sent.Sender);
        Assert.Equal("<p>Hello</p>", sent.Message.HtmlBody?.Trim());
    }

    internal static async Task ProveAsync(TenantLab lab, TxtServer dns, string domain)
    {
        var domains = await lab.OpenDomainsAsync();
        await domains.EnsureDomainAsync(domain, Ct);
        dns.Records[domain] = (await domains.GetVerificationRecordAsync(domain, Ct)).Text;
        Assert.True(await domains.TryVerifyAsync(domain, Ct));
    }

    private static async Task<IReadOnlyList<RecipientResult>> RunAsync(TenantLab lab, IReadOnlyList<Recipient> recipients, Passwords passwords) =>
        await new RecipientProvisioning(await lab.OpenProvisionerAsync(), passwords).RunAsync(recipients, null, Ct);

    private static void CheckPlaced(TenantLab lab, RecipientResult result, IReadOnlyList<Recipient> organisation)
    {
        var wanted = result.Recipient;
        var placed = Assert.Single(lab.Server.Directory.Recipients, recipient => recipient.Id.ToString() == result.Provisioned!.TargetId);
        Assert.Equal(wanted.Type.ToString(), placed.Type.ToString());
        Assert.Equal(wanted.HasMailbox, result.MailboxId is not null);
        Assert.Equal(wanted.HiddenFromAddressLists, placed.HiddenFromAddressLists);
        Assert.Contains($"X500:{wanted.LegacyExchangeDN}", placed.EmailAddresses);
        Assert.Equal(wanted.PrimarySmtpAddress, placed.PrimarySmtpAddress, ignoreCase: true);
        if (wanted.Type is RecipientType.SharedMailbox or RecipientType.RoomMailbox or RecipientType.EquipmentMailbox) Assert.False(placed.AccountEnabled);
        if (wanted.IsGroup) Assert.Equal(Places(lab, wanted.Members, organisation), placed.Members.ToHashSet());
        if (wanted.HasMailbox) Assert.Superset(Places(lab, wanted.Delegates, organisation), placed.GrantSendOnBehalfTo.ToHashSet());
        if (wanted.Manager is not null && wanted.Type == RecipientType.UserMailbox)
            Assert.Equal(Places(lab, [wanted.Manager], organisation), placed.Manager is { } manager ? [manager] : []);
    }

    private static HashSet<Guid> Places(TenantLab lab, IReadOnlyList<string> legacyExchangeDNs, IReadOnlyList<Recipient> organisation) =>
        [.. legacyExchangeDNs.Where(name => organisation.Any(recipient => recipient.LegacyExchangeDN == name && recipient.Type != RecipientType.DynamicDistributionGroup))
            .Select(name => lab.Server.Directory.Recipients.Single(recipient => recipient.EmailAddresses.Contains($"X500:{name}")).Id)];
}

internal sealed class Passwords : IInitialPasswords
{
    private readonly HashSet<string> kept = [];

    /// <summary>What was kept last.</summary>
    public string? Last { get; private set; }

    public int Count
    {
        get
        {
            lock (kept) return kept.Count;
        }
    }

    public Task KeepAsync(string userPrincipalName, string password, CancellationToken ct)
    {
        lock (kept) Assert.True(kept.Add(Last = password), "Two accounts got the same password.");
        return Task.CompletedTask;
    }
}
