using System.Net.Http.Headers;
using System.Text;

namespace Cutover.Lab.Tests.Microsoft365;

public sealed class ExchangeOnlineTests : IAsyncLifetime
{
    private const string Domain = TenantFixture.Domain;
    private TenantFixture tenant = null!;

    public async ValueTask InitializeAsync() => tenant = await TenantFixture.StartAsync();

    public ValueTask DisposeAsync() => tenant.DisposeAsync();

    [Fact]
    public async Task The_envelope_is_case_sensitive_and_parameters_are_never_null()
    {
        string[] wrong =
        [
            """{"cmdletInput":{"CmdletName":"Get-Mailbox","Parameters":{} } }""", """{"CmdletInput":{"cmdletName":"Get-Mailbox","Parameters":{} } }""",
            """{"CmdletInput":{"CmdletName":"Get-Mailbox","Parameters":null} }""", """{"CmdletInput":{"CmdletName":"Get-Mailbox"} }""", "nonsense",
        ];

        foreach (var envelope in wrong) Assert.Equal(400, (await tenant.InvokeCommandAsync(envelope)).Status);
        (await tenant.InvokeCommandAsync("""{"CmdletInput":{"CmdletName":"Get-Mailbox","Parameters":{} } }""")).Expect(200);
    }

    [Fact]
    public async Task Neither_role_alone_opens_the_service()
    {
        await using var withoutAppRole = await TenantFixture.StartAsync(options => options with { ExchangeRoles = [] });
        await using var withoutDirectoryRole = await TenantFixture.StartAsync(options => options with { IsExchangeAdministrator = false });

        var forbidden = await withoutDirectoryRole.CmdletAsync("Get-Mailbox");

        Assert.Equal(401, (await withoutAppRole.CmdletAsync("Get-Mailbox")).Status);
        Assert.Equal(403, forbidden.Status);
        Assert.Equal(new string('\0', 4096), forbidden.Text);
    }

