using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>How one session's calls reach the address book: NDR over RPC, or flat bodies over HTTP. One call at a time.</summary>
public interface INspiTransport : IAsyncDisposable
{
    /// <summary>Round trips made.</summary>
    long Calls { get; }

    /// <summary>Makes a call in the session that <see cref="NspiBindRequest"/> opened. A status other than success is in the answer.</summary>
    /// <exception cref="MapiException">The server no longer knows the session, or fails as a whole.</exception>
    /// <exception cref="MapiProtocolException">The connection is out of step or gone.</exception>
    Task<TAnswer> CallAsync<TAnswer>(NspiRequest<TAnswer> request, CancellationToken ct) where TAnswer : NspiAnswer;
}

/// <summary>The address book over RPC. Source: [MS-OXNSPI] 2.1.</summary>
/// <param name="rpc">A connection bound to <see cref="NspiInterface.Id"/>, owned from now on.</param>
public sealed class RpcNspiTransport(IRpcClient rpc) : INspiTransport
{
    private RpcContextHandle context;

    public long Calls => rpc.Calls;

    public async Task<TAnswer> CallAsync<TAnswer>(NspiRequest<TAnswer> request, CancellationToken ct) where TAnswer : NspiAnswer
    {
        var stub = await rpc.CallAsync((ushort)request.Operation, (request with { Context = context }).ToStub(), ct);
        var answer = request.ReadAnswer(stub.Span);
        if (answer is NspiBindResponse bound) context = bound.Context;
        return answer;
    }

    public ValueTask DisposeAsync() => rpc.DisposeAsync();
}
