using Cutover.Lab.Exchange.Emsmdb.Tables;
using Cutover.Mapi;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Moving the cursor of a table, and its bookmarks. Source: [MS-OXCTABL] 3.2.5.9 to 3.2.5.12, 3.2.5.15.</summary>
internal static class TableSeekRops
{
    private const TableKind Bookmarkable = TableKind.Contents | TableKind.Hierarchy;

    public static RopResponse SeekRow(RopContext context, SeekRowRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        if (request.Origin == Bookmark.Custom) throw new RopException(MapiErrorCode.InvalidParameter);
        var (origin, _) = TableRops.OriginOf(table, request.Origin, default);
        var sought = Seek(table, origin, request.RowCount);
        return new SeekRowResponse(request.HandleIndex, sought != request.RowCount && request.WantRowMovedCount, request.WantRowMovedCount ? sought : 0);
    }

    public static RopResponse SeekRowBookmark(RopContext context, SeekRowBookmarkRequest request)
    {
        var table = TableRops.Open(context, request.HandleIndex, Bookmarkable);
        TableRops.ColumnsOf(table);
        var (origin, isVisible) = TableRops.OriginOf(table, Bookmark.Custom, request.Bookmark);
        var sought = Seek(table, origin, request.RowCount);
        return new SeekRowBookmarkResponse(
            request.HandleIndex, !isVisible, sought != request.RowCount && request.WantRowMovedCount, request.WantRowMovedCount ? sought : 0);
    }

    public static RopResponse SeekRowFractional(RopContext context, SeekRowFractionalRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        if (request.Denominator == 0) throw new RopException(MapiErrorCode.InvalidParameter);
        var count = table.Rows.Count;
        table.Position = request.Numerator >= request.Denominator ? count : (int)((long)count * request.Numerator / request.Denominator);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse CreateBookmark(RopContext context, CreateBookmarkRequest request)
    {
        var table = TableRops.Open(context, request.HandleIndex, Bookmarkable);
        return new BookmarkResponse(request.Id, request.HandleIndex, table.CreateBookmark());
    }

    public static RopResponse FreeBookmark(RopContext context, FreeBookmarkRequest request)
    {
        var table = TableRops.Open(context, request.HandleIndex, Bookmarkable);
        TableRops.ColumnsOf(table);
        if (!table.FreeBookmark(request.Bookmark)) throw new RopException(LabErrorCode.InvalidBookmark);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    /// <summary>Moves the cursor as far as the table goes; how many rows it moved.</summary>
    private static int Seek(TableObject table, int origin, int rows)
    {
        table.Position = (int)Math.Clamp((long)origin + rows, 0, table.Rows.Count);
        return table.Position - origin;
    }
}
