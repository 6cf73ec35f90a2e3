using System.Threading.Channels;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.Http;

/// <summary>A virtual connection, the server's side, and the RPC association on it. Source: [MS-RPCH] 3.2.5, [MS-RPCE] 3.3.2.</summary>
internal sealed class RpcServerConnection(RpcTarget target, AccountDirectory directory, ExchangeServerOptions options)
{
    private const int LongestRequest = 4 << 20;
    private const uint CallFailed = 0x6BE;

    private readonly TaskCompletionSource<RpcOutPath> outOpened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource closing = new();
    private readonly Channel<Call> calls = Channel.CreateUnbounded<Call>();
    private readonly RpcStubAssembler assembler = new(LongestRequest);
    private readonly IRpcInterface served = target.Interface.ForConnection();
    private readonly RpcServerSecurity security = new(target.Interface.Id, directory, options);
    private int maxFragment = RpcPduHeader.MaxFragment;
    private Task receiving = Task.CompletedTask;
    private RpcOutPath? opened;
    private RpcInChannel? current;
    private readonly Lock gate = new();
    private readonly Queue<RpcInChannel> successors = new();

    public void Close()
    {
        closing.Cancel();
        opened?.Dispose();
    }

    /// <summary>Opens the OUT channel and keeps it until the connection ends or the client leaves it.</summary>
    public async Task RunOutAsync(RpcOutChannel channel, CancellationToken aborted)
    {
        var path = new RpcOutPath(channel, options);
        await path.WriteAsync(RtsPdu.ConnA3(TimeoutMilliseconds), aborted);
        opened = path;
        outOpened.TrySetResult(path);
        await KeepAsync(aborted);
    }

