using System.Threading.Channels;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.Http;

/// <summary>A virtual connection, the server's side, and the RPC association on it. Source: [MS-RPCH] 3.2.5, [MS-RPCE] 3.3.2.</summary>
internal sealed class RpcServerConnection(RpcTarget target, ExchangeServerOptions options)
{
    private const int LongestRequest = 4 << 20;
    private const uint CallFailed = 0x6BE;

    private readonly TaskCompletionSource<RpcOutChannel> outOpened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource closing = new();
    private readonly Channel<Call> calls = Channel.CreateUnbounded<Call>();
    private readonly RpcStubAssembler assembler = new(LongestRequest);
    private readonly IRpcInterface served = target.Interface.ForConnection();
    private int maxFragment = RpcPduHeader.MaxFragment;

    public void Close() => closing.Cancel();

    /// <summary>Keeps the OUT channel open until the connection ends.</summary>
    public async Task RunOutAsync(RpcOutChannel channel, CancellationToken ct)
    {
        await using var _ = channel;
        await channel.WriteAsync(RtsPdu.ConnA3(TimeoutMilliseconds), ct);
        outOpened.TrySetResult(channel);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, closing.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, linked.Token);
    }

    /// <summary>Reads the IN channel until it ends; calls are answered one after the other on OUT.</summary>
    public async Task RunInAsync(RpcPduReader pdus, Guid inCookie, LabAccount caller, CancellationToken aborted)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(aborted, closing.Token);
        var ct = linked.Token;
        var channel = await outOpened.Task.WaitAsync(ct);
        await channel.WriteAsync(RtsPdu.ConnC2(options.ReceiveWindow, TimeoutMilliseconds), ct);
        var answering = AnswerAsync(channel, caller, ct);
        var window = new ReceiveWindow(options.ReceiveWindow, inCookie);
        try
        {
            while (await pdus.ReadAsync(ct) is { } pdu) await ReceiveAsync(pdu, channel, window, ct);
        }
        finally
        {
            Close();
            await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            (served as IDisposable)?.Dispose();
        }
    }

    private uint TimeoutMilliseconds => (uint)options.ConnectionTimeout.TotalMilliseconds;

    private async ValueTask ReceiveAsync(ReadOnlyMemory<byte> pdu, RpcOutChannel channel, ReceiveWindow window, CancellationToken ct)
    {
        if (RpcPduHeader.Read(pdu.Span).Type == RpcPacketType.Rts)
        {
            var rts = RtsPdu.Read(pdu.Span);
            options.OnRts?.Invoke(rts);
            if (rts.Find<RtsCommand.FlowControlAck>() is { } ack) channel.Acknowledge(ack);
            return;
        }

        switch (RpcPdu.Read(pdu))
        {
            case BindPdu bind:
                await channel.WriteAsync(Accept(bind), ct);
                break;
            case RequestPdu request when assembler.Add(request.Flags, request.AllocHint, request.Stub) is { } stub:
                calls.Writer.TryWrite(new Call(request.CallId, request.ContextId, request.Opnum, stub));
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

    private async Task AnswerAsync(RpcOutChannel channel, LabAccount caller, CancellationToken ct)
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

    private async Task AnswerAsync(Call call, RpcOutChannel channel, LabAccount caller, CancellationToken ct)
    {
        var fault = options.FaultSwitches.Take(
            $"RPC {target.Port}/{call.Opnum}", FaultKind.Refuse, FaultKind.ServiceUnavailable, FaultKind.Slow, FaultKind.LoseResponse);
        if (fault?.Kind == FaultKind.Refuse) throw new IOException("A fault switch refused this call");
        if (fault?.Kind == FaultKind.Slow) await Task.Delay(fault.Delay, options.Clock, ct);

        var answer = fault?.Kind == FaultKind.ServiceUnavailable ? [Fault(call, RpcStatus.ServerUnavailable)] : await DispatchAsync(call, caller, ct);
        if (fault?.Kind == FaultKind.LoseResponse) throw new IOException("A fault switch lost this answer");
        foreach (var fragment in answer) await channel.WriteAsync(fragment, ct);
    }

    private async Task<IEnumerable<RpcPdu>> DispatchAsync(Call call, LabAccount caller, CancellationToken ct)
    {
        try
        {
            var stub = await served.CallAsync(caller, call.Opnum, call.Stub, ct);
            return ResponsePdu.Fragments(call.Id, call.ContextId, stub, maxFragment);
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

    private static FaultPdu Fault(Call call, uint status) => new(call.Id, call.ContextId, status);

    private sealed record Call(uint Id, ushort ContextId, ushort Opnum, ReadOnlyMemory<byte> Stub);
}
