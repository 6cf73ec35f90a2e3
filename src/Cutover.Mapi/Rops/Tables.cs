using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCTABL] 2.2.2.1.1.</summary>
public enum TableStatus : byte
{
    Complete = 0x00,
    Sorting = 0x09,
    SortError = 0x0A,
    SettingColumns = 0x0B,
    SettingColumnsError = 0x0D,
    Restricting = 0x0E,
    RestrictError = 0x0F,
}

/// <summary>Source: [MS-OXCTABL] 2.2.2.5.1.1.</summary>
[Flags]
public enum QueryRowsFlags : byte
{
    Advance = 0x00,
    NoAdvance = 0x01,
    EnablePackedBuffers = 0x02,
}

/// <summary>A place in a table. Source: [MS-OXCTABL] 2.2.2.1.3.</summary>
public enum Bookmark : byte
{
    Beginning = 0x00,
    Current = 0x01,
    End = 0x02,

    /// <summary>A bookmark that the client made.</summary>
    Custom = 0x03,
}

/// <summary>RopSetColumns. Source: [MS-OXCROPS] 2.2.5.1.</summary>
public sealed record SetColumnsRequest(byte HandleIndex, IReadOnlyList<PropertyTag> Columns) : RopRequest(RopId.SetColumns, HandleIndex)
{
    /// <summary>TBL_ASYNC 1; we always wait.</summary>
    public byte SetColumnsFlags { get; init; }

    protected override void WriteBody(RopWriter writer) => writer.WriteByte(SetColumnsFlags).WritePropertyTags(Columns);

    internal static SetColumnsRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var flags = reader.ReadByte();
        return new SetColumnsRequest(handleIndex, reader.ReadPropertyTags(reader.ReadUInt16())) { SetColumnsFlags = flags };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new SetColumnsResponse(handleIndex, (TableStatus)reader.ReadByte());
}

public sealed record SetColumnsResponse(byte HandleIndex, TableStatus TableStatus) : RopResponse(RopId.SetColumns, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte((byte)TableStatus);
}

/// <summary>RopQueryRows. Source: [MS-OXCROPS] 2.2.5.4.</summary>
public sealed record QueryRowsRequest(byte HandleIndex, QueryRowsFlags Flags, bool ForwardRead, ushort RowCount)
    : RopRequest(RopId.QueryRows, HandleIndex)
{
    /// <summary>The columns that the table has, to read the response by; not on the wire.</summary>
    public IReadOnlyList<PropertyTag> Columns { get; init; } = [];

    protected override void WriteBody(RopWriter writer) => writer.WriteByte((byte)Flags).WriteBoolean(ForwardRead).WriteUInt16(RowCount);

    internal static QueryRowsRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, (QueryRowsFlags)reader.ReadByte(), reader.ReadBoolean(), reader.ReadUInt16());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        QueryRowsResponse.ReadBody(handleIndex, Columns, reader);
}

/// <summary>
/// Rows of <paramref name="Columns"/> (told by the table, not by the wire); <paramref name="Origin"/> says where the cursor now stands.
/// </summary>
public sealed record QueryRowsResponse(
    byte HandleIndex, Bookmark Origin, IReadOnlyList<PropertyTag> Columns, IReadOnlyList<PropertyRow> Rows)
    : RopResponse(RopId.QueryRows, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte((byte)Origin).WriteCount(Rows.Count);
        foreach (var row in Rows) row.Write(writer, Columns);
    }

    internal static QueryRowsResponse ReadBody(byte handleIndex, IReadOnlyList<PropertyTag> columns, RopReader reader)
    {
        var origin = (Bookmark)reader.ReadByte();
        var rows = reader.ReadArray(reader.ReadUInt16(), 1, () => PropertyRow.Read(reader, columns));
        return new QueryRowsResponse(handleIndex, origin, columns, rows);
    }
}

/// <summary>RopQueryPosition. Source: [MS-OXCROPS] 2.2.5.7.</summary>
public sealed record QueryPositionRequest(byte HandleIndex) : RopRequest(RopId.QueryPosition, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new QueryPositionResponse(handleIndex, reader.ReadUInt32(), reader.ReadUInt32());
}

/// <summary>The cursor stands at row <paramref name="Numerator"/> of <paramref name="Denominator"/>.</summary>
public sealed record QueryPositionResponse(byte HandleIndex, uint Numerator, uint Denominator)
    : RopResponse(RopId.QueryPosition, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(Numerator).WriteUInt32(Denominator);
}

/// <summary>RopSeekRow. Source: [MS-OXCROPS] 2.2.5.8.</summary>
public sealed record SeekRowRequest(byte HandleIndex, Bookmark Origin, int RowCount, bool WantRowMovedCount = true)
    : RopRequest(RopId.SeekRow, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte((byte)Origin).WriteInt32(RowCount).WriteBoolean(WantRowMovedCount);

    internal static SeekRowRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, (Bookmark)reader.ReadByte(), reader.ReadInt32(), reader.ReadBoolean());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new SeekRowResponse(handleIndex, reader.ReadBoolean(), reader.ReadInt32());
}

public sealed record SeekRowResponse(byte HandleIndex, bool HasSoughtLess, int RowsSought) : RopResponse(RopId.SeekRow, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteBoolean(HasSoughtLess).WriteInt32(RowsSought);
}
