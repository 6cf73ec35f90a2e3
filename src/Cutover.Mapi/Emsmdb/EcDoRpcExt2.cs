using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Emsmdb;

/// <summary>EcDoRpcExt2's arguments: ROPs for a session. Source: [MS-OXCRPC] 3.1.4.2.</summary>
/// <param name="Input">One extended buffer with a ROP buffer in it.</param>
/// <param name="MaximumOutput">The most bytes that the answer may have.</param>
public sealed record EcDoRpcExt2Request(RpcContextHandle Context, RpcExt2Flags Flags, ReadOnlyMemory<byte> Input, uint MaximumOutput)
{
    public ReadOnlyMemory<byte> AuxiliaryIn { get; init; }

    public uint MaximumAuxiliaryOut { get; init; } = EmsmdbInterface.MaximumAuxiliary;

    public ReadOnlyMemory<byte> Write()
    {
        var writer = new NdrWriter();
        writer.WriteContextHandle(Context);
        writer.WriteUInt32((uint)Flags);
        writer.WriteConformantBytes(Input.Span);
        writer.WriteUInt32((uint)Input.Length);
        writer.WriteUInt32(MaximumOutput);
        writer.WriteConformantBytes(AuxiliaryIn.Span);
        writer.WriteUInt32((uint)AuxiliaryIn.Length);
        writer.WriteUInt32(MaximumAuxiliaryOut);
        return writer.WrittenMemory;
    }

    public static EcDoRpcExt2Request Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new EcDoRpcExt2Request(
            reader.ReadContextHandle(), (RpcExt2Flags)reader.ReadUInt32(), CountedBytes.Read(ref reader), reader.ReadUInt32())
        {
            AuxiliaryIn = CountedBytes.Read(ref reader),
            MaximumAuxiliaryOut = reader.ReadUInt32(),
        };
    }
}

/// <summary>EcDoRpcExt2's results. Source: [MS-OXCRPC] 3.1.4.2.</summary>
/// <param name="Context">The session, or zero when the server has ended it.</param>
/// <param name="Output">Extended buffers with a ROP buffer each.</param>
public sealed record EcDoRpcExt2Response(RpcContextHandle Context, ReadOnlyMemory<byte> Output, uint Result)
{
    public RpcExt2Flags Flags { get; init; }

    public ReadOnlyMemory<byte> AuxiliaryOut { get; init; }

    /// <summary>Milliseconds that the server worked.</summary>
    public uint TransactionTime { get; init; }

    public ReadOnlyMemory<byte> Write()
    {
        var writer = new NdrWriter();
        writer.WriteContextHandle(Context);
        writer.WriteUInt32((uint)Flags);
        writer.WriteConformantVaryingBytes(Output.Span);
        writer.WriteUInt32((uint)Output.Length);
        writer.WriteConformantVaryingBytes(AuxiliaryOut.Span);
        writer.WriteUInt32((uint)AuxiliaryOut.Length);
        writer.WriteUInt32(TransactionTime);
        writer.WriteUInt32(Result);
        return writer.WrittenMemory;
    }

    public static EcDoRpcExt2Response Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var context = reader.ReadContextHandle();
        var flags = (RpcExt2Flags)reader.ReadUInt32();
        var output = CountedBytes.ReadVarying(ref reader);
        var auxiliary = CountedBytes.ReadVarying(ref reader);
        var time = reader.ReadUInt32();
        return new EcDoRpcExt2Response(context, output, reader.ReadUInt32()) { Flags = flags, AuxiliaryOut = auxiliary, TransactionTime = time };
    }
}
