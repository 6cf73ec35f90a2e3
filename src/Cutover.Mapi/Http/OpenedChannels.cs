namespace Cutover.Mapi.Http;

/// <summary>Both channels of a virtual connection after CONN/C2, and what its ends agreed on. Source: [MS-RPCH] 3.2.2.4.1.</summary>
/// <param name="Cookie">The virtual connection's.</param>
/// <param name="SendWindow">The server's window for our RPC bytes.</param>
/// <param name="InTimeout">The proxy's time-out for an IN channel without traffic.</param>
/// <param name="OutTimeout">The proxy's time-out for an OUT channel without traffic.</param>
internal sealed record OpenedChannels(Guid Cookie, InChannel In, OutChannel Out, uint SendWindow, TimeSpan InTimeout, TimeSpan OutTimeout)
{
    public const uint ClientKeepaliveMilliseconds = 300_000;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);
    private const uint ShortestTimeoutMilliseconds = 1000;
    private const uint LongestTimeoutMilliseconds = 3_600_000;

    /// <summary>Opens both channels: CONN/A1 and CONN/B1 out, CONN/A3 and CONN/C2 back.</summary>
    /// <exception cref="ConnectException">No TLS connection.</exception>
    /// <exception cref="RpcHttpException">The proxy said no.</exception>
    public static async Task<OpenedChannels> OpenAsync(RpcHttpOptions options, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReceiveWindow, RpcHttpOptions.SmallestWindow);
        var (connection, outCookie, inCookie, association) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var connA1 = RtsPdu.ConnA1(connection, outCookie, options.ReceiveWindow).ToArray();
        var connB1 = RtsPdu.ConnB1(connection, inCookie, options.ChannelLifetime, ClientKeepaliveMilliseconds, association).ToArray();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        RpcChannel? rawOut = null, rawIn = null;
        try
        {
            rawOut = await RpcChannel.ConnectAsync(OutChannel.Method, options, ct);
            await rawOut.SendRequestAsync(OutChannel.FirstLength, connA1, ct);
            var outChannel = new OutChannel(rawOut, outCookie, options);
            var signedIn = outChannel.ReadAnswerAsync(stop.Token);
            var answer = ReadAnswerAsync(signedIn, outChannel, options, stop.Token);
            rawIn = await RpcChannel.ConnectAsync(InChannel.Method, options, ct);
            await rawIn.SendRequestAsync(options.ChannelLifetime, connB1, ct, () => SignedInAsync(signedIn, answer, options, ct));
            var inChannel = new InChannel(rawIn, inCookie, options, connB1.Length);
            var (window, inTimeout, outTimeout) = await FirstOfAsync(answer, inChannel.Refused, options);
            return new OpenedChannels(connection, inChannel, outChannel, window, inTimeout, outTimeout);
        }
        catch
        {
            await stop.CancelAsync();
            if (rawOut is not null) await rawOut.DisposeAsync();
            if (rawIn is not null) await rawIn.DisposeAsync();
            throw;
        }
    }

    /// <summary>The OUT channel's answer, unless the IN channel ends first: OUT would then wait for an IN that never comes.</summary>
    private static async Task<Answer> FirstOfAsync(Task<Answer> answer, Task<RpcHttpException?> refused, RpcHttpOptions options)
    {
        if (await Task.WhenAny(answer, refused) == answer) return await answer;
        if (refused.IsCompletedSuccessfully && await refused is { } refusal) throw refusal;
        // A proxy that closes both says why on OUT, which may be on its way.
        if (await Task.WhenAny(answer, Task.Delay(LastWords, options.TimeProvider)) == answer) return await answer;
        throw new MapiProtocolException($"{options.ProxyUrl.Host} closed the IN channel while it was being opened", refused.Exception);
    }

    /// <summary>
    /// Waits until OUT was let in: a wrong password on IN too would count twice towards the account's lock-out. A proxy that answers OUT only when
    /// IN is there makes this wait in vain, once: the next connections know.
    /// </summary>
    private static async Task SignedInAsync(Task signedIn, Task<Answer> answer, RpcHttpOptions options, CancellationToken ct)
    {
        var patience = options.Connector.AnswersOutAfterIn(options.ProxyUrl) ? TimeSpan.Zero : Patience;
        await signedIn.WaitAsync(patience, options.TimeProvider, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (!signedIn.IsCompleted) options.Connector.NoteOutAnsweredAfterIn(options.ProxyUrl);
        if (signedIn.IsFaulted) await answer;
    }

    private static async Task<Answer> ReadAnswerAsync(Task signedIn, OutChannel outChannel, RpcHttpOptions options, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(options.Connector.Timeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            await signedIn.WaitAsync(linked.Token);
            return await ReadConnC2Async(outChannel, options, linked.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new MapiProtocolException(
                $"The RPC proxy {options.ProxyUrl.Host} did not open the connection to {options.Server}:{options.Port}"
                + $" within {options.Connector.Timeout.TotalSeconds:0} s");
        }
        catch (IOException e)
        {
            throw new MapiProtocolException($"{options.ProxyUrl.Host} closed the OUT channel while it was being opened: {e.Message}", e);
        }
    }

    private static async Task<Answer> ReadConnC2Async(OutChannel outChannel, RpcHttpOptions options, CancellationToken ct)
    {
        var connA3 = await ReadRtsAsync<RtsCommand.ConnectionTimeout>("CONN/A3", outChannel, options, ct);
        var connC2 = await ReadRtsAsync<RtsCommand.ReceiveWindowSize>("CONN/C2", outChannel, options, ct);
        var window = connC2.Find<RtsCommand.ReceiveWindowSize>()!.Bytes;
        return new Answer(window, TimeoutOf(connC2) ?? DefaultTimeout, TimeoutOf(connA3) ?? DefaultTimeout);
    }

    /// <summary>The time-out of a channel that a PDU announces, kept within what makes sense: [MS-RPCH] 3.2.1.1.6.1 has 30 to 1800 s.</summary>
    public static TimeSpan? TimeoutOf(RtsPdu rts) => rts.Find<RtsCommand.ConnectionTimeout>() is { } timeout
        ? TimeSpan.FromMilliseconds(Math.Clamp(timeout.Milliseconds, ShortestTimeoutMilliseconds, LongestTimeoutMilliseconds))
        : null;

    private static async Task<RtsPdu> ReadRtsAsync<TCommand>(string name, OutChannel outChannel, RpcHttpOptions options, CancellationToken ct)
        where TCommand : RtsCommand
    {
        while (true)
        {
            var pdu = await outChannel.ReadAsync(ct) ?? throw new MapiProtocolException(
                $"The RPC proxy {options.ProxyUrl.Host} ended the OUT channel before {name}: it may not reach {options.Server}:{options.Port}");
            var rts = RtsPdu.Read(pdu.Span);
            if (rts.Find<TCommand>() is not null) return rts;
            if (!rts.IsPing) throw new MapiProtocolException($"{name} expected, {rts} received");
        }
    }

    private sealed record Answer(uint Window, TimeSpan InTimeout, TimeSpan OutTimeout);
}
