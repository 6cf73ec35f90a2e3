namespace Cutover.Mapi.Http;

/// <summary>An IN channel, the client's end: how much of its Content-Length is used, and what the proxy says about it. Source: [MS-RPCH] 3.2.2.</summary>
internal sealed class InChannel(RpcChannel channel, Guid cookie, RpcHttpOptions options, int opened) : IAsyncDisposable
{
    public const string Method = "RPC_IN_DATA";

    /// <summary>Kept for RTS PDUs, which must go on while RPC PDUs wait for the successor.</summary>
    private const int Reserve = 8 * 1024;

    private const int SmallestRest = 64 * 1024;
    private long sent = opened;

    public Guid Cookie { get; } = cookie;

    /// <summary>Ends when the channel is answered, which only happens when something is wrong; null when it just ended.</summary>
    public Task<RpcHttpException?> Refused { get; } = channel.ReadRefusalAsync(CancellationToken.None);

    /// <summary>All bytes so far, RTS PDUs too. Source: [MS-RPCH] 3.2.2.1.5 Channel Lifetime Sent.</summary>
    public long Sent => Volatile.Read(ref sent);

    /// <summary>Time to open a successor.</summary>
    public bool IsNearItsEnd => Sent > options.ChannelLifetime - Math.Max(options.ChannelLifetime / 8, SmallestRest);

    public static async Task<InChannel> ConnectAsync(RpcHttpOptions options, Guid cookie, RtsPdu first, CancellationToken ct)
    {
        var bytes = first.ToArray();
        var channel = await RpcChannel.ConnectAsync(Method, options, ct);
        try
        {
            await channel.SendRequestAsync(options.ChannelLifetime, bytes, ct);
            return new InChannel(channel, cookie, options, bytes.Length);
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether an RPC PDU of this size may still go here.</summary>
    public bool HasRoomFor(int bytes) => Sent + bytes <= options.ChannelLifetime - Reserve;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> pdu, CancellationToken ct)
    {
        Volatile.Write(ref sent, sent + pdu.Length);
        await channel.WriteAsync(pdu, ct);
    }

    public ValueTask DisposeAsync() => channel.DisposeAsync();
}
