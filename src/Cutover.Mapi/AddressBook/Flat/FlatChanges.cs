using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.AddressBook;

// The bodies of CompareMIds, ResortRestriction, ModProps, ModLinkAtt and GetTemplateInfo. Source: [MS-OXCMAPIHTTP] 2.2.5.3, 2.2.5.15, 2.2.5.11,
// 2.2.5.10, 2.2.5.9.
public sealed partial record NspiCompareMIdsRequest
{
    public override NspiOperation Operation => NspiOperation.CompareMIds;

    internal static NspiCompareMIdsRequest ReadFlat(RopReader reader) =>
        new(default, reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat(), reader.ReadUInt32(), reader.ReadUInt32());

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Reserved);
        FlatArrays.WriteStat(writer, Stat);
        writer.WriteUInt32(First).WriteUInt32(Second);
    }

    internal override NspiCompareMIdsResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiCompareMIdsResponse.Read(stub);

    internal override NspiCompareMIdsResponse ReadFlatAnswer(RopReader reader, uint status) => new(reader.ReadInt32(), status);
}

public sealed partial record NspiCompareMIdsResponse
{
    internal override void WriteFlat(RopWriter writer) => writer.WriteInt32(Result);
}

public sealed partial record NspiResortRestrictionRequest
{
    public override NspiOperation Operation => NspiOperation.ResortRestriction;

    internal static NspiResortRestrictionRequest ReadFlat(RopReader reader) =>
        new(default, reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat(), FlatArrays.ReadNumbers(reader) ?? []);

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Reserved);
        FlatArrays.WriteStat(writer, Stat);
        FlatArrays.WriteNumbers(writer, MinimalIds);
    }

    internal override NspiResortRestrictionResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiResortRestrictionResponse.Read(stub);

    internal override NspiResortRestrictionResponse ReadFlatAnswer(RopReader reader, uint status) =>
        new(FlatArrays.ReadStat(reader) ?? Stat, FlatArrays.ReadNumbers(reader), status);
}

public sealed partial record NspiResortRestrictionResponse
{
    internal override void WriteFlat(RopWriter writer)
    {
        FlatArrays.WriteStat(writer, Stat);
        FlatArrays.WriteNumbers(writer, MinimalIds);
    }
}

public sealed partial record NspiModPropsRequest
{
    public override NspiOperation Operation => NspiOperation.ModProps;

    internal static NspiModPropsRequest ReadFlat(RopReader reader)
    {
        var (reserved, stat, removed) = (reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat(), FlatArrays.ReadTags(reader));
        return new(default, reserved, stat, removed, FlatValues.ReadHas(reader) ? FlatValues.ReadList(reader, (int)stat.CodePage) : []);
    }

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Reserved);
        FlatArrays.WriteStat(writer, Stat);
        FlatArrays.WriteTags(writer, Removed);
        writer.WriteHas(true);
        FlatValues.WriteList(writer, Row, (int)Stat.CodePage);
    }

    internal override NspiStatusResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiStatusResponse.Read(stub);

    internal override NspiStatusResponse ReadFlatAnswer(RopReader reader, uint status) => new(status);
}

public sealed partial record NspiModLinkAttRequest
{
    public override NspiOperation Operation => NspiOperation.ModLinkAtt;

    internal static NspiModLinkAttRequest ReadFlat(RopReader reader) =>
        new(default, reader.ReadUInt32(), reader.ReadPropertyTag(), reader.ReadUInt32(), ReadEntryIds(reader));

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Flags).WritePropertyTag(Property).WriteUInt32(MinimalId).WriteHas(true).WriteUInt32((uint)EntryIds.Count);
        foreach (var id in EntryIds) writer.WriteSized(id);
    }

    internal override NspiStatusResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiStatusResponse.Read(stub);

    internal override NspiStatusResponse ReadFlatAnswer(RopReader reader, uint status) => new(status);

    private static byte[][] ReadEntryIds(RopReader reader)
    {
        if (!FlatValues.ReadHas(reader)) return [];
        var count = reader.ReadUInt32();
        if (count > reader.Remaining) throw reader.Broken($"{count} entry ids");
        return reader.ReadArray((int)count, sizeof(uint), () => SizedBytes.Read(reader).ToArray());
    }
}

public sealed partial record NspiStatusResponse
{
    internal override void WriteFlat(RopWriter writer) { }
}

public sealed partial record NspiGetTemplateInfoRequest
{
    public override NspiOperation Operation => NspiOperation.GetTemplateInfo;

    internal static NspiGetTemplateInfoRequest ReadFlat(RopReader reader) => new(
        default, reader.ReadUInt32(), reader.ReadUInt32(), FlatValues.ReadHas(reader) ? reader.ReadString8() : null, reader.ReadUInt32(), reader.ReadUInt32());

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Flags).WriteUInt32(DisplayType).WriteHas(TemplateDN is not null);
        if (TemplateDN is not null) writer.WriteString8(TemplateDN);
        writer.WriteUInt32(CodePage).WriteUInt32(Locale);
    }

    internal override NspiGetPropsResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiGetPropsResponse.Read(stub, (int)CodePage);

    internal override NspiGetPropsResponse ReadFlatAnswer(RopReader reader, uint status) => NspiGetPropsResponse.ReadFlat(reader, status);
}
