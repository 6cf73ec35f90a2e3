using CsCheck;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using static Cutover.Mapi.Tests.Rops.RopGenerators;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any ROP that arranges, searches or marks a table, either way.</summary>
internal static class TableRopGenerators
{
    private static readonly Gen<byte> Index = Gen.Byte;
    private static readonly Gen<SortOrder[]> Orders = Gen.Select(Gen.UInt, Gen.OneOf(Enum.GetValues<SortDirection>().Select(Gen.Const).ToArray()),
        (tag, direction) => new SortOrder(new PropertyTag(tag), direction)).Array[0, 5];

    public static Gen<RopRequest> Requests => Gen.OneOf(
        Request(Gen.Select(Index, Orders, Gen.UShort, Gen.UShort, (i, orders, categories, expanded) =>
            new SortTableRequest(i, orders, categories, expanded) { SortTableFlags = 1 })),
        Request(Gen.Select(Index, Bytes, (i, restriction) => new RestrictRequest(i, restriction))),
        Request(Gen.Select(Index, Gen.Bool, Bytes, Bytes, (i, backward, restriction, bookmark) =>
            new FindRowRequest(i, backward, restriction, Bookmark.Custom) { Bookmark = bookmark })),
        Request(Index.Select(i => new QueryColumnsAllRequest(i))),
        Request(Index.Select(i => new GetStatusRequest(i))),
        Request(Index.Select(i => new AbortRequest(i))),
        Request(Index.Select(i => new ResetTableRequest(i))),
        Request(Index.Select(i => new CreateBookmarkRequest(i))),
        Request(Gen.Select(Index, Bytes, Gen.Int, Gen.Bool, (i, bookmark, count, want) => new SeekRowBookmarkRequest(i, bookmark, count, want))),
        Request(Gen.Select(Index, Gen.UInt, Gen.UInt, (i, numerator, denominator) => new SeekRowFractionalRequest(i, numerator, denominator))),
        Request(Gen.Select(Index, Bytes, (i, bookmark) => new FreeBookmarkRequest(i, bookmark))),
        Request(Gen.Select(Index, Gen.UShort, Gen.ULong, (i, rows, category) => new ExpandRowRequest(i, rows, category))),
        Request(Gen.Select(Index, Gen.ULong, (i, category) => new CollapseRowRequest(i, category))),
        Request(Gen.Select(Index, Gen.ULong, Gen.UInt, (i, row, instance) => new GetCollapseStateRequest(i, row, instance))),
        Request(Gen.Select(Index, Bytes, (i, state) => new SetCollapseStateRequest(i, state))));

    public static Gen<(RopRequest Request, RopResponse Response)> Exchanges => Gen.OneOf(
        Exchange(Index, i => new SortTableRequest(i, []), i => new TableStatusResponse(RopId.SortTable, i, TableStatus.Complete)),
        Exchange(Index, i => new RestrictRequest(i, default), i => new TableStatusResponse(RopId.Restrict, i, TableStatus.RestrictError)),
        Exchange(Index, i => new GetStatusRequest(i), i => new TableStatusResponse(RopId.GetStatus, i, TableStatus.Sorting)),
        Exchange(Index, i => new AbortRequest(i), i => new TableStatusResponse(RopId.Abort, i, TableStatus.Complete)),
        Exchange(
            Gen.Select(Index, Row, Gen.Bool),
            e => new FindRowRequest(e.Item1, false, default, Bookmark.Current) { Columns = e.Item2.Columns },
            e => new FindRowResponse(e.Item1, e.Item3, e.Item2.Columns, e.Item3 ? null : e.Item2.Row)),
        Exchange(Gen.Select(Index, Tags), e => new QueryColumnsAllRequest(e.Item1), e => new QueryColumnsAllResponse(e.Item1, e.Item2)),
        Exchange(Index, i => new ResetTableRequest(i), i => new RopSuccess(RopId.ResetTable, i)),
        Exchange(Gen.Select(Index, Bytes), e => new CreateBookmarkRequest(e.Item1), e => new BookmarkResponse(RopId.CreateBookmark, e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.Bool, Gen.Bool, Gen.Int),
            e => new SeekRowBookmarkRequest(e.Item1, default, 1),
            e => new SeekRowBookmarkResponse(e.Item1, e.Item2, e.Item3, e.Item4)),
        Exchange(Index, i => new SeekRowFractionalRequest(i, 1, 2), i => new RopSuccess(RopId.SeekRowFractional, i)),
        Exchange(Index, i => new FreeBookmarkRequest(i, default), i => new RopSuccess(RopId.FreeBookmark, i)),
        Exchange(
            Gen.Select(Index, Gen.UInt, Row),
            e => new ExpandRowRequest(e.Item1, 9, 1) { Columns = e.Item3.Columns },
            e => new ExpandRowResponse(e.Item1, e.Item2, e.Item3.Columns, [e.Item3.Row, e.Item3.Row])),
        Exchange(Gen.Select(Index, Gen.UInt), e => new CollapseRowRequest(e.Item1, 1), e => new CollapseRowResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Bytes), e => new GetCollapseStateRequest(e.Item1, 1, 0), e => new GetCollapseStateResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Bytes),
            e => new SetCollapseStateRequest(e.Item1, default),
            e => new BookmarkResponse(RopId.SetCollapseState, e.Item1, e.Item2)));
}
