using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Emsmdb;

/// <summary>EcDoDisconnect's argument: the session to end. Source: [MS-OXCRPC] 3.1.4.3.</summary>
public sealed record EcDoDisconnectRequest(RpcContextHandle Context)
{
    public ReadOnlyMemory<byte> Write()
    {
        var writer = new NdrWriter();
        writer.WriteContextHandle(Context);
        return writer.WrittenMemory;
    }

    public static EcDoDisconnectRequest Read(ReadOnlySpan<byte> stub) => new(new NdrReader(stub).ReadContextHandle());
}

/// <summary>EcDoDisconnect's results: no session any more, and how it went. Source: [MS-OXCRPC] 3.1.4.3.</summary>
public sealed record EcDoDisconnectResponse(uint Result)
{
    public ReadOnlyMemory<byte> Write()
    {
        var writer = new NdrWriter();
        writer.WriteContextHandle(RpcContextHandle.Null);
        writer.WriteUInt32(Result);
        return writer.WrittenMemory;
    }

    public static EcDoDisconnectResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        reader.ReadContextHandle();
        return new EcDoDisconnectResponse(reader.ReadUInt32());
    }
}