    [Fact]
    public async Task A_token_for_Graph_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/adminapi/beta/{tenant.Server.TenantId}/InvokeCommand")
        {
            Content = new StringContent("""{"CmdletInput":{"CmdletName":"Get-Mailbox","Parameters":{} } }""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tenant.BearerAsync(TenantFixture.GraphScope));

        using var answer = await tenant.Http.SendAsync(request);

        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("Get-Mailbox", """{"BogusParameter":1}""", "BogusParameter")]
    [InlineData("New-MailContact", """{"Name":"Ann","ExternalEmailAddress":"ann@fabrikam.com","PrimarySmtpAddress":"ann@fabrikam.com"}""", "PrimarySmtpAddress")]
    [InlineData("Set-Mailbox", """{"Identity":"adele","PrimarySmtpAddress":"adele@fabrikam.com"}""", "PrimarySmtpAddress")]
    public async Task Unknown_and_on_premises_parameters_are_refused_by_type(string cmdlet, string parameters, string named)
    {
        var reply = await tenant.CmdletAsync(cmdlet, parameters);

        Assert.Equal(400, reply.Status);
        Assert.Equal(
            "|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|Parameter set cannot be resolved using the specified named parameters. "
            + $"Invalid cmdlet parameters specified. {named}", reply.Body["error"]!["details"]![0]!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_cmdlet_of_the_old_server_is_unknown() =>
        Assert.Contains("not recognized", (await tenant.CmdletAsync("Enable-MailUser", """{"Identity":"x"}""")).CmdletError);

    [Fact]
    public async Task A_recipient_that_is_not_there_is_a_404_with_its_type()
    {
        var reply = await tenant.CmdletAsync("Get-Recipient", """{"Identity":"nobody@contoso.com"}""");

        Assert.Equal(404, reply.Status);
        Assert.Contains("|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|", reply.Text);
        Assert.Contains("object 'nobody@contoso.com' couldn't be found", reply.CmdletError);
    }

    [Theory]
    [InlineData("Shared", "SharedMailbox")]
    [InlineData("Room", "RoomMailbox")]
    [InlineData("Equipment", "EquipmentMailbox")]
    public async Task A_shared_or_resource_mailbox_needs_no_licence(string kind, string type)
    {
        await tenant.CmdletAsync("New-Mailbox", $$"""{"Name":"Sales","{{kind}}":true,"Alias":"sales","PrimarySmtpAddress":"sales@{{Domain}}"}""");

        var mailbox = Assert.Single((await tenant.CmdletAsync("Get-Mailbox", """{"Identity":"sales"}""")).Values);
        Assert.Equal(type, mailbox["RecipientTypeDetails"]!.GetValue<string>());
        Assert.Equal("#Collection(String)", mailbox["EmailAddresses@odata.type"]!.GetValue<string>());
        (await tenant.GetAsync($"/users/sales@{Domain}/settings/exchange")).Expect(200);
        (await tenant.GraphAsync(HttpMethod.Patch, $"/users/sales@{Domain}", """{"accountEnabled":false}""")).Expect(204);
    }

    [Fact]
    public async Task Addresses_are_replaced_added_and_removed()
    {
        await tenant.CreateMailboxAsync("adele");

        await SetAddressesAsync($$"""["SMTP:adele.vance@{{Domain}}","smtp:adele@{{Domain}}","X500:/o=Contoso/cn=adele"]""");
        (await tenant.CmdletAsync("Set-Mailbox", $$"""
            {"Identity":"adele","EmailAddresses":{"@odata.type":"#Exchange.GenericHashTable","add":["smtp:av@{{Domain}}"],"Remove":["smtp:adele@{{Domain}}"]} }
            """)).Expect(200);

        Assert.Equal([$"SMTP:adele.vance@{Domain}", "X500:/o=Contoso/cn=adele", $"smtp:av@{Domain}"],
            tenant.Server.Directory.FindUser($"adele@{Domain}")!.EmailAddresses);
        Assert.NotNull(tenant.Server.Directory.FindByAddress("x500:/O=CONTOSO/CN=ADELE"));
    }

    [Fact]
    public async Task A_hash_table_without_its_type_is_refused()
    {
        await tenant.CreateMailboxAsync("adele");

        var reply = await tenant.CmdletAsync("Set-Mailbox", """{"Identity":"adele","EmailAddresses":{"add":["smtp:av@contoso.com"]} }""");

        Assert.Contains("ParameterTransformationException", reply.Text);
    }

    [Fact]
    public async Task An_address_belongs_to_one_recipient_of_whatever_kind()
    {
        await tenant.CreateMailboxAsync("adele");
        await SetAddressesAsync($$"""["SMTP:adele@{{Domain}}","X500:/o=Contoso/cn=adele"]""");

        var contact = await tenant.CmdletAsync("New-MailContact", $$"""{"Name":"Ann","ExternalEmailAddress":"adele@{{Domain}}"}""");
        var group = await tenant.CmdletAsync("New-DistributionGroup", $$"""{"Name":"All","PrimarySmtpAddress":"ADELE@{{Domain}}"}""");
        (await tenant.CmdletAsync("New-MailContact", """{"Name":"Ann","ExternalEmailAddress":"ann@fabrikam.com"}""")).Expect(200);
        var x500 = await tenant.CmdletAsync("Set-MailContact", """{"Identity":"Ann","EmailAddresses":["SMTP:ann@fabrikam.com","x500:/o=contoso/cn=ADELE"]}""");
        var user = await tenant.PostAsync("/users", """
            {"accountEnabled":true,"displayName":"x","mailNickname":"x","userPrincipalName":"ann@fabrikam.com","passwordProfile":{"password":"xWwvJ]6NMw"} }
            """);

        Assert.Equal(
            $"The proxy address \"SMTP:adele@{Domain}\" is already being used by the proxy addresses or LegacyExchangeDN of \"adele\". Please choose another proxy address.", contact.CmdletError);
        Assert.Contains("already being used", group.CmdletError);
        Assert.Contains("already being used", x500.CmdletError);
        Assert.Equal(400, user.Status);
    }

    [Fact]
    public async Task An_address_needs_an_accepted_domain_except_at_a_contact()
    {
        await tenant.CreateMailboxAsync("adele");

        var mailbox = await tenant.CmdletAsync("Set-Mailbox", """{"Identity":"adele","EmailAddresses":["SMTP:adele@fabrikam.com"]}""");

        Assert.Contains("not an accepted domain", mailbox.CmdletError);
        (await tenant.CmdletAsync("New-MailContact", """{"Name":"Ann","ExternalEmailAddress":"ann@fabrikam.com"}""")).Expect(200);
    }

    [Theory]
    [InlineData("""["smtp:a@contoso.onmicrosoft.com"]""", "no primary")]
    [InlineData("""["SMTP:a@contoso.onmicrosoft.com","SMTP:b@contoso.onmicrosoft.com"]""", "multiple primary")]
    [InlineData("""["SMTP:not an address"]""", "isn't a valid SMTP address")]
    public async Task A_list_of_addresses_has_one_primary_and_valid_addresses(string addresses, string refusal)
    {
        await tenant.CreateMailboxAsync("adele");

        Assert.Contains(refusal, (await tenant.CmdletAsync("Set-Mailbox", $$"""{"Identity":"adele","EmailAddresses":{{addresses}} }""")).CmdletError);
    }

    [Fact]
    public async Task A_contact_has_details_a_manager_and_can_be_hidden()
    {
        await tenant.CreateMailboxAsync("adele");
        await tenant.CmdletAsync("New-MailContact", """{"Name":"Ann","ExternalEmailAddress":"ann@fabrikam.com","FirstName":"Ann"}""");
        (await tenant.CmdletAsync("Set-Contact", """{"Identity":"Ann","Phone":"+31 20 1","Company":"Fabrikam","CountryOrRegion":"NL","Manager":"adele"}""")).Expect(200);
        (await tenant.CmdletAsync("Set-MailContact", """{"Identity":"ann@fabrikam.com","HiddenFromAddressListsEnabled":true}""")).Expect(200);

        var contact = tenant.Server.Directory.FindByAddress("ann@fabrikam.com")!;
        Assert.True(contact.HiddenFromAddressLists);
        Assert.Equal("Fabrikam", contact.Attribute("companyName"));
        Assert.Equal(tenant.Server.Directory.FindUser($"adele@{Domain}")!.Id, contact.Manager);
        Assert.Contains("already exists", (await tenant.CmdletAsync("New-MailContact", """{"Name":"ann","ExternalEmailAddress":"other@fabrikam.com"}""")).CmdletError);
    }

    [Fact]
    public async Task A_mail_user_needs_a_sign_in_name_and_a_password()
    {
        var without = await tenant.CmdletAsync("New-MailUser", """{"Name":"Bob","ExternalEmailAddress":"bob@fabrikam.com"}""");
        (await tenant.CmdletAsync("New-MailUser",
            $$"""{"Name":"Bob","MicrosoftOnlineServicesID":"bob@{{Domain}}","Password":"xWwvJ]6NMw+bWH-d","ExternalEmailAddress":"bob@fabrikam.com"}""")).Expect(200);
        (await tenant.CmdletAsync("Set-MailUser", $$"""{"Identity":"Bob","EmailAddresses":["SMTP:bob@{{Domain}}","smtp:bob@fabrikam.com"]}""")).Expect(200);

        Assert.Contains("AmbiguousParameterSetException", without.Text);
        Assert.Equal("SMTP:bob@fabrikam.com",
            Assert.Single((await tenant.CmdletAsync("Get-MailUser")).Values)["ExternalEmailAddress"]!.GetValue<string>());
        Assert.Equal("MailUser", tenant.Server.Directory.FindUser($"bob@{Domain}")!.Type.ToString());
    }

    [Fact]
    public async Task A_security_group_stays_one_and_nests()
    {
        await tenant.CreateMailboxAsync("adele");
        (await tenant.CmdletAsync("New-DistributionGroup", """{"Name":"Staff","Type":"Security","ManagedBy":["adele"],"Members":["adele"]}""")).Expect(200);
        (await tenant.CmdletAsync("New-DistributionGroup", """{"Name":"All","Members":["Staff"]}""")).Expect(200);

        var staff = Assert.Single((await tenant.CmdletAsync("Get-DistributionGroup", """{"Identity":"Staff"}""")).Values);
        var members = (await tenant.CmdletAsync("Get-DistributionGroupMember", """{"Identity":"All","ResultSize":"Unlimited"}""")).Values;

        Assert.Equal("MailUniversalSecurityGroup", staff["RecipientTypeDetails"]!.GetValue<string>());
        Assert.Equal("Staff", Assert.Single(members)["Name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Members_are_added_once_removed_once_and_replaced()
    {
        await tenant.CreateMailboxAsync("adele");
        await tenant.CreateMailboxAsync("bart");
        await tenant.CmdletAsync("New-DistributionGroup", """{"Name":"All"}""");
        const string Adele = """{"Identity":"All","Member":"adele","BypassSecurityGroupManagerCheck":true}""";

        Assert.Contains("manager of the group", (await tenant.CmdletAsync("Add-DistributionGroupMember", """{"Identity":"All","Member":"adele"}""")).CmdletError);
        (await tenant.CmdletAsync("Add-DistributionGroupMember", Adele)).Expect(200);
        Assert.Contains("is already a member of the group", (await tenant.CmdletAsync("Add-DistributionGroupMember", Adele)).CmdletError);
        (await tenant.CmdletAsync("Remove-DistributionGroupMember", Adele)).Expect(200);
        Assert.Contains("isn't a member of the group", (await tenant.CmdletAsync("Remove-DistributionGroupMember", Adele)).CmdletError);
        (await tenant.CmdletAsync("Update-DistributionGroupMember",
            $$"""{"Identity":"All","Members":["adele","bart@{{Domain}}"],"BypassSecurityGroupManagerCheck":true,"Confirm":false}""")).Expect(200);

        Assert.Equal(2, (await tenant.CmdletAsync("Get-DistributionGroupMember", """{"Identity":"All"}""")).Values.Count);
    }

    [Fact]
    public async Task A_contact_can_not_own_a_group()
    {
        await tenant.CmdletAsync("New-MailContact", """{"Name":"Ann","ExternalEmailAddress":"ann@fabrikam.com"}""");

        Assert.Contains("valid owner", (await tenant.CmdletAsync("New-DistributionGroup", """{"Name":"All","ManagedBy":["Ann"]}""")).CmdletError);
    }

    [Fact]
    public async Task Rights_are_granted_once_and_shown_with_the_owners_own_row()
    {
        await tenant.CreateMailboxAsync("adele");
        await tenant.CreateMailboxAsync("bart");
        const string FullAccess = """{"Identity":"adele","User":"bart","AccessRights":["FullAccess"],"AutoMapping":false,"InheritanceType":"All"}""";

        (await tenant.CmdletAsync("Add-MailboxPermission", FullAccess)).Expect(200);
        var again = (await tenant.CmdletAsync("Add-MailboxPermission", FullAccess)).Expect(200);
        (await tenant.CmdletAsync("Add-RecipientPermission", """{"Identity":"adele","Trustee":"bart","AccessRights":["SendAs"],"Confirm":false}""")).Expect(200);
        (await tenant.CmdletAsync("Set-Mailbox",
            """{"Identity":"adele","GrantSendOnBehalfTo":{"@odata.type":"#Exchange.GenericHashTable","Add":["bart"]} }""")).Expect(200);

        Assert.Contains("already present", again["@adminapi.warnings"]![0]!.GetValue<string>());
        var rows = (await tenant.CmdletAsync("Get-MailboxPermission", """{"Identity":"adele"}""")).Values;
        Assert.Equal(["NT AUTHORITY\\SELF", $"bart@{Domain}"], rows.Select(row => row["User"]!.GetValue<string>()));
        Assert.Equal("FullAccess, ReadPermission", rows[0]["AccessRights"]![0]!.GetValue<string>());
        Assert.Equal($"bart@{Domain}", Assert.Single((await tenant.CmdletAsync("Get-RecipientPermission", """{"Identity":"adele"}""")).Values)["Trustee"]!.GetValue<string>());
        Assert.Equal([tenant.Server.Directory.FindUser($"bart@{Domain}")!.Id],
            tenant.Server.Directory.FindUser($"adele@{Domain}")!.GrantSendOnBehalfTo);
        (await tenant.CmdletAsync("Set-Mailbox",
            $$"""{"Identity":"adele","GrantSendOnBehalfTo":{"@odata.type":"#Exchange.GenericHashTable","Remove":["bart@{{Domain}}"]} }""")).Expect(200);
        Assert.Empty(tenant.Server.Directory.FindUser($"adele@{Domain}")!.GrantSendOnBehalfTo);
    }

    [Fact]
    public async Task A_mailbox_can_be_converted_and_a_room_accepts_by_itself()
    {
        await tenant.CreateMailboxAsync("adele");

        (await tenant.CmdletAsync("Set-Mailbox", """{"Identity":"adele","Type":"Room"}""")).Expect(200);
        (await tenant.CmdletAsync("Set-CalendarProcessing", """{"Identity":"adele","AutomateProcessing":"AutoAccept","AllowConflicts":true}""")).Expect(200);

        Assert.Equal("RoomMailbox", tenant.Server.Directory.FindUser($"adele@{Domain}")!.Type.ToString());
        Assert.True((await tenant.CmdletAsync("Get-CalendarProcessing", """{"Identity":"adele"}""")).Values[0]["AllowConflicts"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Setting_what_is_so_warns()
    {
        await tenant.CreateMailboxAsync("adele");

        var body = (await tenant.CmdletAsync("Set-Mailbox", """{"Identity":"adele","HiddenFromAddressListsEnabled":false}""")).Expect(200);

        Assert.Contains("no settings of 'adele' have been modified", body["@adminapi.warnings"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Results_stop_at_their_size_with_a_warning_and_pages_continue_with_the_same_anchor()
    {
        foreach (var alias in (string[])["a1", "b2", "c3"]) await tenant.CmdletAsync("New-MailContact", $$"""{"Name":"{{alias}}","ExternalEmailAddress":"{{alias}}@fabrikam.com"}""");

        var cut = (await tenant.CmdletAsync("Get-MailContact", """{"ResultSize":2}""")).Expect(200);
        var first = await tenant.CmdletAsync("Get-MailContact", """{"ResultSize":"Unlimited"}""", "?$select=Name", "odata.maxpagesize=2");
        var next = new Uri(first.Body["@odata.nextLink"]!.GetValue<string>());
        var second = await tenant.CmdletAsync("Get-MailContact", """{"ResultSize":"Unlimited"}""", next.Query, "odata.maxpagesize=2");

        Assert.Contains("There are more results available", cut["@adminapi.warnings"]![0]!.GetValue<string>());
        Assert.Equal(["a1", "b2"], first.Values.Select(value => Assert.Single(value).Value!.GetValue<string>()));
        Assert.Equal("c3", Assert.Single(second.Values)["Name"]!.GetValue<string>());
        tenant.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Contains("Expired or Invalid pagination", (await tenant.CmdletAsync("Get-MailContact", """{"ResultSize":"Unlimited"}""", next.Query)).CmdletError);
    }

    [Fact]
    public async Task Recipients_outlive_the_process()
    {
        await tenant.CreateMailboxAsync("adele");
        await tenant.CmdletAsync("New-DistributionGroup", """{"Name":"All","Members":["adele"]}""");
        var before = tenant.Server.Directory.Recipients;

        await tenant.RestartAsync();

        Assert.Equal(before.Select(recipient => (recipient.Id, recipient.Name)),
            tenant.Server.Directory.Recipients.Select(recipient => (recipient.Id, recipient.Name)));
        Assert.Single((await tenant.CmdletAsync("Get-DistributionGroupMember", """{"Identity":"All"}""")).Values);
    }

    private async Task SetAddressesAsync(string addresses) =>
        (await tenant.CmdletAsync("Set-Mailbox", $$"""{"Identity":"adele","EmailAddresses":{{addresses}} }""")).Expect(200);
}
