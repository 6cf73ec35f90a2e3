using System.IO.Pipelines;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.Http;

/// <summary>The OUT channel, the server's side: what goes to the client, held to the client's window. Source: [MS-RPCH] 3.2.4.</summary>
internal sealed class RpcOutChannel : IAsyncDisposable
{
    private readonly PipeWriter output;
    private readonly Guid cookie;
    private readonly long lifetime;
    private readonly SendWindow window;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ITimer keepalive;
    private readonly TimeSpan keepalivePeriod;
    private long written;
    private bool askedForSuccessor;

    public RpcOutChannel(PipeWriter output, Guid cookie, uint window, ExchangeServerOptions options)
    {
        this.output = output;
        this.cookie = cookie;
        this.window = new SendWindow(window);
        lifetime = options.OutChannelLifetime;
        keepalivePeriod = options.ConnectionTimeout / 2;
        keepalive = options.Clock.CreateTimer(_ => _ = PingAsync(), null, keepalivePeriod, keepalivePeriod);
    }

    /// <summary>Sends an RPC PDU once the client's window has room for it.</summary>
    public async Task WriteAsync(RpcPdu pdu, CancellationToken ct)
    {
        var bytes = pdu.ToArray();
        await window.TakeAsync(bytes.Length, ct);
        await WriteAsync(bytes, ct);
        await AskForSuccessorAsync(ct);
    }

    public Task WriteAsync(RtsPdu rts, CancellationToken ct) => WriteAsync(rts.ToArray(), ct);

    public void Acknowledge(RtsCommand.FlowControlAck ack)
    {
        if (ack.ChannelCookie == cookie) window.Acknowledge(ack);
    }

    public async ValueTask DisposeAsync()
    {
        await keepalive.DisposeAsync();
        window.Fail(new MapiProtocolException("The OUT channel was closed"));
    }

    private async Task WriteAsync(byte[] pdu, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            written += pdu.Length;
            if (written > lifetime) throw new IOException($"The OUT channel's {lifetime} bytes are used up");
            await output.WriteAsync(pdu, ct);
            keepalive.Change(keepalivePeriod, keepalivePeriod);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task AskForSuccessorAsync(CancellationToken ct)
    {
        if (askedForSuccessor || written < lifetime / 8 * 7) return;
        askedForSuccessor = true;
        await WriteAsync(RtsPdu.OutR1A2(), ct);
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
