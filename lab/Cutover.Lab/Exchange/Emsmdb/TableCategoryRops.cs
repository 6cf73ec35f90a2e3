using Cutover.Lab.Exchange.Emsmdb.Tables;
using Cutover.Mapi;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Opening and closing the categories of a contents table. Source: [MS-OXCTABL] 3.2.5.17 to 3.2.5.20.</summary>
internal static class TableCategoryRops
{
    /// <summary>The rows themselves are read with RopQueryRows: Exchange 2013 and later send none here (note 16).</summary>
    public static RopResponse ExpandRow(RopContext context, ExpandRowRequest request)
    {
        var table = Open(context, request.HandleIndex);
        if (request.MaxRowCount > 0) throw new RopException(MapiErrorCode.NotSupported);
        var category = Find(table, request.CategoryId);
        if (category.IsExpanded) throw new RopException(LabErrorCode.NotCollapsed);
        table.Turn(category);
        return new ExpandRowResponse(request.HandleIndex, (uint)category.Visible().Count(), TableRops.ColumnsOf(table), []);
    }

    public static RopResponse CollapseRow(RopContext context, CollapseRowRequest request)
    {
        var table = Open(context, request.HandleIndex);
        var category = Find(table, request.CategoryId);
        if (!category.IsExpanded) throw new RopException(LabErrorCode.NotExpanded);
        var hidden = category.Visible().Count();
        table.Turn(category);
        return new CollapseRowResponse(request.HandleIndex, (uint)hidden);
    }

    public static RopResponse GetCollapseState(RopContext context, GetCollapseStateRequest request)
    {
        var table = Open(context, request.HandleIndex);
        var state = new CollapseState((long)request.RowId, request.RowInstanceNumber, [.. table.Turned.Order()]);
        return new GetCollapseStateResponse(request.HandleIndex, state.Write());
    }

    public static RopResponse SetCollapseState(RopContext context, SetCollapseStateRequest request)
    {
        var table = Open(context, request.HandleIndex);
        var state = CollapseState.Read(request.CollapseState);
        foreach (var id in table.Turned.Except(state.Turned).Concat(state.Turned.Except(table.Turned)).ToList())
        {
            if (table.FindCategory(id) is { } category) table.Turn(category);
        }
        var at = table.Rows.FirstOrDefault(row => row.Id == state.Row);
        table.Position = at is null ? 0 : table.Rows.ToList().IndexOf(at);
        return new BookmarkResponse(request.Id, request.HandleIndex, table.CreateBookmark(at));
    }

    private static TableObject Open(RopContext context, byte index)
    {
        var table = TableRops.Open(context, index, TableKind.Contents);
        TableRops.ColumnsOf(table);
        return table;
    }

    private static CategoryRow Find(TableObject table, ulong id)
    {
        // Rereads the table when it has changed.
        _ = table.Rows;
        return table.FindCategory((long)id) ?? throw new RopException(MapiErrorCode.NotFound);
    }
}

/// <summary>The state of a table's categories in this server's own form: a row, then the categories that a client opened or closed.</summary>
internal sealed record CollapseState(long Row, uint Instance, IReadOnlyList<long> Turned)
{
    private const int FixedSize = 12;
    private const int IdSize = 8;

    public ReadOnlyMemory<byte> Write()
    {
        var writer = new RopWriter().WriteInt64(Row).WriteUInt32(Instance);
        foreach (var id in Turned) writer.WriteInt64(id);
        return writer.Written;
    }

    /// <exception cref="RopException">It is none of ours.</exception>
    public static CollapseState Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < FixedSize || (bytes.Length - FixedSize) % IdSize != 0) throw new RopException(MapiErrorCode.InvalidParameter);
        var reader = new RopReader(bytes);
        return new CollapseState(reader.ReadInt64(), reader.ReadUInt32(), reader.ReadArray(reader.Remaining / IdSize, IdSize, reader.ReadInt64));
    }
}
