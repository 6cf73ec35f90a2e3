using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>RopExpandRow: opens a category and reads the first rows in it. Source: [MS-OXCROPS] 2.2.5.16.</summary>
public sealed record ExpandRowRequest(byte HandleIndex, ushort MaxRowCount, ulong CategoryId) : RopRequest(RopId.ExpandRow, HandleIndex)
{
    /// <summary>The columns that the table has, to read the response by; not on the wire.</summary>
    public IReadOnlyList<PropertyTag> Columns { get; init; } = [];

    protected override void WriteBody(RopWriter writer) => writer.WriteUInt16(MaxRowCount).WriteUInt64(CategoryId);

    internal static ExpandRowRequest ReadBody(byte handleIndex, RopReader reader) => new(handleIndex, reader.ReadUInt16(), reader.ReadUInt64());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        var expanded = reader.ReadUInt32();
        var rows = reader.ReadArray(reader.ReadUInt16(), 1, () => PropertyRow.Read(reader, Columns));
        return new ExpandRowResponse(handleIndex, expanded, Columns, rows);
    }
}

/// <summary>So many rows came into view; the first of them are here.</summary>
public sealed record ExpandRowResponse(
    byte HandleIndex, uint ExpandedRowCount, IReadOnlyList<PropertyTag> Columns, IReadOnlyList<PropertyRow> Rows)
    : RopResponse(RopId.ExpandRow, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteUInt32(ExpandedRowCount).WriteCount(Rows.Count);
        foreach (var row in Rows) row.Write(writer, Columns);
    }
}

/// <summary>RopCollapseRow: closes a category. Source: [MS-OXCROPS] 2.2.5.17.</summary>
public sealed record CollapseRowRequest(byte HandleIndex, ulong CategoryId) : RopRequest(RopId.CollapseRow, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt64(CategoryId);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new CollapseRowResponse(handleIndex, reader.ReadUInt32());
}

public sealed record CollapseRowResponse(byte HandleIndex, uint CollapsedRowCount) : RopResponse(RopId.CollapseRow, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(CollapsedRowCount);
}

/// <summary>
/// RopGetCollapseState: which categories are open, and the row that the client wants to find again. Source: [MS-OXCROPS] 2.2.5.18.
/// </summary>
public sealed record GetCollapseStateRequest(byte HandleIndex, ulong RowId, uint RowInstanceNumber)
    : RopRequest(RopId.GetCollapseState, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt64(RowId).WriteUInt32(RowInstanceNumber);

    internal static GetCollapseStateRequest ReadBody(byte handleIndex, RopReader reader) => new(handleIndex, reader.ReadUInt64(), reader.ReadUInt32());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetCollapseStateResponse(handleIndex, reader.ReadBytes(reader.ReadUInt16()));
}

public sealed record GetCollapseStateResponse(byte HandleIndex, ReadOnlyMemory<byte> CollapseState)
    : RopResponse(RopId.GetCollapseState, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteCount(CollapseState.Length).WriteBytes(CollapseState.Span);
}

/// <summary>RopSetCollapseState: opens and closes the categories as they were. Source: [MS-OXCROPS] 2.2.5.19.</summary>
public sealed record SetCollapseStateRequest(byte HandleIndex, ReadOnlyMemory<byte> CollapseState) : RopRequest(RopId.SetCollapseState, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteCount(CollapseState.Length).WriteBytes(CollapseState.Span);

    internal static SetCollapseStateRequest ReadBody(byte handleIndex, RopReader reader) => new(handleIndex, reader.ReadBytes(reader.ReadUInt16()));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new BookmarkResponse(Id, handleIndex, reader.ReadBytes(reader.ReadUInt16()));
}
