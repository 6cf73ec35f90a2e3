using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Emsmdb;

/// <summary>A session over RPC: EcDoConnectEx, EcDoRpcExt2, EcDoDisconnect. Source: [MS-OXCRPC] 3.2.4.</summary>
/// <param name="rpc">A connection bound to <see cref="EmsmdbInterface.Id"/>, owned from now on.</param>
public sealed class RpcMapiTransport(IRpcClient rpc) : IMapiTransport
{
    private RpcContextHandle context;

    public long Calls => rpc.Calls;

    public bool NearEndOfLife => rpc.NearEndOfLife;

    public async Task<ConnectResult> ConnectAsync(ConnectCall call, CancellationToken ct)
    {
        var stub = await rpc.CallAsync(EmsmdbInterface.EcDoConnectEx, EcDoConnectExRequest.Of(call).Write(), ct);
        var response = EcDoConnectExResponse.Read(stub.Span);
        context = response.Context;
        return response.ToResult();
    }

    public async Task<ExecuteResult> ExecuteAsync(ExecuteCall call, CancellationToken ct)
    {
        if (context.IsNull) throw new MapiProtocolException("The session has ended");
        var request = new EcDoRpcExt2Request(context, call.Flags, call.Input, call.MaximumOutput) { AuxiliaryIn = call.AuxiliaryIn };
        var response = EcDoRpcExt2Response.Read((await rpc.CallAsync(EmsmdbInterface.EcDoRpcExt2, request.Write(), ct)).Span);
        if (response.Result != MapiErrorCode.ServerBusy) context = response.Context;
        if (response.Result == MapiErrorCode.Success && context.IsNull) throw new MapiProtocolException("The server ended the session");
        return new ExecuteResult(response.Output, response.Result)
        {
            AuxiliaryOut = response.AuxiliaryOut,
            TransactionTime = response.TransactionTime,
        };
    }

    public async Task DisconnectAsync(CancellationToken ct)
    {
        if (context.IsNull) return;
        var request = new EcDoDisconnectRequest(context);
        context = RpcContextHandle.Null;
        await rpc.CallAsync(EmsmdbInterface.EcDoDisconnect, request.Write(), ct);
    }

    public ValueTask DisposeAsync() => rpc.DisposeAsync();
}