    /// <summary>OUT_R*/A3: hands over to this OUT channel and keeps it.</summary>
    public async Task RunOutSuccessorAsync(RpcOutChannel channel, Guid predecessor, Func<Task<RtsPdu>> readLast, Func<Task> start, CancellationToken aborted)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(aborted, closing.Token);
        var path = await outOpened.Task.WaitAsync(linked.Token);
        await path.SucceedAsync(channel, predecessor, readLast, start, linked.Token);
        await KeepAsync(aborted);
    }

    /// <summary>Opens the IN channel and reads it until it ends; calls are answered one after the other on OUT.</summary>
    public async Task RunInAsync(RpcInChannel channel, LabAccount caller, CancellationToken aborted)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(aborted, closing.Token);
        var path = await outOpened.Task.WaitAsync(linked.Token);
        await path.WriteAsync(RtsPdu.ConnC2(options.ReceiveWindow, TimeoutMilliseconds), linked.Token);
        current = channel;
        receiving = ReceiveAsync(path, caller, closing.Token);
        await Task.WhenAny(receiving, channel.Finished);
    }

    /// <summary>IN_R*/A1: reading goes on here after the predecessor's IN_R*/A5.</summary>
    public async Task RunInSuccessorAsync(RpcInChannel channel, Guid predecessor, CancellationToken aborted)
    {
        Enqueue(channel, predecessor);
        var path = await outOpened.Task.WaitAsync(aborted);
        var isR1 = options.ChannelRecycling == ChannelRecycling.R1;
        var inA4 = isR1 ? RtsPdu.InR1A4(options.ReceiveWindow, options.SuccessorTimeoutMilliseconds) : RtsPdu.InR2A4();
        await path.WriteAsync(inA4, aborted);
        await Task.WhenAny(receiving, channel.Finished);
    }

    private async Task ReceiveAsync(RpcOutPath path, LabAccount caller, CancellationToken ct)
    {
        var answering = AnswerAsync(path, caller, ct);
        try
        {
            while (current is { } channel && await channel.Pdus.ReadAsync(ct) is { } pdu) await ReceiveAsync(pdu, path, channel.Window, ct);
        }
        catch (Exception e) when (RpcProxy.IsEndOfChannel(e))
        {
            if (e is MapiProtocolException) options.OnError?.Invoke(e);
        }
        finally
        {
            Close();
            await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            (served as IDisposable)?.Dispose();
            security.Dispose();
        }
    }

    private async Task KeepAsync(CancellationToken aborted)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(aborted, closing.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, linked.Token);
    }

    private void Receive(RtsPdu rts, RpcOutPath path)
    {
        options.OnRts?.Invoke(rts);
        if (rts.Find<RtsCommand.FlowControlAck>() is { } ack) path.Acknowledge(ack);
        else if (rts is { Flags: RtsFlags.OutChannel, Commands: [RtsCommand.Destination, RtsCommand.Cookie(var outCookie), ..] }) path.Confirm(outCookie);
        else if (rts is { Flags: RtsFlags.None, Commands: [RtsCommand.Cookie(var inCookie)] }) SwitchIn(inCookie);
    }

    /// <summary>A client may be a channel ahead of what we have read.</summary>
    private void Enqueue(RpcInChannel channel, Guid predecessor)
    {
        lock (gate)
        {
            if ((successors.LastOrDefault() ?? current)?.Cookie != predecessor) throw new MapiProtocolException("IN_R1/A1 names another predecessor");
            successors.Enqueue(channel);
        }
    }

    private void SwitchIn(Guid cookie)
    {
        lock (gate)
        {
            if (!successors.TryDequeue(out var successor) || successor.Cookie != cookie) throw new MapiProtocolException("IN_R1/A5 names another successor");
            current?.Finish();
            current = successor;
        }
    }

    private uint TimeoutMilliseconds => (uint)options.ConnectionTimeout.TotalMilliseconds;

    private async ValueTask ReceiveAsync(ReadOnlyMemory<byte> pdu, RpcOutPath channel, ReceiveWindow window, CancellationToken ct)
    {
        if (RpcPduHeader.Read(pdu.Span).Type == RpcPacketType.Rts)
        {
            Receive(RtsPdu.Read(pdu.Span), channel);
            return;
        }

        switch (security.Read(pdu))
        {
            case BindPdu bind:
                await channel.WriteAsync(security.Answer(bind, Accept(bind)), ct);
                break;
            case Auth3Pdu last:
                security.Finish(last);
                break;
            case RequestPdu request when assembler.Add(request.Flags, request.AllocHint, request.Stub) is { } stub:
                calls.Writer.TryWrite(new Call(request with { Stub = stub }));
                break;
        }

        if (window.Receive(pdu.Length) is { } due) await channel.WriteAsync(RtsPdu.Acknowledge(due), ct);
    }

    private BindAckPdu Accept(BindPdu bind)
    {
        maxFragment = Math.Clamp((int)bind.MaxReceiveFragment, 1024, RpcPduHeader.MaxFragment);
        return new BindAckPdu(bind.CallId, [.. bind.Contexts.Select(Accept)])
        {
            AssociationGroup = bind.AssociationGroup == 0 ? 1 : bind.AssociationGroup,
            SecondaryAddress = target.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Alters = bind.Alters,
        };
    }

    private PresentationResult Accept(PresentationContext context)
    {
        var none = new RpcInterfaceId(Guid.Empty, 0, 0);
        if (context.TransferSyntaxes.Any(TransferSyntax.IsFeatureNegotiation)) return new(PresentationResultCode.NegotiateAck, 0, none);
        if (context.Interface != target.Interface.Id) return new(PresentationResultCode.ProviderRejection, 1, none);
        return context.TransferSyntaxes.Contains(TransferSyntax.Ndr)
            ? new(PresentationResultCode.Accepted, 0, TransferSyntax.Ndr)
            : new(PresentationResultCode.ProviderRejection, 2, none);
    }

    private async Task AnswerAsync(RpcOutPath channel, LabAccount caller, CancellationToken ct)
    {
        try
        {
            await foreach (var call in calls.Reader.ReadAllAsync(ct)) await AnswerAsync(call, channel, caller, ct);
        }
        catch (Exception e) when (e is IOException or MapiProtocolException or OperationCanceledException)
        {
            // The client is gone, or a fault switch cut it off.
        }
        finally
        {
            Close();
        }
    }

    private async Task AnswerAsync(Call call, RpcOutPath channel, LabAccount caller, CancellationToken ct)
    {
        var fault = options.FaultSwitches.Take(
            $"RPC {target.Port}/{call.Opnum}", FaultKind.Refuse, FaultKind.ServiceUnavailable, FaultKind.Slow, FaultKind.LoseResponse);
        if (fault?.Kind == FaultKind.Refuse) throw new IOException("A fault switch refused this call");
        if (fault?.Kind == FaultKind.Slow) await Task.Delay(fault.Delay, options.Clock, ct);

        var answer = fault?.Kind == FaultKind.ServiceUnavailable ? [Fault(call, RpcStatus.ServerUnavailable)] : await DispatchAsync(call, caller, ct);
        if (fault?.Kind == FaultKind.LoseResponse) throw new IOException("A fault switch lost this answer");
        foreach (var fragment in answer) await channel.WriteAsync(security.Protect(fragment), ct);
    }

    private async Task<IEnumerable<RpcPdu>> DispatchAsync(Call call, LabAccount caller, CancellationToken ct)
    {
        try
        {
            security.Check(call.Request);
            var stub = Unencrypted(call) ?? await served.CallAsync(security.Account ?? caller, call.Opnum, call.Request.Stub, ct);
            return ResponsePdu.Fragments(call.Id, call.Request.ContextId, stub, security.FragmentLimit(maxFragment));
        }
        catch (RpcFaultException e)
        {
            return [Fault(call, e.Status)];
        }
        catch (MapiProtocolException e)
        {
            options.OnError?.Invoke(e);
            return [Fault(call, RpcStatus.BadStubData)];
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            options.OnError?.Invoke(e);
            return [Fault(call, CallFailed)];
        }
    }

    private ReadOnlyMemory<byte>? Unencrypted(Call call) =>
        options.RequiresEncryption && security.Level < RpcAuthenticationLevel.Privacy ? served.RefuseUnencrypted(call.Opnum) : null;

    private static FaultPdu Fault(Call call, uint status) => new(call.Id, call.Request.ContextId, status);

    /// <param name="Request">The first fragment's header, and the whole stub.</param>
    private sealed record Call(RequestPdu Request)
    {
        public uint Id => Request.CallId;

        public ushort Opnum => Request.Opnum;
    }
}
