using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

/// <summary>Orders, restrictions, bookmarks and categories of tables. Source: [MS-OXCTABL] 3.2.5.</summary>
public sealed class TableViewTests : IDisposable
{
    private static readonly PropertyTag[] Columns = [PropertyTags.Subject, PropertyTags.SenderName, PropertyTags.RowType, PropertyTags.InstID, PropertyTags.Depth];
    private readonly EmsmdbFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private long Inbox => fixture.Anna.FolderOf(FolderRole.Inbox);

    [Fact]
    public async Task Rows_come_in_the_order_that_was_asked_for()
    {
        var (client, table) = await OpenAsync(("b", "Bram"), ("a", "Anouk"), ("c", "Anouk"));

        await DoAsync(client, table, new SortTableRequest(0,
            [new SortOrder(PropertyTags.SenderName, SortDirection.Ascending), new SortOrder(PropertyTags.Subject, SortDirection.Descending)]));

        Assert.Equal(["c", "a", "b"], await SubjectsAsync(client, table));
    }

    [Fact]
    public async Task A_restricted_table_seems_to_hold_only_what_matches()
    {
        var (client, table) = await OpenAsync(("Offerte 1", "Bram"), ("Factuur", "Anouk"), ("offerte 2", "Anouk"));

        await DoAsync(client, table, new RestrictRequest(0, Prefix("OFFERTE")));
        var position = Assert.IsType<QueryPositionResponse>(await DoAsync(client, table, new QueryPositionRequest(0)));

        Assert.Equal(2u, position.Denominator);
        Assert.Equal(["Offerte 1", "offerte 2"], await SubjectsAsync(client, table));
        await DoAsync(client, table, new RestrictRequest(0, default));
        Assert.Equal(3, (await SubjectsAsync(client, table)).Count);
    }

    [Fact]
    public async Task A_row_is_found_forwards_and_backwards_and_the_cursor_stands_on_it()
    {
        var (client, table) = await OpenAsync(("x1", "A"), ("y", "A"), ("x2", "A"));

        var forward = await FindAsync(client, table, "x", Bookmark.Beginning, backward: false);
        var backward = await FindAsync(client, table, "x", Bookmark.End, backward: true);
        var nothing = await DoAsync(client, table, new FindRowRequest(0, false, Prefix("z"), Bookmark.Beginning));

        Assert.Equal(("x1", "x2"), (forward, backward));
        Assert.Equal(MapiErrorCode.NotFound, nothing.ReturnValue);
    }

    [Fact]
    public async Task A_bookmark_keeps_its_row_while_others_come_and_says_when_it_is_gone()
    {
        var (client, table) = await OpenAsync(("1", "A"), ("2", "A"), ("3", "A"));
        await DoAsync(client, table, new SeekRowRequest(0, Bookmark.Beginning, 1));
        var bookmark = Assert.IsType<BookmarkResponse>(await DoAsync(client, table, new CreateBookmarkRequest(0))).Bookmark;
        var second = fixture.Anna.Messages(Inbox)[1].Id;

        Save("4", "A");
        var kept = await DoAsync(client, table, new SeekRowBookmarkRequest(0, bookmark, 1));
        fixture.Anna.DeleteMessage(second);
        var gone = await DoAsync(client, table, new SeekRowBookmarkRequest(0, bookmark, 0));

        Assert.Equal(new SeekRowBookmarkResponse(0, RowNoLongerVisible: false, HasSoughtLess: false, 1), kept);
        Assert.True(Assert.IsType<SeekRowBookmarkResponse>(gone).RowNoLongerVisible);
    }

    [Fact]
    public async Task Sorting_makes_bookmarks_invalid()
    {
        var (client, table) = await OpenAsync(("1", "A"));
        var bookmark = Assert.IsType<BookmarkResponse>(await DoAsync(client, table, new CreateBookmarkRequest(0))).Bookmark;

        await DoAsync(client, table, new SortTableRequest(0, [new SortOrder(PropertyTags.Subject, SortDirection.Ascending)]));

        Assert.Equal(0x80040405, (await DoAsync(client, table, new SeekRowBookmarkRequest(0, bookmark, 0))).ReturnValue);
    }

