using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Graph.Users.Item.AssignLicense;

namespace Cutover.Graph.Conformance.Tests;

/// <summary>Organisation, domains, users and licences through Microsoft's SDK.</summary>
public sealed class DirectoryTests(LabTenant tenant) : IClassFixture<LabTenant>
{
    private GraphServiceClient Graph => tenant.Graph;

    [Fact]
    public async Task The_organisation_tells_its_domains_and_that_it_was_never_synchronised()
    {
        var organization = Assert.Single((await Graph.Organization.GetAsync())!.Value!);

        Assert.Null(organization.OnPremisesSyncEnabled);
        Assert.Equal(LabTenant.Initial, organization.VerifiedDomains!.Single(domain => domain.IsInitial == true).Name);
    }

    [Fact]
    public async Task A_domain_is_added_proved_by_its_TXT_record_and_given_mail_records()
    {
        var added = (await Graph.Domains.PostAsync(new Domain { Id = "fabrikam.com" }))!;
        Assert.False(added.IsVerified);
        Assert.Empty((await Graph.Domains["fabrikam.com"].ServiceConfigurationRecords.GetAsync())!.Value!);
        var proofs = (await Graph.Domains["fabrikam.com"].VerificationDnsRecords.GetAsync())!.Value!;
        var txt = Assert.Single(proofs.OfType<DomainDnsTxtRecord>());
        var mx = Assert.Single(proofs.OfType<DomainDnsMxRecord>());
        Assert.Matches("^MS=ms[0-9]{8}$", txt.Text);
        Assert.Equal($"{txt.Text![3..]}.msv1.invalid", mx.MailExchange);

        var early = await Assert.ThrowsAsync<ODataError>(() => Graph.Domains["fabrikam.com"].Verify.PostAsync());
        tenant.Publish(txt.Text);
        var verified = (await Graph.Domains["fabrikam.com"].Verify.PostAsync())!;
        var again = await Assert.ThrowsAsync<ODataError>(() => Graph.Domains["fabrikam.com"].Verify.PostAsync());
        await Graph.Domains["fabrikam.com"].PatchAsync(new Domain { SupportedServices = ["Email"] });

        Assert.StartsWith("Domain verification failed with the following error:", early.Error!.Message);
        Assert.Equal("Request_BadRequest", early.Error.Code);
        Assert.True(verified.IsVerified);
        Assert.Equal("AvailableImmediately", verified.AvailabilityStatus);
        Assert.Equal("Domain is already verified.", again.Error!.Message);
        var records = (await Graph.Domains["fabrikam.com"].ServiceConfigurationRecords.GetAsync())!.Value!;
        Assert.Equal("fabrikam-com.mail.protection.outlook.com", Assert.Single(records.OfType<DomainDnsMxRecord>()).MailExchange);
        Assert.StartsWith("v=spf1", Assert.Single(records.OfType<DomainDnsTxtRecord>()).Text);
        Assert.Equal("autodiscover.outlook.com", Assert.Single(records.OfType<DomainDnsCnameRecord>()).CanonicalName);
    }

    [Fact]
    public async Task A_domain_is_deleted_when_nothing_refers_to_it()
    {
        await Graph.Domains.PostAsync(new Domain { Id = "northwind.com" });

        await Graph.Domains["northwind.com"].DeleteAsync();

        Assert.Equal(404, (await Assert.ThrowsAsync<ODataError>(() => Graph.Domains["northwind.com"].GetAsync())).ResponseStatusCode);
        Assert.Equal(400, (await Assert.ThrowsAsync<ODataError>(() => Graph.Domains[LabTenant.Initial].DeleteAsync())).ResponseStatusCode);
        Assert.NotEmpty((await Graph.Domains.GetAsync())!.Value!);
    }

