using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>
/// An IN and an OUT channel that together carry RPC PDUs both ways, with flow control and keep-alive; the client's side.
/// Source: [MS-RPCH] 3.2.2.
/// </summary>
internal sealed class VirtualConnection : IAsyncDisposable
{
    private readonly RpcHttpOptions options;
    private readonly OpenedChannels channels;
    private readonly ReceiveWindow receiveWindow;
    private readonly SendWindow sendWindow;
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly ITimer keepalive;
    private readonly ITimer silence;
    private Task receiving = Task.CompletedTask;
    private long bytesSent;
    private long bytesReceived;
    private bool isAskedForSuccessor;
    private MapiProtocolException? failure;

    private VirtualConnection(RpcHttpOptions options, OpenedChannels channels)
    {
        this.options = options;
        this.channels = channels;
        receiveWindow = new ReceiveWindow(options.ReceiveWindow, channels.OutCookie);
        sendWindow = new SendWindow(channels.SendWindow);
        keepalive = options.TimeProvider.CreateTimer(_ => _ = PingAsync(), null, KeepalivePeriod, KeepalivePeriod);
        silence = options.TimeProvider.CreateTimer(_ => Break(Silent()), null, SilencePeriod, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why the connection is gone; null while it lives.</summary>
    public MapiProtocolException? Failure => failure;

    /// <summary>Seven eighths of a channel's bytes are used, or the server asked for a successor.</summary>
    public bool NearEndOfLife => isAskedForSuccessor
        || Volatile.Read(ref bytesReceived) > channels.OutLifetime / 8 * 7
        || Volatile.Read(ref bytesSent) > options.ChannelLifetime / 8 * 7;

    private TimeSpan KeepalivePeriod =>
        TimeSpan.FromMilliseconds(Math.Min(channels.Timeout.TotalMilliseconds, OpenedChannels.ClientKeepaliveMilliseconds) / 2);

    // The proxy pings a silent OUT channel at least once in each half of its time-out.
    private TimeSpan SilencePeriod => 2 * channels.Timeout;

    /// <exception cref="ConnectException">No TLS connection.</exception>
    /// <exception cref="RpcHttpException">The proxy said no.</exception>
    public static async Task<VirtualConnection> OpenAsync(RpcHttpOptions options, CancellationToken ct)
    {
        var opened = new VirtualConnection(options, await OpenedChannels.OpenAsync(options, ct));
        _ = opened.WatchInChannelAsync();
        return opened;
    }

    /// <summary>Hands every RPC PDU that comes in to <paramref name="onPdu"/>, valid during the call, until the connection ends.</summary>
    public void Start(Action<ReadOnlyMemory<byte>> onPdu, Action<MapiProtocolException> onEnd) => receiving = ReceiveAsync(onPdu, onEnd);

    /// <summary>Sends one RPC PDU when the server's window has room for it.</summary>
    public async Task SendAsync(RpcPdu pdu, CancellationToken ct)
    {
        var bytes = pdu.ToArray();
        await sendWindow.TakeAsync(bytes.Length, ct);
        await WriteAsync(bytes, ct);
    }

    /// <summary>Drops both channels. The first reason stays.</summary>
    public void Break(MapiProtocolException reason)
    {
        if (Interlocked.CompareExchange(ref failure, reason, null) is not null) return;
        sendWindow.Fail(reason);
        closing.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Break(new MapiProtocolException("The connection was closed"));
        await keepalive.DisposeAsync();
        await silence.DisposeAsync();
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await channels.In.DisposeAsync();
        await channels.Out.DisposeAsync();
    }

    private async Task ReceiveAsync(Action<ReadOnlyMemory<byte>> onPdu, Action<MapiProtocolException> onEnd)
    {
        try
        {
            while (await channels.Pdus.ReadAsync(closing.Token) is { } pdu) await ReceiveAsync(pdu, onPdu);
            Break(Ended());
        }
        catch (MapiProtocolException e)
        {
            Break(channels.Pdus.StoppedAtHttp ? RpcHttpException.GaveUp(options) : e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Break(Cut(e));
        }

        onEnd(failure!);
    }

    private async ValueTask ReceiveAsync(ReadOnlyMemory<byte> pdu, Action<ReadOnlyMemory<byte>> onPdu)
    {
        Volatile.Write(ref bytesReceived, bytesReceived + pdu.Length);
        silence.Change(SilencePeriod, Timeout.InfiniteTimeSpan);
        if (RpcPduHeader.Read(pdu.Span).Type == RpcPacketType.Rts)
        {
            Handle(RtsPdu.Read(pdu.Span));
            return;
        }

        onPdu(pdu);
        if (receiveWindow.Receive(pdu.Length) is { } ack) await WriteAsync(RtsPdu.Acknowledge(RtsDestination.OutProxy, ack).ToArray(), closing.Token);
    }

    private void Handle(RtsPdu rts)
    {
        if (rts.Find<RtsCommand.FlowControlAck>() is { } ack) sendWindow.Acknowledge(ack);
        if (rts.AsksForOutChannel) isAskedForSuccessor = true;
    }

    private async Task WriteAsync(byte[] pdu, CancellationToken ct)
    {
        await sending.WaitAsync(ct);
        try
        {
            if (failure is not null) throw new MapiProtocolException(failure.Message, failure);
            // Half a PDU would put the stream out of step, so a write that has begun is not cancelled.
            await channels.In.WriteAsync(pdu, closing.Token);
            Volatile.Write(ref bytesSent, bytesSent + pdu.Length);
            keepalive.Change(KeepalivePeriod, KeepalivePeriod);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Break(Cut(e));
            throw new MapiProtocolException(failure!.Message, failure);
        }
        finally
        {
            sending.Release();
        }
    }

    private async Task PingAsync()
    {
        try
        {
            await WriteAsync(RtsPdu.Ping().ToArray(), CancellationToken.None);
        }
        catch (MapiProtocolException)
        {
            // WriteAsync has broken the connection already; the next call says why.
        }
    }

    private async Task WatchInChannelAsync()
    {
        try
        {
            if (await channels.Refused is { } refusal) Break(refusal);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or MapiProtocolException)
        {
            Break(Cut(e));
        }
    }

    private MapiProtocolException Ended() =>
        isAskedForSuccessor ? UsedUp(null) : new($"{options.ProxyUrl.Host} ended the OUT channel after {bytesReceived} bytes");

    private MapiProtocolException Cut(Exception e) =>
        isAskedForSuccessor ? UsedUp(e) : new($"The connection to {options.ProxyUrl.Host} was cut: {e.Message}", e);

    private MapiProtocolException UsedUp(Exception? inner) =>
        new($"The OUT channel from {options.ProxyUrl.Host} is used up after {bytesReceived} bytes: open another connection", inner);

    private MapiProtocolException Silent() =>
        new($"{options.ProxyUrl.Host} has sent nothing for {SilencePeriod.TotalSeconds:0} s, not even a keep-alive");
}
