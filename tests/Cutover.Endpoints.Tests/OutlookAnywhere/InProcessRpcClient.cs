using Cutover.Lab.Exchange;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Rpc;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>Calls an interface of the lab without a wire. After <paramref name="callsUntilCut"/> calls the connection is gone.</summary>
internal sealed class InProcessRpcClient(IRpcInterface server, LabAccount caller, int callsUntilCut = int.MaxValue) : IRpcClient
{
    public long Calls { get; private set; }

    /// <summary>After so many calls the connection says that it is nearly used up.</summary>
    public int CallsOfLife { get; init; } = int.MaxValue;

    public bool NearEndOfLife => Calls >= CallsOfLife;

    public async Task<ReadOnlyMemory<byte>> CallAsync(ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
    {
        if (++Calls > callsUntilCut) throw new MapiProtocolException("The connection was cut");
        try
        {
            return await server.CallAsync(caller, opnum, stub, ct);
        }
        catch (RpcFaultException e)
        {
            throw new MapiException($"RPC call {opnum}", e.Status);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
