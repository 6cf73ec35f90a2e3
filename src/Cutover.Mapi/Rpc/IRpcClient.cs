namespace Cutover.Mapi.Rpc;

/// <summary>An interface and its version, as bind names it. Source: [MS-RPCE], C706 12.6.3.1 p_syntax_id_t.</summary>
public sealed record RpcInterfaceId(Guid Uuid, ushort MajorVersion, ushort MinorVersion);

/// <summary>One bound RPC interface. One call at a time.</summary>
public interface IRpcClient : IAsyncDisposable
{
    /// <summary>Calls made since the connection was opened.</summary>
    long Calls { get; }

    /// <summary>True when the connection has carried nearly all that it may: finish, and open another one.</summary>
    bool NearEndOfLife => false;

    /// <summary>Sends the NDR-encoded arguments and returns the NDR-encoded results.</summary>
    /// <exception cref="MapiException">The server answered with a fault; its status is the error code.</exception>
    /// <exception cref="MapiProtocolException">The connection is out of step or gone.</exception>
    Task<ReadOnlyMemory<byte>> CallAsync(ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct);
}
