using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>NspiUpdateStat: moves the position in a table. Source: [MS-OXNSPI] 3.1.4.1.4.</summary>
public sealed partial record NspiUpdateStatRequest(RpcContextHandle Context, uint Reserved, NspiStat Stat, int? Delta)
    : NspiRequest<NspiUpdateStatResponse>(Context)
{
    public static NspiUpdateStatRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader), reader.ReadPointer() ? reader.ReadInt32() : null);
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
        Stat.Write(writer);
        writer.WritePointer(Delta is not null);
        if (Delta is { } delta) writer.WriteInt32(delta);
    }
}

public sealed partial record NspiUpdateStatResponse(NspiStat Stat, int? Delta, uint Status) : NspiAnswer(Status)
{
    public static NspiUpdateStatResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(NspiStat.Read(ref reader), reader.ReadPointer() ? reader.ReadInt32() : null, reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        Stat.Write(writer);
        writer.WritePointer(Delta is not null);
        if (Delta is { } delta) writer.WriteInt32(delta);
        writer.WriteUInt32(Status);
    }
}

/// <summary>NspiQueryRows: rows from the position on, or of an explicit table. Source: [MS-OXNSPI] 3.1.4.1.8.</summary>
public sealed partial record NspiQueryRowsRequest(
    RpcContextHandle Context, uint Flags, NspiStat Stat, IReadOnlyList<uint>? Table, uint Count, IReadOnlyList<PropertyTag>? Columns)
    : NspiRequest<NspiRowsResponse>(Context)
{
    public static NspiQueryRowsRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var (context, flags, stat) = (reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader));
        _ = reader.ReadUInt32();
        var table = reader.ReadPointer() ? reader.ReadConformantUInt32s() : null;
        return new(context, flags, stat, table, reader.ReadUInt32(), NdrArrays.ReadColumns(ref reader));
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Flags);
        Stat.Write(writer);
        writer.WriteInt32(Table?.Count ?? 0);
        writer.WritePointer(Table is not null);
        if (Table is not null) writer.WriteConformantUInt32s([.. Table]);
        writer.WriteUInt32(Count);
        NdrArrays.WriteTagsPointer(writer, Columns);
    }
}

/// <summary>NspiSeekEntries: the first row whose name is not below the target. Source: [MS-OXNSPI] 3.1.4.1.9.</summary>
public sealed partial record NspiSeekEntriesRequest(
    RpcContextHandle Context, uint Reserved, NspiStat Stat, PropertyValue? Target, IReadOnlyList<uint>? Table, IReadOnlyList<PropertyTag>? Columns)
    : NspiRequest<NspiRowsResponse>(Context)
{
    public static NspiSeekEntriesRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var (context, reserved, stat) = (reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader));
        var target = NdrValues.ReadOne(ref reader, (int)stat.CodePage);
        return new(context, reserved, stat, target, NdrArrays.ReadTagsPointer(ref reader), NdrArrays.ReadColumns(ref reader));
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
        Stat.Write(writer);
        NdrValues.WriteOne(writer, Target ?? throw new InvalidOperationException("Over RPC a target is required"), (int)Stat.CodePage);
        NdrArrays.WriteTagsPointer(writer, Table);
        NdrArrays.WriteTagsPointer(writer, Columns);
    }
}

/// <summary>What NspiQueryRows and NspiSeekEntries give: the new position and rows.</summary>
public sealed partial record NspiRowsResponse(NspiStat Stat, IReadOnlyList<PropertyBag>? Rows, uint Status) : NspiAnswer(Status)
{
    /// <summary>What the rows have; over HTTP it precedes them.</summary>
    public IReadOnlyList<PropertyTag>? Columns { get; init; }

    public static NspiRowsResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var stat = NspiStat.Read(ref reader);
        return new(stat, NdrArrays.ReadRowsPointer(ref reader, (int)stat.CodePage), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        Stat.Write(writer);
        NdrArrays.WriteRowsPointer(writer, Rows, (int)Stat.CodePage);
        writer.WriteUInt32(Status);
    }
}

/// <summary>
/// NspiGetMatches: the objects of a container that a restriction finds, or, without one, those that a property of the object CurrentRec refers to;
/// that property's tag then stands in ContainerId. Source: [MS-OXNSPI] 3.1.4.1.10.
/// </summary>
public sealed partial record NspiGetMatchesRequest(
    RpcContextHandle Context, uint Reserved, NspiStat Stat, AddressBookRestriction? Filter, uint Requested, IReadOnlyList<PropertyTag>? Columns)
    : NspiRequest<NspiGetMatchesResponse>(Context)
{
    public static NspiGetMatchesRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var (context, reserved, stat) = (reader.ReadContextHandle(), reader.ReadUInt32(), NspiStat.Read(ref reader));
        _ = NdrArrays.ReadTagsPointer(ref reader);
        _ = reader.ReadUInt32();
        var filter = reader.ReadPointer() ? AddressBookRestriction.Read(ref reader, (int)stat.CodePage) : null;
        SkipPropertyName(ref reader);
        return new(context, reserved, stat, filter, reader.ReadUInt32(), NdrArrays.ReadColumns(ref reader));
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
        Stat.Write(writer);
        writer.WritePointer(false);
        writer.WriteUInt32(0);
        writer.WritePointer(Filter is not null);
        Filter?.Write(writer, (int)Stat.CodePage);
        writer.WritePointer(false);
        writer.WriteUInt32(Requested);
        NdrArrays.WriteTagsPointer(writer, Columns);
    }

    // PropertyName_r: property set, reserved, long id. Exchange's own clients name the property in ContainerId instead.
    private static void SkipPropertyName(ref NdrReader reader)
    {
        if (!reader.ReadPointer()) return;
        var hasPropertySet = reader.ReadPointer();
        _ = reader.ReadUInt32();
        _ = reader.ReadUInt32();
        if (hasPropertySet) _ = reader.ReadBytes(16);
    }
}

public sealed partial record NspiGetMatchesResponse(NspiStat Stat, IReadOnlyList<uint>? MinimalIds, IReadOnlyList<PropertyBag>? Rows, uint Status)
    : NspiAnswer(Status)
{
    /// <summary>What the rows have; over HTTP it precedes them.</summary>
    public IReadOnlyList<PropertyTag>? Columns { get; init; }

    public static NspiGetMatchesResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var stat = NspiStat.Read(ref reader);
        var ids = NdrArrays.ReadTagsPointer(ref reader);
        return new(stat, ids, NdrArrays.ReadRowsPointer(ref reader, (int)stat.CodePage), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        Stat.Write(writer);
        NdrArrays.WriteTagsPointer(writer, MinimalIds);
        NdrArrays.WriteRowsPointer(writer, Rows, (int)Stat.CodePage);
        writer.WriteUInt32(Status);
    }
}