    [Fact]
    public async Task A_user_is_created_read_by_id_and_name_changed_and_deleted()
    {
        var created = await tenant.CreateUserAsync("lidia");

        await Graph.Users[created.Id].PatchAsync(new User { JobTitle = "Buyer", BusinessPhones = ["+31 20 1"], City = "Utrecht" });
        var read = (await Graph.Users[$"lidia@{LabTenant.Initial}"].GetAsync(request =>
            request.QueryParameters.Select =
                ["id", "jobTitle", "businessPhones", "city", "proxyAddresses", "usageLocation", "accountEnabled"]))!;
        await Graph.Users[created.Id].DeleteAsync();

        Assert.Equal((created.Id, "Buyer", "Utrecht", "NL", true),
            (read.Id, read.JobTitle, read.City, read.UsageLocation, read.AccountEnabled));
        Assert.Equal("+31 20 1", Assert.Single(read.BusinessPhones!));
        Assert.Null(created.UsageLocation);
        Assert.Equal("Request_ResourceNotFound",
            (await Assert.ThrowsAsync<ODataError>(() => Graph.Users[created.Id].GetAsync())).Error!.Code);
    }

    [Fact]
    public async Task Wrong_users_are_refused_with_code_message_and_details()
    {
        await tenant.CreateUserAsync("joni");

        await RefusedAsync(user => user.UserPrincipalName = $"joni@{LabTenant.Initial}",
            "Another object with the same value for property userPrincipalName already exists.", "userPrincipalName");
        await RefusedAsync(user => user.UserPrincipalName = "x@nowhere.example",
            "The domain portion of the userPrincipalName property is invalid.", "userPrincipalName");
        await RefusedAsync(user => user.UserPrincipalName = $"jo ni@{LabTenant.Initial}",
            "Property userPrincipalName is invalid.", "userPrincipalName");
        await RefusedAsync(user => user.MailNickname = new string('a', 65), "mailNickname", "mailNickname");
        await RefusedAsync(user => user.MailNickname = null, "A value is required for property 'mailNickname'", "mailNickname");
        await RefusedAsync(user => user.AccountEnabled = null, "A value is required for property 'accountEnabled'", "accountEnabled");
        await RefusedAsync(user => user.PasswordProfile!.Password = "simple", "password complexity", "passwordProfile");
        await RefusedAsync(user => user.ProxyAddresses = ["smtp:a@contoso.com"], "read-only", "proxyAddresses");
        await RefusedAsync(user => user.UsageLocation = "Holland", "usageLocation", "usageLocation");
        await RefusedAsync(user => user.BusinessPhones = ["1", "2"], "businessPhones", "businessPhones");
    }

    [Fact]
    public async Task Users_are_found_by_name_mail_and_proxy_address()
    {
        await tenant.CreateMailboxAsync("pradeep");
        foreach (var filter in (string[])
        [
            $"userPrincipalName eq 'PRADEEP@{LabTenant.Initial}'", $"mail eq 'pradeep@{LabTenant.Initial}'",
            $"proxyAddresses/any(p:p eq 'smtp:pradeep@{LabTenant.Initial}')",
            $"mail eq 'nobody' or startsWith(userPrincipalName,'pradeep')",
        ])
        {
            var page = await Graph.Users.GetAsync(request => request.QueryParameters.Filter = filter);
            Assert.Equal("pradeep", Assert.Single(page!.Value!).DisplayName);
        }
    }

    [Fact]
    public async Task A_list_of_users_comes_in_pages()
    {
        for (var i = 0; i < 5; i++) await tenant.CreateUserAsync($"page{i}");
        var names = new List<string>();
        var first = (await Graph.Users.GetAsync(request =>
        {
            request.QueryParameters.Top = 2;
            request.QueryParameters.Filter = "startsWith(userPrincipalName,'page')";
        }))!;

        await PageIterator<User, UserCollectionResponse>.CreatePageIterator(Graph, first, user =>
        {
            names.Add(user.DisplayName!);
            return true;
        }).IterateAsync();

        Assert.Equal(["page0", "page1", "page2", "page3", "page4"], names);
    }