    [Fact]
    public async Task Categories_open_and_close_and_a_state_brings_them_back()
    {
        var (client, table) = await OpenAsync(("1", "Anouk"), ("2", "Bram"), ("3", "Anouk"));
        await DoAsync(client, table, new SortTableRequest(
            0, [new SortOrder(PropertyTags.SenderName, SortDirection.Ascending), new SortOrder(PropertyTags.Subject, SortDirection.Ascending)], 1));

        var closed = await RowsAsync(client, table);
        var anouk = (ulong)(long)closed[0][PropertyTags.InstID]!;
        var expanded = Assert.IsType<ExpandRowResponse>(await DoAsync(client, table, new ExpandRowRequest(0, 0, anouk)));
        var open = await RowsAsync(client, table);
        var state = Assert.IsType<GetCollapseStateResponse>(await DoAsync(client, table, new GetCollapseStateRequest(0, anouk, 0))).CollapseState;
        await DoAsync(client, table, new CollapseRowRequest(0, anouk));
        var again = await DoAsync(client, table, new CollapseRowRequest(0, anouk));
        await DoAsync(client, table, new SetCollapseStateRequest(0, state));

        Assert.Equal(["Anouk", "Bram"], closed.Select(row => row.GetString(PropertyTags.SenderName)));
        Assert.All(closed, row => Assert.Equal(4, row.GetInteger(PropertyTags.RowType)));
        Assert.Equal(2u, expanded.ExpandedRowCount);
        Assert.Equal([(3, 0), (1, 1), (1, 1), (4, 0)], open.Select(Shape));
        Assert.Equal(0x4F7u, again.ReturnValue);
        Assert.Equal(open.Select(Shape), (await RowsAsync(client, table)).Select(Shape));
    }

    private static (int?, int?) Shape(PropertyBag row) => (row.GetInteger(PropertyTags.RowType), row.GetInteger(PropertyTags.Depth));

    private async Task<(EmsmdbClient Client, uint Table)> OpenAsync(params (string Subject, string Sender)[] messages)
    {
        foreach (var (subject, sender) in messages) Save(subject, sender);
        var client = await fixture.LogOnAsync();
        var folder = await client.OpenFolderAsync(Inbox);
        var reply = await client.CallAsync([folder, RopBuffer.NoHandle], new GetContentsTableRequest(0, 1, TableFlags.None), new SetColumnsRequest(1, Columns));
        return (client, reply.Handles[1]);
    }

    private void Save(string subject, string sender) => fixture.Anna.SaveMessage(Inbox, new MapiMessage
    {
        Properties = new PropertyBag().Set(PropertyTags.Subject, subject).Set(PropertyTags.SenderName, sender),
    }, isRead: false);

    private static ReadOnlyMemory<byte> Prefix(string text)
    {
        var writer = new RopWriter();
        new Restriction.Content(
            FuzzyLevel.Prefix, FuzzyOptions.IgnoreCase, PropertyTags.Subject, new PropertyValue(PropertyTags.Subject, text)).Write(writer);
        return writer.Written;
    }

    private static async Task<RopResponse> DoAsync(EmsmdbClient client, uint table, RopRequest request) =>
        (await client.CallAsync([table], request)).Responses[0];

    private static async Task<string?> FindAsync(EmsmdbClient client, uint table, string prefix, Bookmark origin, bool backward)
    {
        var found = await DoAsync(client, table, new FindRowRequest(0, backward, Prefix(prefix), origin) { Columns = Columns });
        return Assert.IsType<FindRowResponse>(found).Row!.Values[0] as string;
    }

    private static async Task<List<PropertyBag>> RowsAsync(EmsmdbClient client, uint table)
    {
        await DoAsync(client, table, new SeekRowRequest(0, Bookmark.Beginning, 0));
        var reply = await DoAsync(client, table, new QueryRowsRequest(0, QueryRowsFlags.Advance, true, 50) { Columns = Columns });
        return [.. Assert.IsType<QueryRowsResponse>(reply).Rows.Select(row => row.ToBag(Columns))];
    }

    private static async Task<List<string?>> SubjectsAsync(EmsmdbClient client, uint table) =>
        [.. (await RowsAsync(client, table)).Select(row => row.GetString(PropertyTags.Subject))];
}
