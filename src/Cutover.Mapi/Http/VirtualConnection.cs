using System.IO.Pipelines;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>
/// An IN and an OUT channel that together carry RPC PDUs both ways, with flow control and keep-alive; the client's side.
/// Source: [MS-RPCH] 3.2.2.
/// </summary>
internal sealed class VirtualConnection : IAsyncDisposable
{
    private const uint ClientKeepaliveMilliseconds = 300_000;
    private const int ConnA1Size = 76;

    private readonly RpcHttpOptions options;
    private readonly RpcChannel inChannel;
    private readonly RpcChannel outChannel;
    private readonly RpcPduReader pdus;
    private readonly ReceiveWindow receiveWindow;
    private readonly SendWindow sendWindow;
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly ITimer keepalive;
    private readonly ITimer silence;
    private readonly TimeSpan timeout;
    private readonly long outLifetime;
    private Task receiving = Task.CompletedTask;
    private long bytesSent;
    private long bytesReceived;
    private bool isAskedForSuccessor;
    private MapiProtocolException? failure;

    private VirtualConnection(RpcHttpOptions options, RpcChannel inChannel, RpcChannel outChannel, OutStream stream, ReceiveWindow receiveWindow, Opening opening)
    {
        this.options = options;
        this.inChannel = inChannel;
        this.outChannel = outChannel;
        this.receiveWindow = receiveWindow;
        pdus = stream.Pdus;
        outLifetime = stream.Lifetime;
        sendWindow = new SendWindow(opening.ReceiveWindow);
        timeout = opening.Timeout;
        keepalive = options.TimeProvider.CreateTimer(_ => _ = PingAsync(), null, KeepalivePeriod, KeepalivePeriod);
        silence = options.TimeProvider.CreateTimer(_ => Break(Silent()), null, SilencePeriod, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why the connection is gone; null while it lives.</summary>
    public MapiProtocolException? Failure => failure;

    /// <summary>Seven eighths of a channel's bytes are used, or the server asked for a successor.</summary>
    public bool NearEndOfLife =>
        isAskedForSuccessor || Volatile.Read(ref bytesReceived) > outLifetime / 8 * 7 || Volatile.Read(ref bytesSent) > options.ChannelLifetime / 8 * 7;

    private TimeSpan KeepalivePeriod => TimeSpan.FromMilliseconds(Math.Min(timeout.TotalMilliseconds, ClientKeepaliveMilliseconds) / 2);

    // The proxy pings a silent OUT channel at least once in each half of its time-out.
    private TimeSpan SilencePeriod => 2 * timeout;

    /// <summary>Opens both channels: CONN/A1 and CONN/B1 out, CONN/A3 and CONN/C2 back.</summary>
    /// <exception cref="ConnectException">No TLS connection.</exception>
    /// <exception cref="RpcHttpException">The proxy said no.</exception>
    public static async Task<VirtualConnection> OpenAsync(RpcHttpOptions options, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReceiveWindow, RpcHttpOptions.SmallestWindow);
        var (connection, outCookie, inCookie, association) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var connA1 = RtsPdu.ConnA1(connection, outCookie, options.ReceiveWindow).ToArray();
        var connB1 = RtsPdu.ConnB1(connection, inCookie, options.ChannelLifetime, ClientKeepaliveMilliseconds, association).ToArray();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        RpcChannel? outChannel = null, inChannel = null;
        try
        {
            outChannel = await RpcChannel.ConnectAsync("RPC_OUT_DATA", options, ct);
            await outChannel.SendRequestAsync(ConnA1Size, connA1, ct);
            var answer = ReadOpeningAsync(outChannel, options, stop.Token);
            inChannel = await RpcChannel.ConnectAsync("RPC_IN_DATA", options, ct);
            // A wrong password is mostly known by now: a second attempt would count towards the account's lock-out.
            if (answer.IsFaulted) await answer;
            await inChannel.SendRequestAsync(options.ChannelLifetime, connB1, ct);
            var refused = inChannel.ReadRefusalAsync(CancellationToken.None);
            var (stream, opening) = await OpenedAsync(answer, refused);
            var opened = new VirtualConnection(options, inChannel, outChannel, stream, new ReceiveWindow(options.ReceiveWindow, outCookie), opening);
            _ = opened.WatchInChannelAsync(refused);
            return opened;
        }
        catch
        {
            await stop.CancelAsync();
            if (outChannel is not null) await outChannel.DisposeAsync();
            if (inChannel is not null) await inChannel.DisposeAsync();
            throw;
        }
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
        await inChannel.DisposeAsync();
        await outChannel.DisposeAsync();
    }

    /// <summary>The OUT channel's answer, unless the IN channel is refused first: OUT would then wait for an IN that never comes.</summary>
    private static async Task<(OutStream Stream, Opening Opening)> OpenedAsync(
        Task<(OutStream Stream, Opening Opening)> answer, Task<RpcHttpException?> refused)
    {
        if (await Task.WhenAny(answer, refused) == refused && refused.IsCompletedSuccessfully && await refused is { } refusal) throw refusal;
        return await answer;
    }

    private static async Task<(OutStream Stream, Opening Opening)> ReadOpeningAsync(RpcChannel outChannel, RpcHttpOptions options, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(options.Connector.Timeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            var (body, lifetime) = await outChannel.ReadAnswerAsync(options.ChannelLifetime, linked.Token);
            var stream = new OutStream(new RpcPduReader(body), lifetime);
            await ReadRtsAsync<RtsCommand.ConnectionTimeout>("CONN/A3", stream.Pdus, options, linked.Token);
            var connC2 = await ReadRtsAsync<RtsCommand.ReceiveWindowSize>("CONN/C2", stream.Pdus, options, linked.Token);
            var window = connC2.Find<RtsCommand.ReceiveWindowSize>()!.Bytes;
            var timeout = connC2.Find<RtsCommand.ConnectionTimeout>()?.Milliseconds ?? 120_000;
            return (stream, new Opening(window, TimeSpan.FromMilliseconds(Math.Max(timeout, 1000))));
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new MapiProtocolException($"The RPC proxy {options.ProxyUrl.Host} did not open the connection to {options.Server}:{options.Port} within {options.Connector.Timeout.TotalSeconds:0} s");
        }
        catch (IOException e)
        {
            throw new MapiProtocolException($"{options.ProxyUrl.Host} closed the RPC_OUT_DATA channel while it was being opened: {e.Message}", e);
        }
    }

    private static async Task<RtsPdu> ReadRtsAsync<TCommand>(string name, RpcPduReader pdus, RpcHttpOptions options, CancellationToken ct)
        where TCommand : RtsCommand
    {
        while (true)
        {
            var pdu = await pdus.ReadAsync(ct)
                ?? throw new MapiProtocolException($"The RPC proxy {options.ProxyUrl.Host} ended the OUT channel before {name}: it may not reach {options.Server}:{options.Port}");
            var rts = RtsPdu.Read(pdu.Span);
            if (rts.Find<TCommand>() is not null) return rts;
            if (!rts.IsPing) throw new MapiProtocolException($"{name} expected, {rts} received");
        }
    }

    private async Task ReceiveAsync(Action<ReadOnlyMemory<byte>> onPdu, Action<MapiProtocolException> onEnd)
    {
        try
        {
            while (await pdus.ReadAsync(closing.Token) is { } pdu) await ReceiveAsync(pdu, onPdu);
            Break(Ended());
        }
        catch (MapiProtocolException e)
        {
            Break(pdus.StoppedAtHttp ? RpcHttpException.GaveUp(options) : e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Break(Cut(e));
        }

        onEnd(Failure!);
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
            if (Failure is not null) throw new MapiProtocolException(Failure.Message, Failure);
            // Half a PDU would put the stream out of step, so a write that has begun is not cancelled.
            await inChannel.WriteAsync(pdu, closing.Token);
            Volatile.Write(ref bytesSent, bytesSent + pdu.Length);
            keepalive.Change(KeepalivePeriod, KeepalivePeriod);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Break(Cut(e));
            throw new MapiProtocolException(Failure!.Message, Failure);
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

    private async Task WatchInChannelAsync(Task<RpcHttpException?> refused)
    {
        try
        {
            if (await refused is { } refusal) Break(refusal);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or MapiProtocolException)
        {
            Break(Cut(e));
        }
    }

    private MapiProtocolException Ended() => isAskedForSuccessor ? UsedUp(null) : new($"{options.ProxyUrl.Host} ended the OUT channel after {bytesReceived} bytes");

    private MapiProtocolException Cut(Exception e) => isAskedForSuccessor ? UsedUp(e) : new($"The connection to {options.ProxyUrl.Host} was cut: {e.Message}", e);

    private MapiProtocolException UsedUp(Exception? inner) =>
        new($"The OUT channel from {options.ProxyUrl.Host} is used up after {bytesReceived} bytes: open another connection", inner);

    private MapiProtocolException Silent() =>
        new($"{options.ProxyUrl.Host} has sent nothing for {SilencePeriod.TotalSeconds:0} s, not even a keep-alive");

    private sealed record OutStream(RpcPduReader Pdus, long Lifetime);

    /// <summary>What CONN/C2 agreed on.</summary>
    private sealed record Opening(uint ReceiveWindow, TimeSpan Timeout);
}
