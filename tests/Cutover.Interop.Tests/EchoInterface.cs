using Cutover.Lab.Exchange;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Rpc;

namespace Cutover.Interop.Tests;

/// <summary>0 echoes, 2 answers with so many bytes, anything else faults.</summary>
internal sealed class EchoInterface : IRpcInterface
{
    public static readonly RpcInterfaceId EchoId = new(new Guid("60A15EC5-4DE8-11D7-A637-005056A20182"), 1, 0);

    public RpcInterfaceId Id => EchoId;

    public static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

    public Task<ReadOnlyMemory<byte>> CallAsync(LabAccount caller, ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct) => opnum switch
    {
        0 => Task.FromResult<ReadOnlyMemory<byte>>(stub.ToArray()),
        2 => Task.FromResult<ReadOnlyMemory<byte>>(Pattern(new NdrReader(stub.Span).ReadInt32())),
        _ => throw new RpcFaultException(RpcStatus.ContextMismatch),
    };
}
