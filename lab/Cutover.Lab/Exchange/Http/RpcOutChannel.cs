using System.IO.Pipelines;
using Cutover.Mapi;
using Cutover.Mapi.Http;

namespace Cutover.Lab.Exchange.Http;

/// <summary>One OUT channel, the server's side: an answer with so many bytes, held to the client's window. Source: [MS-RPCH] 3.2.4.</summary>
internal sealed class RpcOutChannel(PipeWriter output, Guid cookie, uint window, ExchangeServerOptions options)
{
    /// <summary>Kept for RTS PDUs, which go on while RPC PDUs wait for the successor.</summary>
    private const int Reserve = 4 * 1024;

    /// <summary>A successor is asked for while at least so much is left, or an eighth.</summary>
    private const int SmallestRest = 24 * 1024;

    private readonly long lifetime = options.OutChannelLifetime;
    private readonly PduSplitter splitter = new(output, options.SplitterSeed is { } seed ? seed + cookie.GetHashCode() : null);
    private readonly SendWindow window = new(window);
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long written;

    public Guid Cookie { get; } = cookie;

    /// <summary>Ends with the channel's last PDU.</summary>
    public Task Finished => finished.Task;

    public bool IsNearItsEnd => written > lifetime - Math.Max(lifetime / 8, SmallestRest);

    /// <summary>Whether an RPC PDU of this size may still go here.</summary>
    public bool HasRoomFor(int bytes) => written + bytes <= lifetime - Reserve;

    /// <summary>Counts an RPC PDU against the client's window; what to wait for when that is full.</summary>
    public Task? TryTake(int bytes) => window.TryTake(bytes);

    public void Acknowledge(RtsCommand.FlowControlAck ack) => window.Acknowledge(ack);

    /// <exception cref="IOException">The channel is used up.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> pdu, bool more, CancellationToken ct)
    {
        written += pdu.Length;
        if (written > lifetime) throw new IOException($"The OUT channel's {lifetime} bytes are used up");
        return splitter.WriteAsync(pdu, more, ct);
    }

    public ValueTask FlushAsync(CancellationToken ct) => splitter.FlushAsync(ct);

    /// <summary>That was the last PDU: whoever waits for the client's window looks again, at the successor.</summary>
    public void Finish()
    {
        finished.TrySetResult();
        window.Fail(new MapiProtocolException("The OUT channel is finished"));
    }
}
