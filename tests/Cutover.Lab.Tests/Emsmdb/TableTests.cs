using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

public sealed class TableTests : IDisposable
{
    private static readonly PropertyName Flag = PropertyName.Of(new Guid("00062008-0000-0000-c000-000000000046"), 0x8530);
    private readonly EmsmdbFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task The_hierarchy_shows_all_folders_with_parents_first()
    {
        var projects = fixture.Anna.CreateFolder(fixture.Anna.FolderOf(FolderRole.Inbox), "Projecten/2026 \ud83d\ude80", "IPF.Note");
        fixture.Anna.CreateFolder(projects, "Diep", "IPF.Note");

        var rows = await HierarchyAsync(SpecialFolder.MailboxRoot, TableFlags.Depth);

        Assert.Equal(fixture.Anna.Folders.Count - 1, rows.Count);
        var seen = new HashSet<long> { EmsmdbClient.IdOf(fixture.Anna.FolderOf(SpecialFolder.MailboxRoot)).ToInt64() };
        foreach (var row in rows)
        {
            Assert.Contains((long)row[PropertyTags.ParentFolderId]!, seen);
            seen.Add((long)row[PropertyTags.FolderId]!);
        }
        Assert.Equal(4, rows.Single(row => row.GetString(PropertyTags.DisplayName) == "Diep").GetInteger(PropertyTags.Depth));
        Assert.Equal(2, rows.Single(row => row.GetString(PropertyTags.DisplayName) == "Reminders").GetInteger(PropertyTags.FolderType));
    }

    [Fact]
    public async Task Without_depth_only_children_are_shown()
    {
        fixture.Anna.CreateFolder(fixture.Anna.FolderOf(FolderRole.Inbox), "Projecten", "IPF.Note");

        var rows = await HierarchyAsync(SpecialFolder.Inbox, TableFlags.None);

        Assert.Equal("Projecten", Assert.Single(rows).GetString(PropertyTags.DisplayName));
    }

