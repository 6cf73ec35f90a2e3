using Cutover.Mapi.Rops;

namespace Cutover.Mapi.AddressBook;

// The bodies of UpdateStat, QueryRows, SeekEntries and GetMatches. Source: [MS-OXCMAPIHTTP] 2.2.5.17, 2.2.5.12, 2.2.5.16, 2.2.5.5.
public sealed partial record NspiUpdateStatRequest
{
    public override NspiOperation Operation => NspiOperation.UpdateStat;

    internal static NspiUpdateStatRequest ReadFlat(RopReader reader) =>
        new(default, reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat(), FlatValues.ReadHas(reader) ? 0 : null);

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Reserved);
        FlatArrays.WriteStat(writer, Stat);
        writer.WriteHas(Delta is not null); // DeltaRequested
    }

    internal override NspiUpdateStatResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiUpdateStatResponse.Read(stub);

    internal override NspiUpdateStatResponse ReadFlatAnswer(RopReader reader, uint status) =>
        new(FlatArrays.ReadStat(reader) ?? Stat, FlatValues.ReadHas(reader) ? reader.ReadInt32() : null, status);
}

public sealed partial record NspiUpdateStatResponse
{
    internal override void WriteFlat(RopWriter writer)
    {
        FlatArrays.WriteStat(writer, Stat);
        writer.WriteHas(Delta is not null);
        if (Delta is { } delta) writer.WriteInt32(delta);
    }
}

public sealed partial record NspiQueryRowsRequest
{
    public override NspiOperation Operation => NspiOperation.QueryRows;

    internal static NspiQueryRowsRequest ReadFlat(RopReader reader)
    {
        var (flags, stat, table) = (reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat(), FlatArrays.ReadAllNumbers(reader));
        return new(default, flags, stat, table.Length == 0 ? null : table, reader.ReadUInt32(), FlatArrays.ReadTags(reader));
    }

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Flags);
        FlatArrays.WriteStat(writer, Stat);
        FlatArrays.WriteAllNumbers(writer, Table ?? []);
        writer.WriteUInt32(Count);
        FlatArrays.WriteTags(writer, Columns);
    }

    internal override NspiRowsResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiRowsResponse.Read(stub);

    internal override NspiRowsResponse ReadFlatAnswer(RopReader reader, uint status) => NspiRowsResponse.ReadFlat(reader, status, Stat);
}

public sealed partial record NspiSeekEntriesRequest
{
    public override NspiOperation Operation => NspiOperation.SeekEntries;

    internal static NspiSeekEntriesRequest ReadFlat(RopReader reader)
    {
        var (reserved, stat) = (reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat());
        var target = FlatValues.ReadHas(reader) ? FlatValues.ReadTagged(reader, (int)stat.CodePage) : null;
        return new(default, reserved, stat, target, FlatArrays.ReadNumbers(reader), FlatArrays.ReadTags(reader));
    }

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Reserved);
        FlatArrays.WriteStat(writer, Stat);
        writer.WriteHas(Target is not null);
        if (Target is not null) FlatValues.WriteTagged(writer, Target, (int)Stat.CodePage);
        FlatArrays.WriteNumbers(writer, Table);
        FlatArrays.WriteTags(writer, Columns);
    }

    internal override NspiRowsResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiRowsResponse.Read(stub);

    internal override NspiRowsResponse ReadFlatAnswer(RopReader reader, uint status) => NspiRowsResponse.ReadFlat(reader, status, Stat);
}

public sealed partial record NspiRowsResponse
{
    /// <param name="asked">The STAT of the request, for a server that gives none back.</param>
    internal static NspiRowsResponse ReadFlat(RopReader reader, uint status, NspiStat asked)
    {
        var stat = FlatArrays.ReadStat(reader) ?? asked;
        var (columns, rows) = FlatArrays.ReadRows(reader, (int)stat.CodePage);
        return new(stat, rows, status) { Columns = columns };
    }

    internal override void WriteFlat(RopWriter writer)
    {
        FlatArrays.WriteStat(writer, Stat);
        FlatArrays.WriteRows(writer, Columns, Rows, (int)Stat.CodePage);
    }
}

public sealed partial record NspiGetMatchesRequest
{
    private const int PropertyNameSize = 20;

    public override NspiOperation Operation => NspiOperation.GetMatches;

    internal static NspiGetMatchesRequest ReadFlat(RopReader reader)
    {
        var (reserved, stat) = (reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat());
        _ = FlatArrays.ReadNumbers(reader);
        _ = reader.ReadUInt32(); // InterfaceOptionFlags
        var filter = FlatValues.ReadHas(reader) ? AddressBookRestriction.ReadFlat(reader, (int)stat.CodePage) : null;
        if (FlatValues.ReadHas(reader)) reader.ReadBytes(PropertyNameSize);
        return new(default, reserved, stat, filter, reader.ReadUInt32(), FlatArrays.ReadTags(reader));
    }

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Reserved);
        FlatArrays.WriteStat(writer, Stat);
        writer.WriteHas(false); // HasMinimalIds
        writer.WriteUInt32(0); // InterfaceOptionFlags
        writer.WriteHas(Filter is not null);
        Filter?.WriteFlat(writer, (int)Stat.CodePage);
        writer.WriteHas(false); // HasPropertyName
        writer.WriteUInt32(Requested);
        FlatArrays.WriteTags(writer, Columns);
    }

    internal override NspiGetMatchesResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiGetMatchesResponse.Read(stub);

    internal override NspiGetMatchesResponse ReadFlatAnswer(RopReader reader, uint status)
    {
        var (stat, ids) = (FlatArrays.ReadStat(reader) ?? Stat, FlatArrays.ReadNumbers(reader));
        var (columns, rows) = FlatArrays.ReadRows(reader, (int)stat.CodePage);
        return new(stat, ids, rows, status) { Columns = columns };
    }
}

public sealed partial record NspiGetMatchesResponse
{
    internal override void WriteFlat(RopWriter writer)
    {
        FlatArrays.WriteStat(writer, Stat);
        FlatArrays.WriteNumbers(writer, MinimalIds);
        FlatArrays.WriteRows(writer, Columns, Rows, (int)Stat.CodePage);
    }
}
