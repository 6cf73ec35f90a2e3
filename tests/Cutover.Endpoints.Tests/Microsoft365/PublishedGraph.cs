using System.Text.Json.Nodes;
using Cutover.Core.Mailboxes;
using Cutover.Graph.Conformance.Tests;
using Cutover.Lab.Microsoft365.Graph;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>Holds requests and answers against Graph's published metadata.</summary>
internal static class PublishedGraph
{
    private const string File = "graph-v1.0.csdl.xml.gz";

    private static readonly Lazy<Csdl> Metadata = new(() =>
    {
        using var file = PublishedMaterial.Open(File);
        return new Csdl(file);
    });

    public static bool IsAtHand => SharedMaterial.Find($"microsoft365/{File}") is not null;

    public static void Check(IEnumerable<GraphExchange> exchanges)
    {
        var faults = Faults(exchanges);
        Assert.True(faults is [], string.Join("\n", faults));
    }

    /// <summary>Each property that Graph does not have or has with another type, with the request that it was in.</summary>
    public static IReadOnlyList<string> Faults(IEnumerable<GraphExchange> exchanges) =>
        [.. exchanges.SelectMany(exchange => Faults(exchange).Select(fault => $"{exchange.Method} {exchange.Path}: {fault}")).Distinct()];

    private static IEnumerable<string> Faults(GraphExchange exchange)
    {
        var path = Uri.UnescapeDataString(exchange.Path);
        var sent = exchange.Request is null ? [] : Metadata.Value.Faults(path, JsonNode.Parse(exchange.Request)!.AsObject());
        var answered = exchange.Answer?.Contains("@odata.context", StringComparison.Ordinal) == true ? Metadata.Value.Faults(JsonNode.Parse(exchange.Answer)!.AsObject()) : [];
        var select = System.Web.HttpUtility.ParseQueryString(exchange.Query)["$select"];
        return sent.Concat(answered).Concat(select is null ? [] : Metadata.Value.UnknownSelections(path, select));
    }
}

/// <summary>Everything that the product asks of Graph, once.</summary>
public sealed class PublishedGraphTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task What_the_product_sends_is_in_the_published_metadata()
    {
        await using var lab = await TenantLab.StartAsync(options => options with { RefusesImport = subject => subject == "Odd" });
        await lab.OpenMailboxAsync("trial");
        await foreach (var call in lab.OpenTrial().RunAsync($"trial@{TenantLab.Domain}", Ct)) Assert.Equal(Endpoints.Microsoft365.Trial.TrialOutcome.Works, call.Outcome);
        var target = await lab.OpenMailboxAsync("anna");
        var inbox = await target.EnsureFolderAsync(new MailboxFolder(new FolderKey("i"), null, "Inbox", FolderRole.Inbox, "IPF.Note", 0), null, null, Ct);
        await target.UploadAsync(TestItem.Note("k", "Odd"), inbox, null, Ct);
        var refused = await target.ApplySettingsAsync(MailboxSettings.None with
        {
            Replies = new AutomaticReplies(true, "away", "away"),
            Region = new RegionalSettings("nl-NL", "W. Europe Standard Time", new WorkWeek([DayOfWeek.Monday], new TimeOnly(9, 0), new TimeOnly(17, 0))),
            Categories = [new MailboxCategory("Klant", 7)],
            Rules = [new InboxRule("Rule", 1, true, new InboxRuleConditions { FromAddresses = ["x@fabrikam.com"], Importance = ItemImportance.High }, new InboxRuleConditions(), new InboxRuleActions { Delete = true, ForwardTo = ["y@fabrikam.com"] })],
        }, new Dictionary<FolderKey, TargetFolderId>(), Ct);
        Assert.Empty(refused);
        await (await lab.OpenSenderAsync($"anna@{TenantLab.Domain}")).SendAsync(new Core.Messages.UserMessage("id", $"trial@{TenantLab.Domain}", "Subject", "Text", "<p>Text</p>"), Ct);
        await (await lab.OpenDomainsAsync()).EnsureDomainAsync("contoso.com", Ct);

        PublishedGraph.Check(lab.Exchanges);
        string[] written = ["POST users", "POST assignLicense", "POST messages", "PATCH mailboxSettings", "POST messageRules", "POST masterCategories", "POST sendMail", "POST domains", "POST childFolders", "POST exportItems"];
        Assert.Equal(written.Order(), written.Intersect(lab.Exchanges.Select(exchange => $"{exchange.Method} {exchange.Path.Split('/')[^1]}")).Order());
    }

    [Theory]
    [InlineData("POST", "/users", """{"displayName":"a","nickName":"b"}""", "user.nickName does not exist")]
    [InlineData("PATCH", "/users/a/mailboxSettings", """{"timeZone":7}""", "mailboxSettings.timeZone = 7 is no String")]
    [InlineData("POST", "/users/a/assignLicense", """{"addLicenses":[{"skuId":"x"}]}""", "assignLicense.addLicenses.skuId = x is no Guid")]
    [InlineData("POST", "/users/a/sendMail", """{"message":{"subject":"a","people":[]}}""", "sendMail.message.people does not exist")]
    public void The_check_finds_what_Graph_does_not_have(string method, string path, string body, string fault) =>
        Assert.Contains(fault, Assert.Single(PublishedGraph.Faults([new GraphExchange(method, path, "", body, null)])), StringComparison.Ordinal);
}
