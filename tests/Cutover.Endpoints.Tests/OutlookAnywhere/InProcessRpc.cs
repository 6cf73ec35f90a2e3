using Cutover.Lab.Exchange;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Rpc;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>Calls an interface of the lab without a wire between.</summary>
internal sealed class InProcessRpc(IRpcInterface server, LabAccount caller) : IRpcClient
{
    public long Calls { get; private set; }

    public async Task<ReadOnlyMemory<byte>> CallAsync(ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
    {
        Calls++;
        try
        {
            return await server.CallAsync(caller, opnum, stub, ct);
        }
        catch (RpcFaultException e)
        {
            throw new MapiException("RPC", e.Status);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
