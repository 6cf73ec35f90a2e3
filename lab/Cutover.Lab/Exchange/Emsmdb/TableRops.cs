using Cutover.Lab.Exchange.Emsmdb.Tables;
using Cutover.Mapi;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Reading tables. Asynchronous work is done at once, as Exchange 2010 and later do (note 20). Source: [MS-OXCTABL] 3.2.5.
/// </summary>
internal static class TableRops
{
    // RopId, handle index, return value, origin, row count.
    private const int QueryRowsOverhead = 9;

    // RopId, handle index, return value, no longer visible, has row data.
    private const int FindRowOverhead = 8;

    // Rows that are looked at to say which columns a table has.
    private const int SampledRows = 50;

    private const TableKind Restrictable = TableKind.Contents | TableKind.Hierarchy | TableKind.Rules;

    /// <summary>A failure leaves the table without columns. Source: [MS-OXCTABL] 3.2.5.2.</summary>
    public static RopResponse SetColumns(RopContext context, SetColumnsRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        table.Columns = null;
        if (request.Columns.Count == 0 || request.Columns.Any(IsNoColumn)) throw new RopException(MapiErrorCode.InvalidParameter);
        table.Columns = request.Columns;
        return new SetColumnsResponse(request.HandleIndex, TableStatus.Complete);
    }

    public static RopResponse SortTable(RopContext context, SortTableRequest request)
    {
        var table = Open(context, request.HandleIndex, TableKind.Contents);
        if (request.ExpandedCount > request.CategoryCount || request.CategoryCount > request.Orders.Count)
            throw new RopException(MapiErrorCode.InvalidParameter);
        table.Sort(request);
        return new TableStatusResponse(request.Id, request.HandleIndex, TableStatus.Complete);
    }

    public static RopResponse Restrict(RopContext context, RestrictRequest request)
    {
        Open(context, request.HandleIndex, Restrictable).Restrict(Parse(request.RestrictionData));
        return new TableStatusResponse(request.Id, request.HandleIndex, TableStatus.Complete);
    }

    /// <summary>Exchange 2010 and later don't implement it, whatever it is asked of.</summary>
    public static RopResponse GetStatus(RopContext context, GetStatusRequest request)
    {
        context.Get<ServerObject>(request.HandleIndex);
        throw new RopException(LabErrorCode.NotImplemented);
    }

    /// <summary>As <see cref="GetStatus"/>.</summary>
    public static RopResponse Abort(RopContext context, AbortRequest request)
    {
        context.Get<ServerObject>(request.HandleIndex);
        throw new RopException(LabErrorCode.NotImplemented);
    }

