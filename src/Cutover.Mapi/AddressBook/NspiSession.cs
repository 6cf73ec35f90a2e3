using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>NspiBind: opens a session. Source: [MS-OXNSPI] 3.1.4.1.1.</summary>
public sealed partial record NspiBindRequest(uint Flags, NspiStat Stat, Guid? ServerGuid)
    : NspiRequest<NspiBindResponse>(RpcContextHandle.Null)
{
    public static NspiBindRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadUInt32(), NspiStat.Read(ref reader), FlatUid.ReadPointer(ref reader));
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteUInt32(Flags);
        Stat.Write(writer);
        FlatUid.WritePointer(writer, ServerGuid);
    }
}

public sealed partial record NspiBindResponse(Guid? ServerGuid, RpcContextHandle Context, uint Status) : NspiAnswer(Status)
{
    public static NspiBindResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(FlatUid.ReadPointer(ref reader), reader.ReadContextHandle(), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        FlatUid.WritePointer(writer, ServerGuid);
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Status);
    }
}

/// <summary>NspiUnbind: ends the session. Source: [MS-OXNSPI] 3.1.4.1.2.</summary>
public sealed partial record NspiUnbindRequest(RpcContextHandle Context, uint Reserved = 0)
    : NspiRequest<NspiUnbindResponse>(Context)
{
    public static NspiUnbindRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadContextHandle(), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Reserved);
    }
}

public sealed partial record NspiUnbindResponse(RpcContextHandle Context, uint Status) : NspiAnswer(Status)
{
    public static NspiUnbindResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadContextHandle(), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(Status);
    }
}

/// <summary>FlatUID_r: 16 bytes as they stand, behind a unique pointer. Source: [MS-OXNSPI] 2.2.2.1.</summary>
internal static class FlatUid
{
    public static Guid? ReadPointer(ref NdrReader reader) => reader.ReadPointer() ? new Guid(reader.ReadBytes(16)) : null;

    public static void WritePointer(NdrWriter writer, Guid? guid)
    {
        writer.WritePointer(guid is not null);
        if (guid is { } value) writer.WriteBytes(value.ToByteArray());
    }
}
