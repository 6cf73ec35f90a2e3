using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCDATA] 2.13.1.</summary>
public enum SortDirection : byte
{
    Ascending = 0x00,
    Descending = 0x01,

    /// <summary>Categories are ordered by the greatest value of this column among their rows.</summary>
    MaximumCategory = 0x04,
}

/// <summary>One column of a sort order. Source: [MS-OXCDATA] 2.13.1.</summary>
public sealed record SortOrder(PropertyTag Column, SortDirection Direction)
{
    internal const int Size = 5;
}

/// <summary>
/// RopSortTable. The first <paramref name="CategoryCount"/> orders make categories, of which the first <paramref name="ExpandedCount"/> levels
/// are open. Source: [MS-OXCROPS] 2.2.5.2.
/// </summary>
public sealed record SortTableRequest(byte HandleIndex, IReadOnlyList<SortOrder> Orders, ushort CategoryCount = 0, ushort ExpandedCount = 0)
    : RopRequest(RopId.SortTable, HandleIndex)
{
    /// <summary>TBL_ASYNC 1.</summary>
    public byte SortTableFlags { get; init; }

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte(SortTableFlags).WriteCount(Orders.Count).WriteUInt16(CategoryCount).WriteUInt16(ExpandedCount);
        foreach (var order in Orders) writer.WritePropertyTag(order.Column).WriteByte((byte)order.Direction);
    }

    internal static SortTableRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var flags = reader.ReadByte();
        var count = reader.ReadUInt16();
        var categories = reader.ReadUInt16();
        var expanded = reader.ReadUInt16();
        var orders = reader.ReadArray(count, SortOrder.Size, () => new SortOrder(reader.ReadPropertyTag(), (SortDirection)reader.ReadByte()));
        return new SortTableRequest(handleIndex, orders, categories, expanded) { SortTableFlags = flags };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new TableStatusResponse(Id, handleIndex, (TableStatus)reader.ReadByte());
}

/// <summary>RopRestrict: only the rows that meet the restriction stay; an empty one brings all back. Source: [MS-OXCROPS] 2.2.5.3.</summary>
public sealed record RestrictRequest(byte HandleIndex, ReadOnlyMemory<byte> RestrictionData) : RopRequest(RopId.Restrict, HandleIndex)
{
    /// <summary>TBL_ASYNC 1.</summary>
    public byte RestrictFlags { get; init; }

    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(RestrictFlags).WriteCount(RestrictionData.Length).WriteBytes(RestrictionData.Span);

    internal static RestrictRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var flags = reader.ReadByte();
        return new RestrictRequest(handleIndex, reader.ReadBytes(reader.ReadUInt16())) { RestrictFlags = flags };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new TableStatusResponse(Id, handleIndex, (TableStatus)reader.ReadByte());
}

/// <summary>How far the table is: the answer to RopSortTable, RopRestrict, RopGetStatus and RopAbort.</summary>
public sealed record TableStatusResponse(RopId Id, byte HandleIndex, TableStatus TableStatus) : RopResponse(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte((byte)TableStatus);
}

/// <summary>
/// RopFindRow: the next row, from <paramref name="Origin"/> on, that meets the restriction. Source: [MS-OXCROPS] 2.2.5.13.
/// </summary>
public sealed record FindRowRequest(byte HandleIndex, bool Backward, ReadOnlyMemory<byte> RestrictionData, Bookmark Origin)
    : RopRequest(RopId.FindRow, HandleIndex)
{
    /// <summary>The bookmark to begin at when <see cref="Origin"/> is <see cref="Rops.Bookmark.Custom"/>.</summary>
    public ReadOnlyMemory<byte> Bookmark { get; init; }

    /// <summary>The columns that the table has, to read the response by; not on the wire.</summary>
    public IReadOnlyList<PropertyTag> Columns { get; init; } = [];

    protected override void WriteBody(RopWriter writer) => writer
        .WriteBoolean(Backward).WriteCount(RestrictionData.Length).WriteBytes(RestrictionData.Span)
        .WriteByte((byte)Origin).WriteCount(Bookmark.Length).WriteBytes(Bookmark.Span);

    internal static FindRowRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var backward = reader.ReadBoolean();
        var restriction = reader.ReadBytes(reader.ReadUInt16());
        var origin = (Bookmark)reader.ReadByte();
        return new FindRowRequest(handleIndex, backward, restriction, origin) { Bookmark = reader.ReadBytes(reader.ReadUInt16()) };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        var invisible = reader.ReadBoolean();
        var row = reader.ReadBoolean() ? PropertyRow.Read(reader, Columns) : null;
        return new FindRowResponse(handleIndex, invisible, Columns, row);
    }
}

/// <summary>The row, or null; <paramref name="RowNoLongerVisible"/> says that the bookmark's own row is gone or hidden.</summary>
public sealed record FindRowResponse(byte HandleIndex, bool RowNoLongerVisible, IReadOnlyList<PropertyTag> Columns, PropertyRow? Row)
    : RopResponse(RopId.FindRow, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteBoolean(RowNoLongerVisible).WriteBoolean(Row is not null);
        Row?.Write(writer, Columns);
    }
}

/// <summary>RopQueryColumnsAll: every column that the table could show. Source: [MS-OXCROPS] 2.2.5.12.</summary>
public sealed record QueryColumnsAllRequest(byte HandleIndex) : RopRequest(RopId.QueryColumnsAll, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new QueryColumnsAllResponse(handleIndex, reader.ReadPropertyTags(reader.ReadUInt16()));
}

public sealed record QueryColumnsAllResponse(byte HandleIndex, IReadOnlyList<PropertyTag> Columns) : RopResponse(RopId.QueryColumnsAll, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WritePropertyTags(Columns);
}

/// <summary>RopGetStatus. Source: [MS-OXCROPS] 2.2.5.6.</summary>
public sealed record GetStatusRequest(byte HandleIndex) : RopRequest(RopId.GetStatus, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new TableStatusResponse(Id, handleIndex, (TableStatus)reader.ReadByte());
}

/// <summary>RopAbort: gives up what the table does asynchronously. Source: [MS-OXCROPS] 2.2.5.5.</summary>
public sealed record AbortRequest(byte HandleIndex) : RopRequest(RopId.Abort, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new TableStatusResponse(Id, handleIndex, (TableStatus)reader.ReadByte());
}

/// <summary>RopResetTable: takes columns, order, restriction and bookmarks away. Source: [MS-OXCROPS] 2.2.5.15.</summary>
public sealed record ResetTableRequest(byte HandleIndex) : RopRequest(RopId.ResetTable, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}
