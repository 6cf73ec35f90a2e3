namespace Cutover.Mapi.Http;

/// <summary>What a sender may have on its way before it must wait for an acknowledgment. Only RPC PDUs count. Source: [MS-RPCH] 3.2.1.1.4.</summary>
/// <param name="window">What the receiver announced when the connection opened.</param>
public sealed class SendWindow(uint window)
{
    private readonly Lock gate = new();
    private uint size = window;
    private uint available = window;
    private uint sent;
    private uint sentBefore;
    private uint acknowledged;
    private Guid? channel;
    private TaskCompletionSource? waiter;
    private Exception? failure;

    /// <summary>Waits until these bytes fit, then counts them as sent.</summary>
    public async ValueTask TakeAsync(int bytes, CancellationToken ct)
    {
        while (TryTake(bytes) is { } wait) await wait.WaitAsync(ct);
    }

    /// <summary>Counts these bytes as sent and returns null, or what to wait for before another attempt.</summary>
    public Task? TryTake(int bytes)
    {
        lock (gate)
        {
            if (failure is not null) throw new MapiProtocolException(failure.Message, failure);
            var onTheWay = unchecked(sent - acknowledged);
            if (onTheWay + (long)bytes > available) return (waiter ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            sent = unchecked(sent + (uint)bytes);
            return null;
        }
    }

    /// <summary>The receiver has so much and can take so much more. Source: [MS-RPCH] 3.2.1.5.1.1.</summary>
    public void Acknowledge(RtsCommand.FlowControlAck ack)
    {
        lock (gate)
        {
            // What was sent on a predecessor is of no interest any more.
            if (channel is { } current && ack.ChannelCookie != current) return;
            // gromox goes on counting where the predecessor ended. See docs/protocols/outlook-anywhere.md, in-count.
            var goesOn = unchecked((int)(ack.BytesReceived - sent)) > 0;
            acknowledged = goesOn ? unchecked(ack.BytesReceived - sentBefore) : ack.BytesReceived;
            available = ack.AvailableWindow;
            Wake();
        }
    }

    /// <summary>The count begins again: every channel has its own. Source: [MS-RPCH] 3.2.1.1.5.</summary>
    /// <param name="successor">The cookie of the channel that takes over.</param>
    /// <param name="newWindow">What its receiver announced; null when that did not change.</param>
    public void Restart(Guid successor, uint? newWindow)
    {
        lock (gate)
        {
            channel = successor;
            available = size = newWindow ?? size;
            sentBefore = unchecked(sentBefore + sent);
            sent = acknowledged = 0;
            Wake();
        }
    }

    /// <summary>Lets nobody wait any longer: the connection is gone.</summary>
    public void Fail(Exception reason)
    {
        lock (gate)
        {
            failure ??= reason;
            Wake();
        }
    }

    private void Wake()
    {
        waiter?.TrySetResult();
        waiter = null;
    }
}

/// <summary>What a receiver has taken in, and when it must say so. Source: [MS-RPCH] 3.2.1.4.1.2.</summary>
/// <param name="window">What was announced to the sender.</param>
/// <param name="channelCookie">The channel that the bytes come on.</param>
public sealed class ReceiveWindow(uint window, Guid channelCookie)
{
    private uint received;
    private uint unacknowledged;

    /// <summary>Counts a PDU; returns the acknowledgment that is due once less than half of the window is left.</summary>
    public RtsCommand.FlowControlAck? Receive(int bytes)
    {
        received = unchecked(received + (uint)bytes);
        unacknowledged += (uint)bytes;
        if (unacknowledged <= window / 2) return null;
        unacknowledged = 0;
        return new RtsCommand.FlowControlAck(received, window, channelCookie);
    }
}
