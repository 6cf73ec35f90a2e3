using Cutover.Mapi.Rops;

namespace Cutover.Mapi.AddressBook;

// The bodies of DNToMId, GetPropList, QueryColumns, GetProps, GetSpecialTable and ResolveNames. Source: [MS-OXCMAPIHTTP] 2.2.5.4, 2.2.5.6,
// 2.2.5.13, 2.2.5.7, 2.2.5.8, 2.2.5.14.
public sealed partial record NspiDNToMIdRequest
{
    public override NspiOperation Operation => NspiOperation.DNToMId;

    internal static NspiDNToMIdRequest ReadFlat(RopReader reader) =>
        new(default, reader.ReadUInt32(), FlatArrays.ReadStrings(reader, reader.ReadString8));

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Reserved);
        FlatArrays.WriteStrings(writer, Names, name => writer.WriteString8(name));
    }

    internal override NspiNumbersResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiNumbersResponse.Read(stub);

    internal override NspiNumbersResponse ReadFlatAnswer(RopReader reader, uint status) => NspiNumbersResponse.ReadFlat(reader, status);
}

public sealed partial record NspiGetPropListRequest
{
    public override NspiOperation Operation => NspiOperation.GetPropList;

    internal static NspiGetPropListRequest ReadFlat(RopReader reader) => new(default, reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());

    internal override void WriteFlat(RopWriter writer) => writer.WriteUInt32(Flags).WriteUInt32(MinimalId).WriteUInt32(CodePage);

    internal override NspiNumbersResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiNumbersResponse.Read(stub);

    internal override NspiNumbersResponse ReadFlatAnswer(RopReader reader, uint status) => NspiNumbersResponse.ReadFlat(reader, status);
}

public sealed partial record NspiQueryColumnsRequest
{
    public override NspiOperation Operation => NspiOperation.QueryColumns;

    internal static NspiQueryColumnsRequest ReadFlat(RopReader reader) => new(default, reader.ReadUInt32(), reader.ReadUInt32());

    internal override void WriteFlat(RopWriter writer) => writer.WriteUInt32(Reserved).WriteUInt32(Flags);

    internal override NspiNumbersResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiNumbersResponse.Read(stub);

    internal override NspiNumbersResponse ReadFlatAnswer(RopReader reader, uint status) => NspiNumbersResponse.ReadFlat(reader, status);
}

public sealed partial record NspiNumbersResponse
{
    internal static NspiNumbersResponse ReadFlat(RopReader reader, uint status) => new(FlatArrays.ReadNumbers(reader), status);

    internal override void WriteFlat(RopWriter writer) => FlatArrays.WriteNumbers(writer, Numbers);
}

public sealed partial record NspiGetPropsRequest
{
    public override NspiOperation Operation => NspiOperation.GetProps;

    internal static NspiGetPropsRequest ReadFlat(RopReader reader) =>
        new(default, reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat(), FlatArrays.ReadTags(reader));

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Flags);
        FlatArrays.WriteStat(writer, Stat);
        FlatArrays.WriteTags(writer, Columns);
    }

    internal override NspiGetPropsResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiGetPropsResponse.Read(stub, (int)Stat.CodePage);

    internal override NspiGetPropsResponse ReadFlatAnswer(RopReader reader, uint status) => NspiGetPropsResponse.ReadFlat(reader, status);
}

public sealed partial record NspiGetPropsResponse
{
    internal static NspiGetPropsResponse ReadFlat(RopReader reader, uint status)
    {
        var codePage = reader.ReadInt32();
        return new(FlatValues.ReadHas(reader) ? FlatValues.ReadList(reader, codePage) : null, status, codePage);
    }

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteInt32(CodePage).WriteHas(Row is not null);
        if (Row is not null) FlatValues.WriteList(writer, Row, CodePage);
    }
}

public sealed partial record NspiGetSpecialTableRequest
{
    public override NspiOperation Operation => NspiOperation.GetSpecialTable;

    internal static NspiGetSpecialTableRequest ReadFlat(RopReader reader) =>
        new(default, reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat(), FlatValues.ReadHas(reader) ? reader.ReadUInt32() : 0);

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Flags);
        FlatArrays.WriteStat(writer, Stat);
        writer.WriteHas(true).WriteUInt32(Version);
    }

    internal override NspiGetSpecialTableResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiGetSpecialTableResponse.Read(stub, (int)Stat.CodePage);

    internal override NspiGetSpecialTableResponse ReadFlatAnswer(RopReader reader, uint status)
    {
        var codePage = reader.ReadInt32();
        var version = FlatValues.ReadHas(reader) ? reader.ReadUInt32() : 0;
        if (!FlatValues.ReadHas(reader)) return new(version, null, status, codePage);
        var count = reader.ReadUInt32();
        if (count > reader.Remaining) throw reader.Broken($"{count} rows");
        return new(version, reader.ReadArray((int)count, sizeof(uint), () => FlatValues.ReadList(reader, codePage)), status, codePage);
    }
}

public sealed partial record NspiGetSpecialTableResponse
{
    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteInt32(CodePage).WriteHas(true).WriteUInt32(Version).WriteHas(Rows is not null);
        if (Rows is null) return;
        writer.WriteUInt32((uint)Rows.Count);
        foreach (var row in Rows) FlatValues.WriteList(writer, row, CodePage);
    }
}

public sealed partial record NspiResolveNamesRequest
{
    public override NspiOperation Operation => IsUnicode ? NspiOperation.ResolveNamesW : NspiOperation.ResolveNames;

    internal static NspiResolveNamesRequest ReadFlat(RopReader reader) => new(
        default, reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat(), FlatArrays.ReadTags(reader),
        FlatArrays.ReadStrings(reader, reader.ReadString));

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Reserved);
        FlatArrays.WriteStat(writer, Stat);
        FlatArrays.WriteTags(writer, Columns);
        FlatArrays.WriteStrings(writer, Names, name => writer.WriteString(name));
    }

    internal override NspiResolveNamesResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiResolveNamesResponse.Read(stub, (int)Stat.CodePage);

    internal override NspiResolveNamesResponse ReadFlatAnswer(RopReader reader, uint status)
    {
        var (codePage, ids) = (reader.ReadInt32(), FlatArrays.ReadNumbers(reader));
        var (columns, rows) = FlatArrays.ReadRows(reader, codePage);
        return new(ids, rows, status, codePage) { Columns = columns };
    }
}

public sealed partial record NspiResolveNamesResponse
{
    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteInt32(CodePage);
        FlatArrays.WriteNumbers(writer, MinimalIds);
        FlatArrays.WriteRows(writer, Columns, Rows, CodePage);
    }
}
