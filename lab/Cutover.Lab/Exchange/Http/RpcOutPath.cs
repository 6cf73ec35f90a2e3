using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.Http;

/// <summary>
/// The virtual OUT channel, the server's side: one channel after the other, none of whose bytes is lost or sent twice. Source: [MS-RPCH] 3.2.5.
/// </summary>
internal sealed class RpcOutPath : IDisposable
{
    private readonly ExchangeServerOptions options;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ITimer keepalive;
    private RpcOutChannel current;
    private RpcOutChannel? successor;
    private TaskCompletionSource<Guid> confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource switched = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool askedForSuccessor;

    public RpcOutPath(RpcOutChannel first, ExchangeServerOptions options)
    {
        this.options = options;
        current = first;
        keepalive = options.Clock.CreateTimer(_ => _ = PingAsync(), null, KeepalivePeriod, KeepalivePeriod);
    }

    private TimeSpan KeepalivePeriod => options.ConnectionTimeout / 2;

    private bool Recycles => options.ChannelRecycling != ChannelRecycling.None;

    /// <summary>Sends an RPC PDU once the client's window and the channel have room for it.</summary>
    public async Task WriteAsync(RpcPdu pdu, CancellationToken ct)
    {
        var bytes = pdu.ToArray();
        options.Tamper?.Invoke(bytes);
        var more = !pdu.Flags.HasFlag(RpcPacketFlags.LastFragment);
        while (await TryWriteAsync(bytes, more, ct) is { } room) await room.WaitAsync(ct);
    }

    public async Task WriteAsync(RtsPdu rts, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            await WriteHeldAsync(rts.ToArray(), false, ct);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>The client's acknowledgment of what came on its channel; those of a predecessor are late.</summary>
    public void Acknowledge(RtsCommand.FlowControlAck ack)
    {
        if (ack.ChannelCookie == current.Cookie) current.Acknowledge(ack);
    }

    /// <summary>OUT_R1/A7 or OUT_R2/A7 came on IN.</summary>
    public void Confirm(Guid cookie) => confirmed.TrySetResult(cookie);

    /// <summary>OUT_R*/A3 came on a new channel: hands over to it.</summary>
    /// <param name="readLast">Reads the last PDU that the client sends on the new channel.</param>
    /// <param name="start">Answers the new channel with 200.</param>
    public async Task SucceedAsync(RpcOutChannel channel, Guid predecessor, Func<Task<RtsPdu>> readLast, Func<Task> start, CancellationToken ct)
    {
        if (!askedForSuccessor || successor is not null || predecessor != current.Cookie)
            throw new MapiProtocolException("OUT_R1/A3 that nobody asked for");
        successor = channel;
        if (options.ChannelRecycling == ChannelRecycling.R1) await SucceedR1Async(channel, readLast, start, ct);
        else await SucceedR2Async(channel, readLast, start, ct);
    }

    public void Dispose()
    {
        keepalive.Dispose();
        current.Finish();
    }

    private async Task SucceedR1Async(RpcOutChannel channel, Func<Task<RtsPdu>> readLast, Func<Task> start, CancellationToken ct)
    {
        await WriteAsync(RtsPdu.OutR1A6(options.SuccessorTimeoutMilliseconds), ct);
        await ConfirmedAsync(channel, ct);
        await SwitchAsync(RtsPdu.OutR1A10(), channel, readLast, "OUT_R1/A11", start, ct);
    }

    private async Task SucceedR2Async(RpcOutChannel channel, Func<Task<RtsPdu>> readLast, Func<Task> start, CancellationToken ct)
    {
        await WriteAsync(RtsPdu.OutR2A6(), ct);
        Expect(await readLast(), RtsPdu.OutR2C1(), "OUT_R2/C1");
        await ConfirmedAsync(channel, ct);
        await SwitchAsync(RtsPdu.OutR2B3(), channel, null, "", start, ct);
    }

    private async Task ConfirmedAsync(RpcOutChannel channel, CancellationToken ct)
    {
        if (await confirmed.Task.WaitAsync(ct) != channel.Cookie) throw new MapiProtocolException("OUT_R1/A7 names another successor");
    }

    /// <summary>Nothing is written between the old channel's last PDU and the new one's 200.</summary>
    private async Task SwitchAsync(
        RtsPdu last, RpcOutChannel channel, Func<Task<RtsPdu>>? readLast, string name, Func<Task> start, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            await WriteHeldAsync(last.ToArray(), false, ct);
            if (readLast is not null) Expect(await readLast(), RtsPdu.OutR1A11(), name);
            await start();
            var predecessor = current;
            (current, successor, askedForSuccessor) = (channel, null, false);
            confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            predecessor.Finish();
        }
        finally
        {
            writing.Release();
        }

        Interlocked.Exchange(ref switched, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private static void Expect(RtsPdu received, RtsPdu expected, string name)
    {
        if (!received.ToArray().AsSpan().SequenceEqual(expected.ToArray())) throw new MapiProtocolException($"{name} expected, {received} received");
    }

    /// <summary>Writes and returns null, or returns what to wait for.</summary>
    private async Task<Task?> TryWriteAsync(byte[] pdu, bool more, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            var room = current.HasRoomFor(pdu.Length) || !Recycles ? current.TryTake(pdu.Length) : switched.Task;
            if (room is null) await WriteHeldAsync(pdu, more, ct);
            else await current.FlushAsync(ct);
            return room;
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task WriteHeldAsync(byte[] pdu, bool more, CancellationToken ct)
    {
        await current.WriteAsync(pdu, more, ct);
        keepalive.Change(KeepalivePeriod, KeepalivePeriod);
        if (!Recycles || askedForSuccessor || !current.IsNearItsEnd) return;
        askedForSuccessor = true;
        await current.WriteAsync(RtsPdu.OutA2().ToArray(), more, ct);
    }

    private async Task PingAsync()
    {
        try
        {
            await WriteAsync(RtsPdu.Ping(), CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The connection has ended; its own loop sees it.
        }
    }
}
