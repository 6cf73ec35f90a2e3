using Cutover.Mapi.Rpc;
using Cutover.Mapi.Tracing;

namespace Cutover.Mapi.Http;

/// <summary>
/// An IN and an OUT channel that together carry RPC PDUs both ways, with flow control and keep-alive; the client's side. A channel whose bytes are
/// nearly used up gives way to a successor. Source: [MS-RPCH] 3.2.2.
/// </summary>
internal sealed partial class VirtualConnection : IAsyncDisposable
{
    private readonly RpcHttpOptions options;
    private readonly Guid cookie;
    private readonly SendWindow sendWindow;
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly ITimer keepalive;
    private readonly ITimer silence;
    private readonly string traceName;
    private TimeSpan inTimeout;
    private TimeSpan outTimeout;
    private InChannel inChannel;
    private OutChannel outChannel;
    private Task receiving = Task.CompletedTask;
    private MapiProtocolException? failure;

    private VirtualConnection(RpcHttpOptions options, OpenedChannels channels)
    {
        this.options = options;
        traceName = Trace?.Open("rpc", $"{options.Server}:{options.Port} through {options.ProxyUrl.Authority}") ?? "";
        cookie = channels.Cookie;
        (inTimeout, outTimeout) = (channels.InTimeout, channels.OutTimeout);
        inChannel = channels.In;
        outChannel = channels.Out;
        sendWindow = new SendWindow(channels.SendWindow);
        recycles = options.AtEndOfChannel == EndOfChannel.Recycle && !options.Connector.LetsChannelsRunOut(options.ProxyUrl);
        keepalive = options.TimeProvider.CreateTimer(_ => _ = PingAsync(), null, KeepalivePeriod, KeepalivePeriod);
        silence = options.TimeProvider.CreateTimer(_ => Break(Silent()), null, SilencePeriod, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why the connection is gone; null while it lives.</summary>
    public MapiProtocolException? Failure => failure;

    private ProtocolTrace? Trace => options.Connector.Trace;

    private TimeSpan KeepalivePeriod =>
        TimeSpan.FromMilliseconds(Math.Min(inTimeout.TotalMilliseconds, OpenedChannels.ClientKeepaliveMilliseconds) / 2);

    // The proxy pings a silent OUT channel at least once in each half of its time-out.
    private TimeSpan SilencePeriod => 2 * outTimeout;

    /// <exception cref="ConnectException">No TLS connection.</exception>
    /// <exception cref="RpcHttpException">The proxy said no.</exception>
    public static async Task<VirtualConnection> OpenAsync(RpcHttpOptions options, CancellationToken ct)
    {
        var opened = new VirtualConnection(options, await OpenedChannels.OpenAsync(options, ct));
        _ = opened.WatchAsync(opened.inChannel);
        return opened;
    }

    /// <summary>Hands every RPC PDU that comes in to <paramref name="onPdu"/>, valid during the call, until the connection ends.</summary>
    public void Start(Action<ReadOnlyMemory<byte>> onPdu, Action<MapiProtocolException> onEnd) => receiving = ReceiveAsync(onPdu, onEnd);

    /// <summary>Sends one RPC PDU when the server's window and the IN channel have room for it.</summary>
    public async Task SendAsync(RpcPdu pdu, CancellationToken ct)
    {
        var bytes = pdu.ToArray();
        while (await TrySendAsync(bytes, ct) is { } room) await room.WaitAsync(ct);
    }

    /// <summary>Drops both channels. The first reason stays.</summary>
    public void Break(MapiProtocolException reason)
    {
        if (Interlocked.CompareExchange(ref failure, reason, null) is not null) return;
        sendWindow.Fail(reason);
        Trace?.Note(traceName, reason.Message);
        switchedIn?.TrySetResult();
        closing.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Break(new MapiProtocolException("The connection was closed"));
        await keepalive.DisposeAsync();
        await silence.DisposeAsync();
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeSuccessorsAsync();
        await inChannel.DisposeAsync();
        await outChannel.DisposeAsync();
    }

    private async Task ReceiveAsync(Action<ReadOnlyMemory<byte>> onPdu, Action<MapiProtocolException> onEnd)
    {
        try
        {
            while (await outChannel.ReadAsync(closing.Token) is { } pdu) await ReceiveAsync(pdu, onPdu);
            Break(Ended());
        }
        catch (MapiProtocolException e)
        {
            Break(outChannel.StoppedAtHttp ? RpcHttpException.GaveUp(options) : e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Break(Cut(e));
        }

        onEnd(failure!);
    }

    private async ValueTask ReceiveAsync(ReadOnlyMemory<byte> pdu, Action<ReadOnlyMemory<byte>> onPdu)
    {
        silence.Change(SilencePeriod, Timeout.InfiniteTimeSpan);
        Trace?.Received(traceName, PduTrace.Describe(pdu.Span, options.Port));
        if (RpcPduHeader.Read(pdu.Span).Type == RpcPacketType.Rts)
        {
            await HandleAsync(RtsPdu.Read(pdu.Span));
            return;
        }

        onPdu(pdu);
        if (outChannel.Consume(pdu.Length) is { } ack) await SendAsync(RtsPdu.Acknowledge(RtsDestination.OutProxy, ack), closing.Token);
    }

    private ValueTask HandleAsync(RtsPdu rts)
    {
        if (rts.Find<RtsCommand.FlowControlAck>() is { } ack) sendWindow.Acknowledge(ack);
        return RecycleAsync(rts);
    }

    /// <summary>Sends and returns null, or returns what to wait for.</summary>
    private async Task<Task?> TrySendAsync(byte[] pdu, CancellationToken ct)
    {
        await sending.WaitAsync(ct);
        try
        {
            if (failure is not null) throw new MapiProtocolException(failure.Message, failure);
            var room = inChannel.HasRoomFor(pdu.Length) ? sendWindow.TryTake(pdu.Length) : RoomOnSuccessor();
            if (room is null) await WriteAsync(pdu);
            return room;
        }
        finally
        {
            sending.Release();
        }
    }

    private async Task SendAsync(RtsPdu rts, CancellationToken ct)
    {
        await sending.WaitAsync(ct);
        try
        {
            await WriteAsync(rts.ToArray());
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Writes to the IN channel; the caller holds <see cref="sending"/>.</summary>
    private async Task WriteAsync(byte[] pdu)
    {
        if (failure is not null) throw new MapiProtocolException(failure.Message, failure);
        try
        {
            Trace?.Sent(traceName, PduTrace.Describe(pdu, options.Port));
            // Half a PDU would put the stream out of step, so a write that has begun is not cancelled.
            await inChannel.WriteAsync(pdu, closing.Token);
            keepalive.Change(KeepalivePeriod, KeepalivePeriod);
            if (recycles && inChannel.IsNearItsEnd) BeginInSuccession();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Break(Cut(e));
            throw new MapiProtocolException(failure!.Message, failure);
        }
    }

    private async Task PingAsync()
    {
        try
        {
            await SendAsync(RtsPdu.Ping(), CancellationToken.None);
        }
        catch (MapiProtocolException)
        {
            // WriteAsync has broken the connection already; the next call says why.
        }
    }

    private MapiProtocolException Ended() =>
        IsNearEndOfOut ? UsedUp(null) : new($"{options.ProxyUrl.Host} ended the OUT channel after {outChannel.Received} bytes");

    private MapiProtocolException Cut(Exception e) =>
        IsNearEndOfOut ? UsedUp(e) : new($"The connection to {options.ProxyUrl.Host} was cut: {e.Message}", e);

    private MapiProtocolException UsedUp(Exception? inner)
    {
        if (!hasBeenAskedForSuccessor) options.Connector.NoteChannelRunOut(options.ProxyUrl);
        return new($"The OUT channel from {options.ProxyUrl.Host} is used up after {outChannel.Received} bytes: open another connection", inner);
    }

    private MapiProtocolException Silent() =>
        new($"{options.ProxyUrl.Host} has sent nothing for {SilencePeriod.TotalSeconds:0} s, not even a keep-alive");
}
