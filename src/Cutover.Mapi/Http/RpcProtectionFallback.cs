using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>
/// Begins with privacy at the RPC level and goes on without where the server does not take it: TLS protects the HTTP legs anyway. A server may
/// say so at the binding, or, since nothing answers AUTH3, at the first call (fault 5).
/// </summary>
internal sealed class RpcProtectionFallback : IRpcClient
{
    private readonly RpcHttpOptions withoutProtection;
    private readonly RpcInterfaceId rpcInterface;
    private IRpcClient inner;
    private bool isSettled;

    private RpcProtectionFallback(IRpcClient inner, RpcHttpOptions withoutProtection, RpcInterfaceId rpcInterface)
    {
        this.inner = inner;
        this.withoutProtection = withoutProtection;
        this.rpcInterface = rpcInterface;
    }

    public long Calls => inner.Calls;

    public bool NearEndOfLife => inner.NearEndOfLife;

    public static async Task<IRpcClient> ConnectAsync(RpcHttpOptions options, RpcInterfaceId rpcInterface, CancellationToken ct)
    {
        var without = options with { Protection = RpcAuthenticationLevel.None };
        try
        {
            var protectedClient = await RpcHttpClient.ConnectAsync(options with { Protection = RpcAuthenticationLevel.Privacy }, rpcInterface, ct);
            return new RpcProtectionFallback(protectedClient, without, rpcInterface);
        }
        catch (Exception e) when (e is RpcBindRefusedException or MapiException { ErrorCode: RpcStatus.AccessDenied })
        {
            return await RpcHttpClient.ConnectAsync(without, rpcInterface, ct);
        }
    }

    public async Task<ReadOnlyMemory<byte>> CallAsync(ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
    {
        try
        {
            var answer = await inner.CallAsync(opnum, stub, ct);
            isSettled = true;
            return answer;
        }
        catch (MapiException e) when (e.ErrorCode == RpcStatus.AccessDenied && !isSettled)
        {
            isSettled = true;
            await inner.DisposeAsync();
            inner = await RpcHttpClient.ConnectAsync(withoutProtection, rpcInterface, ct);
            return await inner.CallAsync(opnum, stub, ct);
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
