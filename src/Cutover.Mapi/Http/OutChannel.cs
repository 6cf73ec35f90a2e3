using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>An OUT channel, the client's end: PDUs come in, counted against the receive window. Source: [MS-RPCH] 3.2.2.</summary>
internal sealed class OutChannel(RpcChannel channel, Guid cookie, RpcHttpOptions options) : IAsyncDisposable
{
    public const string Method = "RPC_OUT_DATA";

    /// <summary>The request of a first channel holds nothing but CONN/A1. Source: [MS-RPCH] 2.1.2.1.2.</summary>
    public const int FirstLength = 76;

    /// <summary>The request of a successor holds OUT_R*/A3, then OUT_R2/C1 or OUT_R1/A11. Source: [MS-RPCH] 2.1.2.1.2.</summary>
    private const int SuccessorLength = 120;

    private readonly ReceiveWindow window = new(options.ReceiveWindow, cookie);
    private RpcPduReader? pdus;
    private long received;

    public Guid Cookie { get; } = cookie;

    /// <summary>How many bytes the server will send at most.</summary>
    public long Lifetime { get; private set; } = options.ChannelLifetime;

    /// <summary>All bytes so far, RTS PDUs too.</summary>
    public long Received => Volatile.Read(ref received);

    /// <summary>True when an HTTP answer came where a PDU was expected.</summary>
    public bool StoppedAtHttp => pdus is { StoppedAtHttp: true };

    public static async Task<OutChannel> ConnectSuccessorAsync(RpcHttpOptions options, Guid cookie, RtsPdu first, CancellationToken ct)
    {
        var channel = await RpcChannel.ConnectAsync(Method, options, ct);
        try
        {
            await channel.SendRequestAsync(SuccessorLength, first.ToArray(), ct);
            var successor = new OutChannel(channel, cookie, options);
            successor.Answered = successor.ReadAnswerAsync(ct);
            return successor;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends with a successor's 200, which comes after its predecessor's last PDU; fails when the proxy says no.</summary>
    public Task Answered { get; private set; } = Task.CompletedTask;

    /// <summary>Waits for 200.</summary>
    /// <exception cref="RpcHttpException">The proxy said no.</exception>
    public async Task ReadAnswerAsync(CancellationToken ct)
    {
        var (body, lifetime) = await channel.ReadAnswerAsync(options.ChannelLifetime, ct);
        Lifetime = lifetime;
        pdus = new RpcPduReader(body);
    }

    /// <summary>The next PDU, valid until the next call; null when the channel ended.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken ct)
    {
        if (pdus is null) throw new InvalidOperationException("The channel has not been answered yet");
        var pdu = await pdus.ReadAsync(ct);
        Volatile.Write(ref received, received + (pdu?.Length ?? 0));
        return pdu;
    }

    /// <summary>Counts an RPC PDU as taken in; returns the acknowledgment that is due.</summary>
    public RtsCommand.FlowControlAck? Consume(int bytes) => window.Receive(bytes);

    public ValueTask WriteAsync(RtsPdu rts, CancellationToken ct) => channel.WriteAsync(rts.ToArray(), ct);

    public ValueTask DisposeAsync() => channel.DisposeAsync();
}
