using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

// The bodies of Bind and Unbind. Source: [MS-OXCMAPIHTTP] 2.2.5.1, 2.2.5.2.
public sealed partial record NspiBindRequest
{
    public override NspiOperation Operation => NspiOperation.Bind;

    internal static NspiBindRequest ReadFlat(RopReader reader) => new(reader.ReadUInt32(), FlatArrays.ReadStat(reader) ?? new NspiStat(), Guid.Empty);

    internal override void WriteFlat(RopWriter writer)
    {
        writer.WriteUInt32(Flags);
        FlatArrays.WriteStat(writer, Stat);
    }

    internal override NspiBindResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiBindResponse.Read(stub);

    internal override NspiBindResponse ReadFlatAnswer(RopReader reader, uint status) => new(reader.ReadGuid(), RpcContextHandle.Null, status);
}

public sealed partial record NspiBindResponse
{
    internal override void WriteFlat(RopWriter writer) => writer.WriteGuid(ServerGuid ?? Guid.Empty);
}

public sealed partial record NspiUnbindRequest
{
    public override NspiOperation Operation => NspiOperation.Unbind;

    internal static NspiUnbindRequest ReadFlat(RopReader reader) => new(RpcContextHandle.Null, reader.ReadUInt32());

    internal override void WriteFlat(RopWriter writer) => writer.WriteUInt32(Reserved);

    internal override NspiUnbindResponse ReadAnswer(ReadOnlySpan<byte> stub) => NspiUnbindResponse.Read(stub);

    internal override NspiUnbindResponse ReadFlatAnswer(RopReader reader, uint status) => new(RpcContextHandle.Null, status);
}

public sealed partial record NspiUnbindResponse
{
    internal override void WriteFlat(RopWriter writer) { }
}