    [Fact]
    public async Task A_manager_is_set_and_read()
    {
        var (manager, user) = (await tenant.CreateUserAsync("megan"), await tenant.CreateUserAsync("alex"));
        Assert.Equal(404, (await Assert.ThrowsAsync<ODataError>(() => Graph.Users[user.Id].Manager.GetAsync())).ResponseStatusCode);

        await Graph.Users[user.Id].Manager.Ref.PutAsync(
            new ReferenceUpdate { OdataId = $"https://graph.microsoft.com/v1.0/users/{manager.Id}" });

        Assert.Equal(manager.Id, Assert.IsType<User>(await Graph.Users[user.Id].Manager.GetAsync()).Id);
        await Graph.Users[user.Id].Manager.Ref.DeleteAsync();
        Assert.Equal(404, (await Assert.ThrowsAsync<ODataError>(() => Graph.Users[user.Id].Manager.GetAsync())).ResponseStatusCode);
    }

    [Fact]
    public async Task A_licence_needs_a_place_takes_a_seat_and_brings_a_mailbox()
    {
        var user = await tenant.CreateUserAsync("grady", usageLocation: null);
        var before = await ConsumedAsync();
        var placeless = await Assert.ThrowsAsync<ODataError>(() => AssignAsync(user.Id!));
        Assert.Equal("License assignment cannot be done for user with invalid usage location.", placeless.Error!.Message);
        var unready = await Assert.ThrowsAsync<ODataError>(() => Graph.Users[user.Id].Settings.Exchange.GetAsync());
        Assert.Equal((404, "MailboxNotEnabledForRESTAPI"), (unready.ResponseStatusCode, unready.Error!.Code));

        await Graph.Users[user.Id].PatchAsync(new User { UsageLocation = "NL" });
        await AssignAsync(user.Id!);

        Assert.True(await ConsumedAsync() > before);
        Assert.StartsWith("MBX:", (await Graph.Users[user.Id].Settings.Exchange.GetAsync())!.PrimaryMailboxId);
        var read = (await Graph.Users[user.Id].GetAsync(request => request.QueryParameters.Select =
            ["mail", "proxyAddresses", "assignedLicenses", "licenseAssignmentStates", "assignedPlans", "provisionedPlans"]))!;
        Assert.Equal($"grady@{LabTenant.Initial}", read.Mail);
        Assert.Equal("Active", Assert.Single(read.LicenseAssignmentStates!).State);
        Assert.Contains(read.AssignedPlans!, plan => plan is { Service: "exchange", CapabilityStatus: "Enabled" });
    }

    private async Task<int> ConsumedAsync()
    {
        var skus = (await Graph.SubscribedSkus.GetAsync())!.Value!;
        return skus.Single(sku => sku.SkuId == LabTenant.E3).ConsumedUnits!.Value;
    }

    private Task<User?> AssignAsync(string id) =>
        Graph.Users[id].AssignLicense.PostAsync(
            new AssignLicensePostRequestBody { AddLicenses = [new AssignedLicense { SkuId = LabTenant.E3 }], RemoveLicenses = [] });

    private async Task RefusedAsync(Action<User> spoil, string message, string target)
    {
        var user = new User
        {
            AccountEnabled = true,
            DisplayName = "x",
            MailNickname = "x",
            UserPrincipalName = $"x@{LabTenant.Initial}",
            PasswordProfile = new PasswordProfile { Password = "xWwvJ]6NMw+bWH-d" },
        };
        spoil(user);

        var error = await Assert.ThrowsAsync<ODataError>(() => Graph.Users.PostAsync(user));

        Assert.Equal((400, "Request_BadRequest"), (error.ResponseStatusCode, error.Error!.Code));
        Assert.Contains(message, error.Error.Message);
        Assert.Equal(target, Assert.Single(error.Error.Details!).Target);
        Assert.NotNull(error.Error.InnerError!.RequestId);
    }
}
