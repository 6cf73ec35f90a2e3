using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

public sealed class PermissionAndRuleTests : IDisposable
{
    private static readonly byte[] Bert = AddressEntryId.AddressBook("/o=Contoso/cn=Recipients/cn=bert");
    private static readonly PropertyTag[] PermissionColumns = [PropertyTags.MemberId, PropertyTags.MemberName, PropertyTags.MemberRights, PropertyTags.EntryId];
    private static readonly PropertyTag[] RuleColumns =
        [PropertyTags.RuleId, PropertyTags.RuleName, PropertyTags.RuleSequence, PropertyTags.RuleCondition, PropertyTags.RuleActions];

    private readonly EmsmdbFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Permissions_are_added_changed_and_removed_and_free_busy_rights_shown_only_when_asked()
    {
        var client = await fixture.LogOnAsync();
        var calendar = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Calendar));
        await client.CallAsync([calendar], new ModifyPermissionsRequest(0, ModifyPermissionsFlags.IncludeFreeBusy,
        [
            new(RowChangeKind.Add, [new(PropertyTags.EntryId, Bert), Rights(MemberRights.ReadAny | MemberRights.FreeBusyDetailed)]),
            new(RowChangeKind.Modify, [new(PropertyTags.MemberId, 0L), Rights(MemberRights.FreeBusySimple | MemberRights.FolderVisible)]),
        ]));

        var rows = await PermissionsAsync(client, calendar, PermissionsTableFlags.IncludeFreeBusy);
        Assert.Equal([0L, -1L], rows.Take(2).Select(row => (long)row[PropertyTags.MemberId]!));
        var bert = Assert.Single(rows.Skip(2));
        Assert.Equal(Bert, bert[PropertyTags.EntryId]);
        Assert.Equal(MemberRights.ReadAny | MemberRights.FreeBusyDetailed, RightsOf(bert));
        Assert.Equal(
            [MemberRights.FolderVisible, MemberRights.None, MemberRights.ReadAny],
            (await PermissionsAsync(client, calendar, PermissionsTableFlags.None)).Select(RightsOf));

        var reply = await client.CallAsync([calendar], new ModifyPermissionsRequest(0, 0,
            [new(RowChangeKind.Remove, [new(PropertyTags.MemberId, bert[PropertyTags.MemberId]!)])]));
        Assert.True(reply.Responses[0].IsSuccess);
        Assert.Equal(2, (await PermissionsAsync(client, calendar, PermissionsTableFlags.None)).Count);
    }

    [Fact]
    public async Task Rules_are_kept_with_their_conditions_and_actions_and_told_when_the_folder_opens()
    {
        var client = await fixture.LogOnAsync();
        var inbox = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Inbox));
        var target = EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Drafts));
        var added = await client.CallAsync([inbox], new ModifyRulesRequest(0, ModifyRulesFlags.Replace,
            [new(RowChangeKind.Add, Rule("Tweede", 2, target)), new(RowChangeKind.Add, Rule("Eerste", 1, target))]));
        Assert.True(added.Responses[0].IsSuccess);

        var rows = await RulesAsync(client, inbox);

        Assert.Equal(["Eerste", "Tweede"], rows.Select(row => row.GetString(PropertyTags.RuleName)));
        var content = Assert.IsType<Restriction.Content>(rows[0][PropertyTags.RuleCondition]);
        Assert.Equal("Project X", content.Value.Value);
        var move = Assert.IsType<RuleAction.Move>(Assert.Single(Assert.IsType<RuleActions>(rows[0][PropertyTags.RuleActions]).Actions));
        Assert.Equal(target, move.Target.FolderId);

        var opened = await client.CallAsync(
            [client.Logon, RopBuffer.NoHandle], new OpenFolderRequest(0, 1, EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Inbox))));
        Assert.True(Assert.IsType<OpenFolderResponse>(opened.Responses[0]).HasRules);
    }

    [Fact]
    public async Task A_rule_is_changed_and_removed_by_its_id_and_an_unknown_one_is_not_found()
    {
        var client = await fixture.LogOnAsync();
        var inbox = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Inbox));
        await client.CallAsync([inbox], new ModifyRulesRequest(0, 0, [new(RowChangeKind.Add, Rule("Oud", 1, default))]));
        var id = (long)Assert.Single(await RulesAsync(client, inbox))[PropertyTags.RuleId]!;

        await client.CallAsync([inbox], new ModifyRulesRequest(0, 0,
            [new(RowChangeKind.Modify, [new(PropertyTags.RuleId, id), new(PropertyTags.RuleName, "Nieuw")])]));
        Assert.Equal("Nieuw", Assert.Single(await RulesAsync(client, inbox)).GetString(PropertyTags.RuleName));
        await client.CallAsync([inbox], new ModifyRulesRequest(0, 0, [new(RowChangeKind.Remove, [new(PropertyTags.RuleId, id)])]));
        Assert.Empty(await RulesAsync(client, inbox));
        var again = await client.CallAsync([inbox], new ModifyRulesRequest(0, 0, [new(RowChangeKind.Remove, [new(PropertyTags.RuleId, id)])]));
        Assert.Equal(MapiErrorCode.NotFound, again.Responses[0].ReturnValue);
    }

    private static PropertyValue Rights(MemberRights rights) => new(PropertyTags.MemberRights, (int)rights);

    private static MemberRights RightsOf(PropertyBag row) => (MemberRights)row.GetInteger(PropertyTags.MemberRights)!.Value;

    private static PropertyValue[] Rule(string name, int sequence, ObjectId target) =>
    [
        new(PropertyTags.RuleName, name), new(PropertyTags.RuleSequence, sequence), new(PropertyTags.RuleProvider, "RuleOrganizer"),
        new(PropertyTags.RuleCondition, new Restriction.Content(
            FuzzyLevel.Substring, FuzzyOptions.IgnoreCase, PropertyTags.Subject, new(PropertyTags.Subject, "Project X"))),
        new(PropertyTags.RuleActions, new RuleActions([new RuleAction.Move(RuleFolder.InThisStore(target))])),
    ];

    private static Task<List<PropertyBag>> PermissionsAsync(EmsmdbClient client, uint folder, PermissionsTableFlags flags) =>
        RowsAsync(client, folder, new GetPermissionsTableRequest(0, 1, flags), PermissionColumns);

    private static Task<List<PropertyBag>> RulesAsync(EmsmdbClient client, uint folder) =>
        RowsAsync(client, folder, new GetRulesTableRequest(0, 1, RulesTableFlags.Unicode), RuleColumns);

    private static async Task<List<PropertyBag>> RowsAsync(EmsmdbClient client, uint folder, RopRequest open, PropertyTag[] columns)
    {
        var reply = await client.CallAsync(
            [folder, RopBuffer.NoHandle], open, new SetColumnsRequest(1, columns), new QueryRowsRequest(1, 0, true, 50) { Columns = columns });
        return Assert.IsType<QueryRowsResponse>(reply.Responses[2]).Rows.Select(row => row.ToBag(columns)).ToList();
    }
}
