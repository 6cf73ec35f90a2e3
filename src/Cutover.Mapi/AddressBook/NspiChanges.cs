using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>NspiCompareMIds: which of two objects comes first in a container. Source: [MS-OXNSPI] 3.1.4.1.12.</summary>
public sealed partial record NspiCompareMIdsRequest(RpcContextHandle Context, uint Reserved, NspiStat Stat, uint First, uint Second)
    : NspiRequest<NspiCompareMIdsResponse>(Context)
{
    public static NspiCompareMIdsRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader), reader.ReadUInt32(), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
        Stat.Write(writer);
        writer.WriteUInt32(First);
        writer.WriteUInt32(Second);
    }
}

/// <param name="Result">Below 0: the first comes before the second; 0: they stand at one place; above 0: after it.</param>
public sealed partial record NspiCompareMIdsResponse(int Result, uint Status) : NspiAnswer(Status)
{
    public static NspiCompareMIdsResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadInt32(), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteInt32(Result);
        writer.WriteUInt32(Status);
    }
}

/// <summary>NspiResortRestriction: an explicit table in its container's order. Source: [MS-OXNSPI] 3.1.4.1.11.</summary>
public sealed partial record NspiResortRestrictionRequest(RpcContextHandle Context, uint Reserved, NspiStat Stat, IReadOnlyList<uint> MinimalIds)
    : NspiRequest<NspiResortRestrictionResponse>(Context)
{
    public static NspiResortRestrictionRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var (context, reserved, stat, ids) = (reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader), NdrArrays.ReadTags(ref reader));
        // ppOutMIds goes in too, and servers ignore it.
        _ = NdrArrays.ReadTagsPointer(ref reader);
        return new(context, reserved, stat, ids);
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
        Stat.Write(writer);
        NdrArrays.WriteTags(writer, MinimalIds);
        writer.WritePointer(false);
    }
}

public sealed partial record NspiResortRestrictionResponse(NspiStat Stat, IReadOnlyList<uint>? MinimalIds, uint Status) : NspiAnswer(Status)
{
    public static NspiResortRestrictionResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(NspiStat.Read(ref reader), NdrArrays.ReadTagsPointer(ref reader), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        Stat.Write(writer);
        NdrArrays.WriteTagsPointer(writer, MinimalIds);
        writer.WriteUInt32(Status);
    }
}

/// <summary>NspiModProps: removes and sets properties of the object CurrentRec. Only labs answer it: the product never writes. Source: [MS-OXNSPI] 3.1.4.1.14.</summary>
public sealed partial record NspiModPropsRequest(
    RpcContextHandle Context, uint Reserved, NspiStat Stat, IReadOnlyList<PropertyTag>? Removed, PropertyBag Row)
    : NspiRequest<NspiStatusResponse>(Context)
{
    public static NspiModPropsRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var (context, reserved, stat) = (reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader));
        return new(context, reserved, stat, NdrArrays.ReadColumns(ref reader), NdrArrays.ReadRow(ref reader, (int)stat.CodePage));
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
        Stat.Write(writer);
        NdrArrays.WriteTagsPointer(writer, Removed);
        NdrArrays.WriteRow(writer, Row, (int)Stat.CodePage);
    }
}

/// <summary>NspiModLinkAtt: adds or removes what a property of an object refers to. Only labs answer it. Source: [MS-OXNSPI] 3.1.4.1.15.</summary>
/// <param name="Flags">1 (fDelete) removes.</param>
public sealed partial record NspiModLinkAttRequest(
    RpcContextHandle Context, uint Flags, PropertyTag Property, uint MinimalId, IReadOnlyList<byte[]> EntryIds)
    : NspiRequest<NspiStatusResponse>(Context)
{
    public static NspiModLinkAttRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(
            reader.ReadContextHandle(), reader.ReadUInt32(), new PropertyTag(reader.ReadUInt32()), reader.ReadUInt32(), NdrArrays.ReadBinaries(ref reader));
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Flags);
        writer.WriteUInt32(Property.Value);
        writer.WriteUInt32(MinimalId);
        NdrArrays.WriteBinaries(writer, EntryIds);
    }
}

/// <summary>The answer of an operation that gives nothing but its status.</summary>
public sealed partial record NspiStatusResponse(uint Status) : NspiAnswer(Status)
{
    public static NspiStatusResponse Read(ReadOnlySpan<byte> stub) => new(new NdrReader(stub).ReadUInt32());

    internal override void Write(NdrWriter writer) => writer.WriteUInt32(Status);
}

/// <summary>NspiGetTemplateInfo: how a client shows objects of a display type. Source: [MS-OXNSPI] 3.1.4.1.18.</summary>
public sealed partial record NspiGetTemplateInfoRequest(
    RpcContextHandle Context, uint Flags, uint DisplayType, string? TemplateDN, uint CodePage, uint Locale)
    : NspiRequest<NspiGetPropsResponse>(Context)
{
    public static NspiGetTemplateInfoRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var (context, flags, type) = (reader.ReadContextHandle(), reader.ReadUInt32(), reader.ReadUInt32());
        var name = reader.ReadPointer() ? reader.ReadAsciiString() : null;
        return new(context, flags, type, name, reader.ReadUInt32(), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Flags);
        writer.WriteUInt32(DisplayType);
        writer.WritePointer(TemplateDN is not null);
        if (TemplateDN is not null) writer.WriteAsciiString(TemplateDN);
        writer.WriteUInt32(CodePage);
        writer.WriteUInt32(Locale);
    }
}
