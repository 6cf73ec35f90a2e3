namespace Cutover.Mapi.Http;

/// <content>How a channel gives way to its successor. Source: [MS-RPCH] 3.2.1.5.3, sequences IN_R1, IN_R2, OUT_R1 and OUT_R2.</content>
internal sealed partial class VirtualConnection
{
    private readonly bool recycles;
    private Task<OutChannel>? outSuccessor;
    private Task<InChannel>? inSuccessor;
    private InChannel? retiredIn;
    private TaskCompletionSource? switchedIn;
    private TaskCompletionSource? switchedOut;
    private TimeSpan? successorTimeout;
    private bool hasBeenAskedForSuccessor;
    private bool recyclingFailed;

    /// <summary>Nothing will take the place of a channel that is nearly used up: finish, and open another session.</summary>
    public bool NearEndOfLife =>
        recyclingFailed || (!recycles && (hasBeenAskedForSuccessor || IsNearEndOfOut || inChannel.Sent > options.ChannelLifetime / 8 * 7));

    private bool IsNearEndOfOut => outChannel.Received > outChannel.Lifetime / 8 * 7;

    private ValueTask RecycleAsync(RtsPdu rts) => rts.Step switch
    {
        RecyclingStep.OutA2 => BeginOutSuccession(),
        RecyclingStep.OutR1A6 => ConfirmOutAsync(rts, RtsPdu.OutR1A7),
        RecyclingStep.OutR1A10 => SwitchOutAsync(RtsPdu.OutR1A11()),
        RecyclingStep.OutR2A6 => ConfirmOutAsync(rts, RtsPdu.OutR2A7, RtsPdu.OutR2C1()),
        RecyclingStep.OutR2B3 => SwitchOutAsync(null),
        RecyclingStep.InR1A4 or RecyclingStep.InR2A4 => SwitchInAsync(rts),
        // Pings, acknowledgments, and whatever else a proxy tells a client.
        _ => ValueTask.CompletedTask,
    };

    private ValueTask BeginOutSuccession()
    {
        if (outSuccessor is not null) throw new MapiProtocolException("The server asks for a second successor of the OUT channel");
        hasBeenAskedForSuccessor = true;
        if (!recycles) return ValueTask.CompletedTask;
        var successor = Guid.NewGuid();
        var outA3 = RtsPdu.OutA3(cookie, outChannel.Cookie, successor, options.ReceiveWindow);
        outSuccessor = OutChannel.ConnectSuccessorAsync(options, successor, outA3, closing.Token);
        _ = WatchSuccessorAsync(outSuccessor, opened => opened.Answered);
        switchedOut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = LimitAsync(switchedOut.Task, outTimeout);
        return ValueTask.CompletedTask;
    }

    /// <summary>The server has the successor: tell it on IN that we have it too, and on the successor where R2 wants that.</summary>
    private async ValueTask ConfirmOutAsync(RtsPdu outA6, Func<Guid, RtsPdu> outA7, RtsPdu? outC1 = null)
    {
        successorTimeout = OpenedChannels.TimeoutOf(outA6);
        var successor = await SuccessorAsync();
        if (outC1 is not null) await successor.WriteAsync(outC1, closing.Token);
        await SendAsync(outA7(successor.Cookie), closing.Token);
    }

    /// <summary>That was the old channel's last PDU; its successor's 200 comes now, if it did not come before.</summary>
    private async ValueTask SwitchOutAsync(RtsPdu? outA11)
    {
        var successor = await SuccessorAsync();
        if (outA11 is not null) await successor.WriteAsync(outA11, closing.Token);
        await successor.Answered;
        Trace?.Note(traceName, $"the OUT channel gave way to a successor after {outChannel.Received:N0} B");
        await outChannel.DisposeAsync();
        outChannel = successor;
        outSuccessor = null;
        hasBeenAskedForSuccessor = false;
        outTimeout = successorTimeout ?? outTimeout;
        silence.Change(SilencePeriod, Timeout.InfiniteTimeSpan);
        switchedOut?.TrySetResult();
    }

    private Task<OutChannel> SuccessorAsync() =>
        outSuccessor ?? throw new MapiProtocolException("The server answers a recycling of the OUT channel that nobody asked for");

