using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>NspiGetProps: properties of the object CurrentRec. Source: [MS-OXNSPI] 3.1.4.1.7.</summary>
public sealed partial record NspiGetPropsRequest(RpcContextHandle Context, uint Flags, NspiStat Stat, IReadOnlyList<PropertyTag>? Columns)
    : NspiRequest<NspiGetPropsResponse>(Context)
{
    public static NspiGetPropsRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader), NdrArrays.ReadColumns(ref reader));
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Flags);
        Stat.Write(writer);
        NdrArrays.WriteTagsPointer(writer, Columns);
    }
}

/// <summary>What NspiGetProps and NspiGetTemplateInfo give.</summary>
/// <param name="CodePage">Of 8-bit strings: that of the request's STAT, since the answer over RPC does not tell it.</param>
public sealed partial record NspiGetPropsResponse(PropertyBag? Row, uint Status, int CodePage = CodePages.Windows1252) : NspiAnswer(Status)
{
    public static NspiGetPropsResponse Read(ReadOnlySpan<byte> stub, int codePage = CodePages.Windows1252)
    {
        var reader = new NdrReader(stub);
        return new(NdrArrays.ReadRowPointer(ref reader, codePage), reader.ReadUInt32(), codePage);
    }

    internal override void Write(NdrWriter writer)
    {
        NdrArrays.WriteRowPointer(writer, Row, CodePage);
        writer.WriteUInt32(Status);
    }
}

/// <summary>NspiGetPropList: the properties that an object has. Source: [MS-OXNSPI] 3.1.4.1.6.</summary>
public sealed partial record NspiGetPropListRequest(RpcContextHandle Context, uint Flags, uint MinimalId, uint CodePage)
    : NspiRequest<NspiNumbersResponse>(Context)
{
    public static NspiGetPropListRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadContextHandle(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Flags);
        writer.WriteUInt32(MinimalId);
        writer.WriteUInt32(CodePage);
    }
}

/// <summary>NspiQueryColumns: the properties that the server knows. Source: [MS-OXNSPI] 3.1.4.1.5.</summary>
public sealed partial record NspiQueryColumnsRequest(RpcContextHandle Context, uint Reserved, uint Flags)
    : NspiRequest<NspiNumbersResponse>(Context)
{
    public static NspiQueryColumnsRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadContextHandle(), reader.ReadUInt32(), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
        writer.WriteUInt32(Flags);
    }
}

/// <summary>NspiDNToMId: minimal ids of objects by their legacyExchangeDN. Source: [MS-OXNSPI] 3.1.4.1.13.</summary>
public sealed partial record NspiDNToMIdRequest(RpcContextHandle Context, uint Reserved, IReadOnlyList<string> Names)
    : NspiRequest<NspiNumbersResponse>(Context)
{
    public static NspiDNToMIdRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadContextHandle(), reader.ReadUInt32(), NdrArrays.ReadStrings(ref reader, PropertyType.String8, CodePages.Windows1252));
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
        NdrArrays.WriteStrings(writer, PropertyType.String8, Names, CodePages.Windows1252);
    }
}

/// <summary>What NspiDNToMId (minimal ids), NspiGetPropList and NspiQueryColumns (tags) give.</summary>
public sealed partial record NspiNumbersResponse(IReadOnlyList<uint>? Numbers, uint Status) : NspiAnswer(Status)
{
    public static NspiNumbersResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(NdrArrays.ReadTagsPointer(ref reader), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        NdrArrays.WriteTagsPointer(writer, Numbers);
        writer.WriteUInt32(Status);
    }
}

/// <summary>NspiResolveNamesW, or NspiResolveNames with 8-bit names: objects by what a user would type. Source: [MS-OXNSPI] 3.1.4.1.16, 3.1.4.1.17.</summary>
public sealed partial record NspiResolveNamesRequest(
    RpcContextHandle Context, uint Reserved, NspiStat Stat, IReadOnlyList<PropertyTag>? Columns, IReadOnlyList<string> Names)
    : NspiRequest<NspiResolveNamesResponse>(Context)
{
    /// <summary>False for 8-bit names in the code page of the STAT.</summary>
    public bool IsUnicode { get; init; } = true;

    public static NspiResolveNamesRequest Read(ReadOnlySpan<byte> stub, bool isUnicode = true)
    {
        var reader = new NdrReader(stub);
        var (context, reserved, stat) = (reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader));
        var columns = NdrArrays.ReadColumns(ref reader);
        var names = NdrArrays.ReadStrings(ref reader, isUnicode ? PropertyType.String : PropertyType.String8, (int)stat.CodePage);
        return new(context, reserved, stat, columns, names) { IsUnicode = isUnicode };
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
        Stat.Write(writer);
        NdrArrays.WriteTagsPointer(writer, Columns);
        NdrArrays.WriteStrings(writer, IsUnicode ? PropertyType.String : PropertyType.String8, Names, (int)Stat.CodePage);
    }
}

/// <param name="MinimalIds">One per name: <see cref="MinimalEntryId.Unresolved"/>, Ambiguous or Resolved.</param>
/// <param name="Rows">One per name that was resolved.</param>
/// <param name="CodePage">Of 8-bit strings: that of the request's STAT, since the answer does not tell it.</param>
public sealed partial record NspiResolveNamesResponse(
    IReadOnlyList<uint>? MinimalIds, IReadOnlyList<PropertyBag>? Rows, uint Status, int CodePage = CodePages.Windows1252) : NspiAnswer(Status)
{
    /// <summary>What the rows have; over HTTP it precedes them.</summary>
    public IReadOnlyList<PropertyTag>? Columns { get; init; }

    public static NspiResolveNamesResponse Read(ReadOnlySpan<byte> stub, int codePage = CodePages.Windows1252)
    {
        var reader = new NdrReader(stub);
        var ids = NdrArrays.ReadTagsPointer(ref reader);
        return new(ids, NdrArrays.ReadRowsPointer(ref reader, codePage), reader.ReadUInt32(), codePage);
    }

    internal override void Write(NdrWriter writer)
    {
        NdrArrays.WriteTagsPointer(writer, MinimalIds);
        NdrArrays.WriteRowsPointer(writer, Rows, CodePage);
        writer.WriteUInt32(Status);
    }
}

/// <summary>NspiGetSpecialTable: the hierarchy of containers. Source: [MS-OXNSPI] 3.1.4.1.3.</summary>
public sealed partial record NspiGetSpecialTableRequest(RpcContextHandle Context, uint Flags, NspiStat Stat, uint Version)
    : NspiRequest<NspiGetSpecialTableResponse>(Context)
{
    /// <summary>The templates that clients make addresses of, instead of the containers.</summary>
    public const uint AddressCreationTemplates = 2;

    /// <summary>Strings as Unicode.</summary>
    public const uint UnicodeStrings = 4;

    public static NspiGetSpecialTableRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Flags);
        Stat.Write(writer);
        writer.WriteUInt32(Version);
    }
}

public sealed partial record NspiGetSpecialTableResponse(uint Version, IReadOnlyList<PropertyBag>? Rows, uint Status, int CodePage = CodePages.Windows1252)
    : NspiAnswer(Status)
{
    public static NspiGetSpecialTableResponse Read(ReadOnlySpan<byte> stub, int codePage = CodePages.Windows1252)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadUInt32(), NdrArrays.ReadRowsPointer(ref reader, codePage), reader.ReadUInt32(), codePage);
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteUInt32(Version);
        NdrArrays.WriteRowsPointer(writer, Rows, CodePage);
        writer.WriteUInt32(Status);
    }
}
