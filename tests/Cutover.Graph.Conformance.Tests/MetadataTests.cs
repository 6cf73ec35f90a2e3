using System.Text.Json.Nodes;
using Microsoft.Graph.Models;

namespace Cutover.Graph.Conformance.Tests;

/// <summary>Every property of every answer exists in Graph's published metadata, with its type.</summary>
public sealed class MetadataTests(LabTenant tenant) : IClassFixture<LabTenant>
{
    [Fact]
    public async Task No_answer_holds_what_Graph_does_not_have()
    {
        using var file = PublishedMaterial.Open("graph-v1.0.csdl.xml.gz");
        var csdl = new Csdl(file);

        await CallEverythingAsync();

        var checkedTypes = 0;
        foreach (var (request, body) in tenant.Answers.Where(answer => answer.Body.Contains("@odata.context", StringComparison.Ordinal)))
        {
            Assert.True(csdl.Faults((JsonObject)JsonNode.Parse(body)!).ToList() is [],
                $"{request}: {string.Join("; ", csdl.Faults((JsonObject)JsonNode.Parse(body)!))}");
            checkedTypes++;
        }

        Assert.True(checkedTypes >= 20, $"Only {checkedTypes} answers were checked.");
    }

    [Fact]
    public void The_check_finds_an_invented_property_a_wrong_type_and_a_null_that_must_not_be()
    {
        using var file = PublishedMaterial.Open("graph-v1.0.csdl.xml.gz");
        var answer = JsonNode.Parse("""
            {"@odata.context":"https://localhost/v1.0/$metadata#domains","value":[{"id":"a","invented":1,"isVerified":"yes","supportedServices":null}]}
            """)!;

        var faults = new Csdl(file).Faults((JsonObject)answer).ToList();

        Assert.Equal(
            ["domain.invented does not exist", "domain.isVerified = yes is no Boolean", "domain.supportedServices is not a collection"],
            faults);
    }

    private async Task CallEverythingAsync()
    {
        var graph = tenant.Graph;
        var box = graph.Admin.Exchange.Mailboxes[await tenant.CreateMailboxAsync("meta")];
        var user = graph.Users[$"meta@{LabTenant.Initial}"];
        var manager = await tenant.CreateUserAsync("metaboss");
        await user.Manager.Ref.PutAsync(new ReferenceUpdate { OdataId = $"https://graph.microsoft.com/v1.0/users/{manager.Id}" });
        await graph.Organization.GetAsync();
        await graph.SubscribedSkus.GetAsync();
        await graph.Domains.PostAsync(new Domain { Id = "meta.com" });
        await graph.Domains.GetAsync();
        await graph.Domains["meta.com"].GetAsync();
        await graph.Domains["meta.com"].VerificationDnsRecords.GetAsync();
        await graph.Domains[LabTenant.Initial].ServiceConfigurationRecords.GetAsync();
        await graph.Domains[LabTenant.Initial].DomainNameReferences.GetAsync();
        await graph.Users.GetAsync(request => request.QueryParameters.Select = EveryUserProperty);
        await user.GetAsync(request => request.QueryParameters.Select = EveryUserProperty);
        await user.GetAsync();
        await user.Manager.GetAsync();
        await user.Settings.Exchange.GetAsync();
        await box.Folders.GetAsync();
        var folder = (await box.Folders.PostAsync(new MailboxFolder { DisplayName = "Meta", Type = "IPF.Note" }))!;
        await box.Folders[folder.Id].GetAsync();
        await box.Folders[folder.Id].ChildFolders.GetAsync();
        await box.Folders.Delta.GetAsDeltaGetResponseAsync();
        tenant.Server.DeliverMail($"meta@{LabTenant.Initial}", Mail());
        var items = box.Folders["inbox"].Items;
        var item = (await items.GetAsync(request =>
            request.QueryParameters.Expand = ["singleValueExtendedProperties($filter=id eq 'String 0x37')"]))!.Value!.Single();
        await items[item.Id].GetAsync();
        await items.Delta.GetAsDeltaGetResponseAsync();
        await box.ExportItems.PostAsExportItemsPostResponseAsync(new() { ItemIds = [item.Id!, "AAAA"] });
        await box.CreateImportSession.PostAsync();
        await user.Messages[item.Id].PatchAsync(new Message { IsRead = true });
    }

    private static readonly string[] EveryUserProperty =
    [
        "id", "accountEnabled", "businessPhones", "createdDateTime", "displayName", "mail", "mailNickname", "onPremisesSyncEnabled",
        "otherMails",
        "proxyAddresses", "userPrincipalName", "assignedLicenses", "licenseAssignmentStates", "assignedPlans", "provisionedPlans",
        "givenName", "surname",
        "jobTitle", "department", "companyName", "officeLocation", "mobilePhone", "faxNumber", "streetAddress", "city", "state",
        "postalCode", "country",
        "preferredLanguage", "usageLocation", "passwordPolicies", "employeeId", "employeeType", "onPremisesImmutableId", "ageGroup",
        "userType",
    ];

    private static MimeKit.MimeMessage Mail()
    {
        var message = new MimeKit.MimeMessage { Subject = "Meta", Body = new MimeKit.TextPart("plain") { Text = "Hello" } };
        message.From.Add(MimeKit.MailboxAddress.Parse("ann@fabrikam.com"));
        message.To.Add(MimeKit.MailboxAddress.Parse($"meta@{LabTenant.Initial}"));
        return message;
    }
}