    public static RopResponse ResetTable(RopContext context, ResetTableRequest request)
    {
        Open(context, request.HandleIndex, TableKind.Contents).Reset();
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    /// <summary>As many rows as were asked for and fit. Without columns there is no table yet (Exchange 2010 and later).</summary>
    public static RopResponse QueryRows(RopContext context, QueryRowsRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        var columns = ColumnsOf(table);
        var (rows, position) = ReadRows(context, request, table);
        if (!request.Flags.HasFlag(QueryRowsFlags.NoAdvance)) table.Position = position;
        return new QueryRowsResponse(request.HandleIndex, OriginOf(table, request, position), columns, rows);
    }

    public static RopResponse QueryPosition(RopContext context, QueryPositionRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        var count = table.Rows.Count;
        return new QueryPositionResponse(request.HandleIndex, (uint)table.Position, (uint)count);
    }

    public static RopResponse FindRow(RopContext context, FindRowRequest request)
    {
        var table = Open(context, request.HandleIndex, Restrictable);
        var columns = ColumnsOf(table);
        var filter = new RowFilter(table.Mailbox, Parse(request.RestrictionData) ?? throw new RopException(MapiErrorCode.InvalidParameter));
        var (origin, isVisible) = OriginOf(table, request.Origin, request.Bookmark);
        table.Position = Find(table.Rows, filter, origin, request.Backward) ?? throw new RopException(MapiErrorCode.NotFound);
        var row = RowAt(table, table.Rows[table.Position]);
        return new FindRowResponse(
            request.HandleIndex, !isVisible, columns, SizeOf(row, columns) <= context.Room - FindRowOverhead ? row : null);
    }

    /// <summary>Every column that the first rows have: an object may have any property.</summary>
    public static RopResponse QueryColumnsAll(RopContext context, QueryColumnsAllRequest request)
    {
        var table = context.Get<TableObject>(request.HandleIndex);
        PropertyTag[] everything = [PropertyTags.InstID, PropertyTags.InstanceNum, PropertyTags.RowType, PropertyTags.Depth, PropertyTags.Body];
        var tags = table.Rows.Take(SampledRows).SelectMany(row => row.Read(everything)).Where(property => property.Name is null)
            .Select(property => property.Tag).Distinct().ToList();
        return new QueryColumnsAllResponse(request.HandleIndex, tags);
    }

    internal static TableObject Open(RopContext context, byte index, TableKind kinds)
    {
        var table = context.Get<TableObject>(index);
        return kinds.HasFlag(table.Kind) ? table : throw new RopException(MapiErrorCode.NotSupported);
    }

    /// <exception cref="RopException">Before RopSetColumns there is no row. Source: [MS-OXCTABL] 3.2.5.2.</exception>
    internal static IReadOnlyList<PropertyTag> ColumnsOf(TableObject table) => table.Columns ?? throw new RopException(MapiErrorCode.NullObject);

    internal static PropertyRow RowAt(TableObject table, TableRow row) =>
        PropertyRows.Of(table.Mailbox, row.Read(table.Columns!), table.Columns!, PropertyRows.TableLimit);

    /// <summary>As many of these rows as fit; at least one, or there is an error.</summary>
    private static List<PropertyRow> Fitting(TableObject table, IEnumerable<TableRow> rows, int room)
    {
        var fitting = new List<PropertyRow>();
        foreach (var row in rows.Select(row => RowAt(table, row)))
        {
            room -= SizeOf(row, table.Columns!);
            if (room < 0 && fitting.Count == 0) throw new RopException(MapiErrorCode.BufferTooSmall);
            if (room < 0) break;
            fitting.Add(row);
        }
        return fitting;
    }

    /// <summary>Where a bookmark stands, and whether its own row is still in view.</summary>
    internal static (int Position, bool IsVisible) OriginOf(TableObject table, Bookmark origin, ReadOnlyMemory<byte> bookmark) => origin switch
    {
        Bookmark.Beginning => (0, true),
        Bookmark.Current => (Math.Min(table.Position, table.Rows.Count), true),
        Bookmark.End => (table.Rows.Count, true),
        Bookmark.Custom => table.Find(bookmark) ?? throw new RopException(LabErrorCode.InvalidBookmark),
        _ => throw new RopException(MapiErrorCode.InvalidParameter),
    };

    /// <exception cref="RopException">It is none.</exception>
    internal static Restriction? Parse(ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty) return null;
        try
        {
            return Restriction.Read(new RopReader(data));
        }
        catch (MapiProtocolException)
        {
            throw new RopException(MapiErrorCode.InvalidParameter);
        }
    }

    private static bool IsNoColumn(PropertyTag column) =>
        column.Type is PropertyType.Unspecified or PropertyType.ErrorCode or PropertyType.Null || !Enum.IsDefined(column.Type);

    private static (List<PropertyRow> Rows, int Position) ReadRows(RopContext context, QueryRowsRequest request, TableObject table)
    {
        var all = table.Rows;
        var position = table.Position;
        var rows = request.ForwardRead
            ? all.Skip(position).Take(request.RowCount)
            : Enumerable.Range(1, Math.Min(position, request.RowCount)).Select(back => all[position - back]);
        var read = Fitting(table, rows, context.Room - QueryRowsOverhead);
        return (read, request.ForwardRead ? position + read.Count : position - read.Count);
    }

    private static int? Find(IReadOnlyList<TableRow> rows, RowFilter filter, int origin, bool backward)
    {
        var candidates = backward ? Enumerable.Range(1, origin).Select(back => origin - back) : Enumerable.Range(origin, rows.Count - origin);
        foreach (var place in candidates)
        {
            if (filter.Matches(rows[place])) return place;
        }
        return null;
    }

    private static int SizeOf(PropertyRow row, IReadOnlyList<PropertyTag> columns)
    {
        var writer = new RopWriter();
        row.Write(writer, columns);
        return writer.Length;
    }

    // Exchange 2010 and later say End where a backward read has come to the beginning (note 25).
    private static Bookmark OriginOf(TableObject table, QueryRowsRequest request, int position) =>
        position == (request.ForwardRead ? table.Rows.Count : 0) ? Bookmark.End : Bookmark.Current;
}
