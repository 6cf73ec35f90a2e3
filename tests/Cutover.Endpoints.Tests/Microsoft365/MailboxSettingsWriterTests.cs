using System.Text.Json.Nodes;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Lab.Faults;
using Cutover.Lab.Microsoft365.Directory;
using Cutover.Lab.Microsoft365.Graph;
using FolderRight = Cutover.Core.Mailboxes.FolderRight;

namespace Cutover.Endpoints.Tests.Microsoft365;

public sealed class MailboxSettingsWriterTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private static readonly FolderKey CalendarKey = new("calendar"), NewsKey = new("news");

    private TenantLab lab = null!;
    private IMailboxTarget target = null!;
    private Dictionary<FolderKey, TargetFolderId> folders = null!;

    public async ValueTask InitializeAsync()
    {
        lab = await TenantLab.StartAsync();
        target = await lab.OpenMailboxAsync("anna");
        await lab.OpenMailboxAsync("bert");
        folders = new Dictionary<FolderKey, TargetFolderId>
        {
            [CalendarKey] = await EnsureAsync(CalendarKey, "Agenda", FolderRole.Calendar),
            [NewsKey] = await EnsureAsync(NewsKey, "News & views", FolderRole.None),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        await lab.DisposeAsync();
    }

    private TenantRecipient Anna => lab.Server.Directory.Recipients.Single(recipient => recipient.UserPrincipalName == $"anna@{TenantLab.Domain}");

    [Fact]
    public async Task Settings_land_and_giving_them_twice_changes_nothing()
    {
        var settings = new MailboxSettings(
            new AutomaticReplies(true, "<p>I'm away</p>", null),
            [
                new InboxRule("News", 10, true, new InboxRuleConditions { SubjectContains = ["news"], FromAddresses = ["x@fabrikam.com"] },
                    new InboxRuleConditions { SentToMe = true }, new InboxRuleActions { MoveTo = NewsKey, MarkAsRead = true, StopProcessingRules = true }),
            ],
            [new FolderRight(NewsKey, $"bert@{TenantLab.Domain}", FolderAccessRights.ReadItems | FolderAccessRights.FolderVisible),
                new FolderRight(CalendarKey, FolderRight.Everyone, FolderAccessRights.LimitedDetails)],
            [new MailboxDelegate($"bert@{TenantLab.Domain}", SeesPrivateItems: true)], []);

        Assert.Empty(await target.ApplySettingsAsync(settings, folders, Ct));
        var first = Anna;
        Assert.Empty(await target.ApplySettingsAsync(settings, folders, Ct));

        var rule = JsonNode.Parse(Assert.Single(Anna.MessageRules))!;
        Assert.Equal(("News", folders[NewsKey].Value, true), (rule["displayName"]!.ToString(), rule["actions"]!["moveToFolder"]!.ToString(), rule["actions"]!["stopProcessingRules"]!.GetValue<bool>()));
        Assert.Equal("x@fabrikam.com", rule["conditions"]!["fromAddresses"]![0]!["emailAddress"]!["address"]!.ToString());
        Assert.Equal("""{"sentToMe":true}""", rule["exceptions"]!.ToJsonString());
        var replies = JsonNode.Parse(Anna.AutomaticReplies!)!;
        Assert.Equal(("alwaysEnabled", "none", "<p>I'm away</p>"), (replies["status"]!.ToString(), replies["externalAudience"]!.ToString(), replies["internalReplyMessage"]!.ToString()));
        Assert.Equal(["Default: LimitedDetails ", "bert: Editor Delegate,CanViewPrivateItems", "bert: ReadItems,FolderVisible "], Rights());
        Assert.Equal(first.MessageRules, Anna.MessageRules);
        Assert.Equal(3, Anna.FolderPermissions.Count);
    }

    [Fact]
    public async Task What_the_tenant_refuses_is_named_with_the_command_that_mends_it_and_the_rest_goes_on()
    {
        var settings = MailboxSettings.None with
        {
            Rules =
            [
                new InboxRule("Lost folder", 1, true, new InboxRuleConditions(), new InboxRuleConditions(), new InboxRuleActions { MoveTo = new FolderKey("gone") }),
                new InboxRule("Fine", 2, false, new InboxRuleConditions { HasAttachments = true }, new InboxRuleConditions(), new InboxRuleActions { Delete = true }),
            ],
            FolderRights = [new FolderRight(NewsKey, "gone@contoso.com", FolderAccessRights.ReadItems), new FolderRight(CalendarKey, $"bert@{TenantLab.Domain}", FolderAccessRights.AvailabilityOnly)],
            NotCarried = [new ProvisioningFinding("S35", "the source could not say it", "do it by hand")],
        };

        var findings = await target.ApplySettingsAsync(settings, folders, Ct);

        Assert.Equal(["S35", "S35", "S36"], findings.Select(finding => finding.Requirement));
        Assert.Contains("“Lost folder” stays behind", findings[1].Message);
        Assert.Contains($"Add-MailboxFolderPermission -Identity \"anna@{TenantLab.Domain}:\\News & views\" -User gone@contoso.com -AccessRights ReadItems", findings[2].NextStep);
        Assert.Contains("Fine", Assert.Single(Anna.MessageRules));
        Assert.Equal(["bert: AvailabilityOnly "], Rights());
    }

    [Fact]
    public async Task Language_time_zone_working_hours_and_categories_land_and_a_refused_one_is_named()
    {
        var settings = MailboxSettings.None with
        {
            Region = new RegionalSettings("nl-NL", "Atlantis Standard Time", new WorkWeek([DayOfWeek.Monday, DayOfWeek.Friday], new TimeOnly(8, 30), new TimeOnly(17, 0))),
            Categories = [new MailboxCategory("Klant", 7), new MailboxCategory("Plain", null)],
        };

        var findings = await target.ApplySettingsAsync(settings, folders, Ct);
        await target.ApplySettingsAsync(settings with { Categories = [new MailboxCategory("KLANT", 8)] }, folders, Ct);

        Assert.Contains("the time zone Atlantis Standard Time can't be set", Assert.Single(findings).Message);
        Assert.Equal("""{"locale":"nl-NL"}""", Anna.MailboxSettings["language"]);
        Assert.Equal("""["monday","friday"]""", JsonNode.Parse(Anna.MailboxSettings["workingHours"])!["daysOfWeek"]!.ToJsonString());
        Assert.Equal("08:30:00.0000000", JsonNode.Parse(Anna.MailboxSettings["workingHours"])!["startTime"]!.ToString());
        Assert.Equal(["Klant preset8", "Plain none"],
            Anna.MasterCategories.Select(category => JsonNode.Parse(category)!).Select(category => $"{category["displayName"]} {category["color"]}"));
    }

    [Fact]
    public async Task A_lost_answer_makes_no_second_rule()
    {
        var settings = MailboxSettings.None with
        {
            Rules = [new InboxRule("Once", 1, true, new InboxRuleConditions(), new InboxRuleConditions(), new InboxRuleActions { Delete = true })],
        };
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, "POST /v1.0/users/", Times: 1));

        var fault = await Assert.ThrowsAsync<Core.Faults.MigrationFault>(() => target.ApplySettingsAsync(settings, folders, Ct));
        await target.ApplySettingsAsync(settings, folders, Ct);

        Assert.True(fault.IsTransient);
        Assert.Single(Anna.MessageRules);
    }

    [Fact]
    public async Task A_missing_permission_is_the_operators_and_no_rules_fault()
    {
        await using var other = await TenantLab.StartAsync(options => options with
        {
            GraphRoles = [.. GraphPermissions.ForCutover.Where(role => role != "MailboxSettings.ReadWrite")],
        });
        await using var mailbox = await other.OpenMailboxAsync("carla");
        var settings = MailboxSettings.None with
        {
            Rules = [new InboxRule("Any", 1, true, new InboxRuleConditions(), new InboxRuleConditions(), new InboxRuleActions { Delete = true })],
        };

        var fault = await Assert.ThrowsAsync<Core.Faults.MigrationFault>(() => mailbox.ApplySettingsAsync(settings, folders, Ct));

        Assert.Equal(Core.Faults.FaultScope.Operator, fault.Scope);
        Assert.Contains("Connect your tenant", fault.NextStep);
    }

    private IEnumerable<string> Rights() => Anna.FolderPermissions.Select(right =>
        $"{lab.Server.Directory.Recipients.FirstOrDefault(one => one.Id.ToString() == right.User)?.Alias ?? right.User}: {string.Join(',', right.Rights)} {string.Join(',', right.Flags)}")
        .Order(StringComparer.Ordinal);

    private Task<TargetFolderId> EnsureAsync(FolderKey key, string name, FolderRole role) =>
        target.EnsureFolderAsync(new MailboxFolder(key, null, name, role, "IPF.Note", 0), null, null, Ct);
}
