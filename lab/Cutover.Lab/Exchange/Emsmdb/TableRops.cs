using Cutover.Mapi;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Reading tables. Source: [MS-OXCTABL] 3.2.5.</summary>
internal static class TableRops
{
    // RopId, handle index, return value, origin, row count.
    private const int QueryRowsOverhead = 9;

    public static RopResponse SetColumns(RopContext context, SetColumnsRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        if (request.Columns.Count == 0) throw new RopException(MapiErrorCode.InvalidParameter);
        table.Columns = request.Columns;
        return new SetColumnsResponse(request.HandleIndex, TableStatus.Complete);
    }

    /// <summary>As many rows as were asked for and fit. Without columns there is no table yet (Exchange 2010 and later).</summary>
    public static RopResponse QueryRows(RopContext context, QueryRowsRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        var columns = table.Columns ?? throw new RopException(MapiErrorCode.NullObject);
        var position = table.Position;
        var rows = ReadRows(context, request, table, ref position);
        if (!request.Flags.HasFlag(QueryRowsFlags.NoAdvance)) table.Position = position;
        return new QueryRowsResponse(request.HandleIndex, OriginOf(table, position), columns, rows);
    }

    public static RopResponse QueryPosition(RopContext context, QueryPositionRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        return new QueryPositionResponse(request.HandleIndex, (uint)table.Position, (uint)table.Rows.Count);
    }

    public static RopResponse SeekRow(RopContext context, SeekRowRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        var origin = request.Origin switch
        {
            Bookmark.Beginning => 0,
            Bookmark.Current => table.Position,
            Bookmark.End => table.Rows.Count,
            _ => throw new RopException(MapiErrorCode.InvalidParameter),
        };
        table.Position = (int)Math.Clamp((long)origin + request.RowCount, 0, table.Rows.Count);
        var sought = table.Position - origin;
        return new SeekRowResponse(request.HandleIndex, sought != request.RowCount && request.WantRowMovedCount, request.WantRowMovedCount ? sought : 0);
    }

    private static List<PropertyRow> ReadRows(RopContext context, QueryRowsRequest request, TableObject table, ref int position)
    {
        var rows = new List<PropertyRow>();
        var room = context.Room - QueryRowsOverhead;
        var step = request.ForwardRead ? 1 : -1;
        while (rows.Count < request.RowCount)
        {
            var index = request.ForwardRead ? position : position - 1;
            if (index < 0 || index >= table.Rows.Count) break;
            var row = PropertyRows.Of(table.Mailbox, table.Rows[index](table.Columns!), table.Columns!, PropertyRows.TableLimit);
            room -= SizeOf(row, table);
            if (room < 0) break;
            rows.Add(row);
            position += step;
        }
        if (rows.Count == 0 && room < 0) throw new RopException(MapiErrorCode.BufferTooSmall);
        return rows;
    }

    private static int SizeOf(PropertyRow row, TableObject table)
    {
        var writer = new RopWriter();
        row.Write(writer, table.Columns!);
        return writer.Length;
    }

    private static Bookmark OriginOf(TableObject table, int position) =>
        position == table.Rows.Count ? Bookmark.End : position == 0 ? Bookmark.Beginning : Bookmark.Current;
}
