using Cutover.Lab.Organisation;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange;

/// <summary>An RPC interface that the lab's Exchange serves: EMSMDB, NSPI or RFR.</summary>
public interface IRpcInterface
{
    RpcInterfaceId Id { get; }

    /// <summary>Answers one call. A <see cref="RpcFaultException"/> becomes a fault PDU.</summary>
    /// <param name="caller">Who signed in on the HTTP leg.</param>
    Task<ReadOnlyMemory<byte>> CallAsync(LabAccount caller, ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct);

    /// <summary>The answer to a call whose server requires encryption and which came without; null when the call may be made.</summary>
    ReadOnlyMemory<byte>? RefuseUnencrypted(ushort opnum) => null;

    /// <summary>The interface as one connection has it. What is disposable is disposed with the connection: contexts run down then. Source: C706 6.1.6.2.</summary>
    IRpcInterface ForConnection() => this;
}

/// <summary>Answered as an RPC fault with this status, such as 0x6F7 (bad stub data) or 0x1C00001A (context mismatch).</summary>
public sealed class RpcFaultException(uint status) : Exception($"RPC fault 0x{status:X8}")
{
    public uint Status { get; } = status;
}