    private void BeginInSuccession()
    {
        if (inSuccessor is not null) return;
        var successor = Guid.NewGuid();
        switchedIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inA1 = RtsPdu.InA1(cookie, inChannel.Cookie, successor);
        // On a pool thread: IN_R*/A4 may come before a connection that opens without waiting would be in its field.
        inSuccessor = Task.Run(() => InChannel.ConnectAsync(options, successor, inA1, closing.Token));
        _ = WatchSuccessorAsync(inSuccessor, WatchAsync);
        _ = LimitAsync(switchedIn.Task, inTimeout);
    }

    /// <summary>The server has the successor of IN: A5 is the last PDU of the old one.</summary>
    private async ValueTask SwitchInAsync(RtsPdu inA4)
    {
        var opening = inSuccessor ?? throw new MapiProtocolException("The server answers a recycling of the IN channel that nobody asked for");
        var successor = await opening;
        await sending.WaitAsync(closing.Token);
        try
        {
            // Closing it now could cost bytes that the proxy has not read: it closes the old channel itself when it has seen A5.
            if (retiredIn is not null) await retiredIn.DisposeAsync();
            Trace?.Note(traceName, $"the IN channel gave way to a successor after {inChannel.Sent:N0} B");
            (retiredIn, inChannel, inSuccessor) = (inChannel, successor, null);
            await retiredIn.WriteAsync(RtsPdu.InA5(successor.Cookie).ToArray(), closing.Token);
            sendWindow.Restart(successor.Cookie, inA4.Find<RtsCommand.ReceiveWindowSize>()?.Bytes);
            inTimeout = OpenedChannels.TimeoutOf(inA4) ?? inTimeout;
            keepalive.Change(KeepalivePeriod, KeepalivePeriod);
        }
        finally
        {
            sending.Release();
        }

        switchedIn?.TrySetResult();
    }

    /// <summary>RPC PDUs wait for the switch when the IN channel is full.</summary>
    private Task RoomOnSuccessor() => inSuccessor is not null && switchedIn is { } wait && !recyclingFailed
        ? wait.Task
        : throw new MapiProtocolException($"The IN channel to {options.ProxyUrl.Host} is used up after {inChannel.Sent} bytes: open another connection");

    /// <summary>A successor that is refused costs nothing yet: the old channel still has room, and the caller hears that it should rotate.</summary>
    private async Task WatchSuccessorAsync<T>(Task<T> opening, Func<T, Task> watch)
    {
        try
        {
            await watch(await opening);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or MapiProtocolException or OperationCanceledException)
        {
            FailRecycling();
        }
    }

    /// <summary>A recycling that begins and goes no further would last until the old channel is used up: in time, the caller hears that it should rotate.</summary>
    private async Task LimitAsync(Task switched, TimeSpan limit)
    {
        await switched.WaitAsync(limit, options.TimeProvider, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!switched.IsCompleted) FailRecycling();
    }

    private void FailRecycling()
    {
        recyclingFailed = true;
        switchedIn?.TrySetResult();
    }

    /// <summary>Anything that comes in on an IN channel is trouble, unless a successor has its place: then its end is only its end.</summary>
    private async Task WatchAsync(InChannel channel)
    {
        RpcHttpException? refusal = null;
        Exception? cut = null;
        try
        {
            refusal = await channel.Refused;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or MapiProtocolException)
        {
            cut = e;
        }

        if (channel == inChannel) BreakIn(refusal, cut);
        else if (inSuccessor is { IsCompletedSuccessfully: true } successor && await successor == channel) FailRecycling();
        else await channel.DisposeAsync();
    }

    private void BreakIn(RpcHttpException? refusal, Exception? cut)
    {
        if (refusal is not null) Break(refusal);
        else if (cut is not null) Break(Cut(cut));
    }

    private async ValueTask DisposeSuccessorsAsync()
    {
        if (outSuccessor is not null) await DisposeAsync(outSuccessor);
        if (inSuccessor is not null) await DisposeAsync(inSuccessor);
        if (retiredIn is not null) await retiredIn.DisposeAsync();
    }

    private static async ValueTask DisposeAsync<T>(Task<T> opening)
        where T : IAsyncDisposable
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully) await (await opening).DisposeAsync();
    }
}