    [Fact]
    public async Task The_inbox_tells_where_calendar_and_junk_are()
    {
        var client = await fixture.LogOnAsync();
        var inbox = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Inbox));
        PropertyTag[] tags = [PropertyTags.IpmAppointmentEntryId, PropertyTags.AdditionalRenEntryIds, PropertyTags.IpmDraftsEntryId, PropertyTags.Comment];

        var reply = await client.CallAsync([inbox], new GetPropertiesSpecificRequest(0, tags));

        var values = Assert.IsType<GetPropertiesSpecificResponse>(reply.Responses[0]).Row.Values;
        Assert.Equal(fixture.Anna.FolderEntryId(fixture.Anna.FolderOf(FolderRole.Calendar)), values[0]);
        Assert.Equal(fixture.Anna.FolderEntryId(fixture.Anna.FolderOf(FolderRole.JunkEmail)), ((byte[][])values[1]!)[4]);
        Assert.Equal(fixture.Anna.FolderEntryId(fixture.Anna.FolderOf(FolderRole.Drafts)), values[2]);
        Assert.Equal(new PropertyError(MapiErrorCode.NotFound), values[3]);
    }

    [Theory]
    [InlineData(0x40000)]
    [InlineData(0x8000)]
    [InlineData(2000)]
    public async Task A_contents_table_is_read_to_its_end_whatever_the_buffer(int maximumOutput)
    {
        using (fixture.Store.BeginBulk())
        {
            for (var i = 0; i < 700; i++) fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), Message(i), isRead: i % 3 == 0);
        }
        var flag = fixture.Anna.PropertyIdOf(Flag, register: false)!.Value;
        PropertyTag[] columns = [PropertyTags.Mid, PropertyTags.Subject, PropertyTags.MessageFlags, new(flag, PropertyType.Integer32), PropertyTags.Html];

        var rows = await ContentsAsync(columns, maximumOutput);

        Assert.Equal(Enumerable.Range(0, 700), rows.Select(row => (int)row.Values[3]!));
        Assert.All(rows, (row, i) => Assert.Equal(i % 3 == 0, ((int)row.Values[2]! & 1) == 1));
        Assert.All(rows, row => Assert.IsType<PropertyError>(row.Values[4]));
    }

    [Fact]
    public async Task Many_rows_come_in_one_call_when_chaining_is_allowed()
    {
        using (fixture.Store.BeginBulk())
        {
            for (var i = 0; i < 2000; i++) fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), Message(i), isRead: false);
        }
        var client = await fixture.LogOnAsync();
        var table = await OpenContentsAsync(client, [PropertyTags.Mid, PropertyTags.Subject]);

        var chained = await client.CallAsync([table], Query(1900, [PropertyTags.Mid, PropertyTags.Subject]));
        var rest = await client.CallAsync([table], Query(1900, [PropertyTags.Mid, PropertyTags.Subject]));

        Assert.True(chained.Buffers > 1);
        Assert.Equal(1900, chained.Responses.Cast<QueryRowsResponse>().Sum(response => response.Rows.Count));
        var last = Assert.IsType<QueryRowsResponse>(rest.Responses[^1]);
        Assert.Equal((Bookmark.End, 100), (last.Origin, last.Rows.Count));
    }

    [Fact]
    public async Task A_table_can_be_looked_at_without_moving_and_backwards()
    {
        for (var i = 0; i < 5; i++) fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), Message(i), isRead: false);
        PropertyTag[] columns = [PropertyTags.Subject];
        var client = await fixture.LogOnAsync();
        var table = await OpenContentsAsync(client, columns);

        var reply = await client.CallAsync(
            [table], Query(2, columns) with { Flags = QueryRowsFlags.NoAdvance }, Query(2, columns), new SeekRowRequest(0, Bookmark.End, -1),
            Query(9, columns) with { ForwardRead = false }, new QueryPositionRequest(0));

        Assert.Equal(
            ["message 0,message 1", "message 0,message 1", "message 3,message 2,message 1,message 0"],
            reply.Responses.OfType<QueryRowsResponse>().Select(response => string.Join(',', response.Rows.Select(row => row.Values[0]))));
        Assert.Equal(new QueryPositionResponse(0, 0, 5), reply.Responses[^1]);
    }

    [Fact]
    public async Task Without_columns_there_is_no_table()
    {
        var client = await fixture.LogOnAsync();
        var inbox = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Inbox));

        var reply = await client.CallAsync(
            [inbox, RopBuffer.NoHandle], new GetContentsTableRequest(0, 1, TableFlags.None), Query(9, []) with { HandleIndex = 1 });

        Assert.Equal(MapiErrorCode.NullObject, reply.Responses[1].ReturnValue);
    }

    [Fact]
    public async Task Names_get_ids_that_stay()
    {
        var client = await fixture.LogOnAsync();
        var unknown = PropertyName.Of(Guid.Parse("00020329-0000-0000-c000-000000000046"), "nobody knows");

        var known = await client.CallAsync([client.Logon], new GetPropertyIdsFromNamesRequest(0, Create: true, [Flag]));
        var mixed = await client.CallAsync([client.Logon], new GetPropertyIdsFromNamesRequest(0, Create: false, [Flag, unknown]));
        var id = Assert.Single(Assert.IsType<GetPropertyIdsFromNamesResponse>(known.Responses[0]).PropertyIds);
        var names = await client.CallAsync([client.Logon], new GetNamesFromPropertyIdsRequest(0, [id, 0x8000, 0x0037]));

        Assert.Equal([id, (ushort)0], Assert.IsType<GetPropertyIdsFromNamesResponse>(mixed.Responses[0]).PropertyIds);
        Assert.Equal(GetPropertyIdsFromNamesResponse.ErrorsReturned, mixed.Responses[0].ReturnValue);
        var mapi = new Guid("00020328-0000-0000-c000-000000000046");
        Assert.Equal(
            [Flag, new PropertyName(Guid.Empty, null, null), PropertyName.Of(mapi, 0x37)],
            Assert.IsType<GetNamesFromPropertyIdsResponse>(names.Responses[0]).Names);
    }

    [Fact]
    public async Task Long_term_ids_go_both_ways()
    {
        var client = await fixture.LogOnAsync();
        var id = EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Inbox));

        var there = await client.CallAsync([client.Logon], new LongTermIdFromIdRequest(0, id));
        var longTerm = Assert.IsType<LongTermIdFromIdResponse>(there.Responses[0]).LongTermId;
        var back = await client.CallAsync([client.Logon], new IdFromLongTermIdRequest(0, longTerm), new LongTermIdFromIdRequest(0, ObjectId.Of(7, 1)));

        Assert.Equal(fixture.Anna.ReplicaGuid, longTerm.Replica);
        Assert.Equal(id, Assert.IsType<IdFromLongTermIdResponse>(back.Responses[0]).ObjectId);
        Assert.Equal(MapiErrorCode.NotFound, back.Responses[1].ReturnValue);
    }

    [Fact]
    public async Task An_open_message_gives_its_properties_but_none_that_is_too_big()
    {
        var big = Message(1);
        big.Properties.Set(PropertyTags.Html, new byte[100_000]);
        var id = fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), big, isRead: true);
        var client = await fixture.LogOnAsync();
        PropertyTag[] tags = [PropertyTags.Subject, PropertyTags.Html, PropertyTags.Mid, new(0x0E080014), new(0x00370000)];

        var reply = await client.CallAsync(
            [client.Logon, RopBuffer.NoHandle],
            new OpenMessageRequest(0, 1, EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Inbox)), EmsmdbClient.IdOf(id)),
            new GetPropertiesSpecificRequest(1, tags));

        Assert.Equal(1, Assert.IsType<OpenMessageResponse>(reply.Responses[0]).Message.RecipientCount);
        var values = Assert.IsType<GetPropertiesSpecificResponse>(reply.Responses[1]).Row.Values;
        Assert.Equal(["message 1", new PropertyError(MapiErrorCode.NotEnoughMemory), EmsmdbClient.IdOf(id).ToInt64()], values.Take(3));
        Assert.True(values[3] is > 100_000L);
        Assert.Equal("message 1", values[4]);
    }

    private static MapiMessage Message(int i)
    {
        var message = StoreFixture.Message($"message {i}");
        message.Properties.Set(Flag, PropertyType.Integer32, i);
        return message;
    }

    private static QueryRowsRequest Query(ushort rows, IReadOnlyList<PropertyTag> columns) =>
        new(0, QueryRowsFlags.Advance, ForwardRead: true, rows) { Columns = columns };

    private async Task<uint> OpenContentsAsync(EmsmdbClient client, IReadOnlyList<PropertyTag> columns)
    {
        var inbox = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Inbox));
        var reply = await client.CallAsync(
            [inbox, RopBuffer.NoHandle], new GetContentsTableRequest(0, 1, TableFlags.UseUnicode), new SetColumnsRequest(1, columns));
        return reply.Handles[1];
    }

    private async Task<List<PropertyRow>> ContentsAsync(IReadOnlyList<PropertyTag> columns, int maximumOutput)
    {
        var client = await fixture.LogOnAsync();
        var table = await OpenContentsAsync(client, columns);
        var rows = new List<PropertyRow>();
        while (true)
        {
            var reply = await client.CallAsync([table], [Query(300, columns)], EmsmdbClient.Plain, maximumOutput);
            var page = Assert.IsType<QueryRowsResponse>(Assert.Single(reply.Responses));
            rows.AddRange(page.Rows);
            if (page.Origin == Bookmark.End) return rows;
        }
    }

    private async Task<List<PropertyBag>> HierarchyAsync(SpecialFolder root, TableFlags flags)
    {
        PropertyTag[] columns = [PropertyTags.FolderId, PropertyTags.ParentFolderId, PropertyTags.DisplayName, PropertyTags.Depth, PropertyTags.FolderType];
        var client = await fixture.LogOnAsync();
        var folder = await client.OpenFolderAsync(fixture.Anna.FolderOf(root));
        var reply = await client.CallAsync(
            [folder, RopBuffer.NoHandle], new GetHierarchyTableRequest(0, 1, flags | TableFlags.UseUnicode), new SetColumnsRequest(1, columns),
            Query(1000, columns) with { HandleIndex = 1 });
        return reply.Responses.OfType<QueryRowsResponse>().SelectMany(page => page.Rows).Select(row => row.ToBag(columns)).ToList();
    }
}
