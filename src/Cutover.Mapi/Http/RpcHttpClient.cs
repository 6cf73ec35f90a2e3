using Cutover.Mapi.Ntlm;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>
/// An RPC interface bound over RPC over HTTP v2, signed and sealed at the RPC level as the options say. Source: [MS-RPCH], [MS-RPCE] 3.3.
/// </summary>
public sealed class RpcHttpClient : IRpcClient
{
    private const int LargestAnswer = 64 << 20;
    private const ushort ContextId = 0;

    private readonly VirtualConnection connection;
    private readonly RpcHttpOptions options;
    private readonly RpcStubAssembler assembler = new(LargestAnswer);
    private readonly Lock gate = new();
    private TaskCompletionSource<RpcPduAnswer>? pending;
    private uint callId;
    private int maxFragment = RpcPduHeader.MaxFragment;
    private RpcSecurity? security;
    private RpcVerifiedContext? contextToVerify;

    private RpcHttpClient(VirtualConnection connection, RpcHttpOptions options)
    {
        this.connection = connection;
        this.options = options;
    }

    public long Calls { get; private set; }

    /// <summary>What the server's principal names begin with.</summary>
    private string ServiceClass => options.Port switch { 6002 => "exchangeRFR", 6004 => "exchangeAB", _ => "exchangeMDB" };

    public bool NearEndOfLife => connection.NearEndOfLife;

    /// <summary>Opens both channels and binds the interface.</summary>
    /// <exception cref="ConnectException">No TLS connection: name, port or certificate.</exception>
    /// <exception cref="RpcHttpException">The proxy said no: 401 is name or password, 404 no proxy, 503 no server behind it.</exception>
    /// <exception cref="MapiProtocolException">The server does not serve this interface, or we lost step.</exception>
    public static async Task<IRpcClient> ConnectAsync(RpcHttpOptions options, RpcInterfaceId rpcInterface, CancellationToken ct)
    {
        if (options.Protection is null) return await RpcProtectionFallback.ConnectAsync(options, rpcInterface, ct);
        var client = new RpcHttpClient(await VirtualConnection.OpenAsync(options, ct), options);
        client.connection.Start(client.Receive, client.End);
        try
        {
            await client.BindAsync(rpcInterface, ct);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task<ReadOnlyMemory<byte>> CallAsync(ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
    {
        Calls++;
        var answer = await ExchangeAsync(id => Fragments(id, opnum, stub), ct);
        return answer.Pdu switch
        {
            ResponsePdu => answer.Stub,
            FaultPdu fault => throw Refused($"RPC call {opnum}", fault),
            var other => throw Broken(new MapiProtocolException($"{other.GetType().Name} received as the answer to a call")),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        security?.Dispose();
    }

    private IEnumerable<RpcPdu> Fragments(uint id, ushort opnum, ReadOnlyMemory<byte> stub)
    {
        if (contextToVerify is { } context)
            stub = new RpcVerificationTrailer(true, context, new RpcVerifiedHeader(RpcPacketType.Request, id, ContextId, opnum)).AppendTo(stub.Span);
        return RequestPdu.Fragments(id, ContextId, opnum, stub, maxFragment).Select(fragment => fragment with { Security = security });
    }

    private async Task BindAsync(RpcInterfaceId rpcInterface, CancellationToken ct)
    {
        var signIn = SignIn();
        BindPdu Bind(uint id) => new(id, [new PresentationContext(ContextId, rpcInterface, [TransferSyntax.Ndr])]);
        var answer = await ExchangeAsync(id => [signIn is null ? Bind(id) : signIn.Begin(Bind(id))], ct);
        switch (answer.Pdu)
        {
            case BindAckPdu { Results: [{ Code: PresentationResultCode.Accepted }, ..] } ack:
                maxFragment = Math.Clamp((int)ack.MaxReceiveFragment, 1024, RpcPduHeader.MaxFragment);
                if (signIn is not null) await SignInAsync(signIn, ack, Bind, ct);
                break;
            case BindAckPdu:
                var version = $"{rpcInterface.MajorVersion}.{rpcInterface.MinorVersion}";
                throw new MapiProtocolException($"{options.Server}:{options.Port} does not serve the interface {rpcInterface.Uuid} {version}");
            case BindNakPdu nak:
                throw new RpcBindRefusedException(
                    $"{options.Server}:{options.Port} refuses the RPC binding ({options.Protection}) with reason {nak.Reason}: "
                    + RpcStatus.ExplainBindNak(nak.Reason));
            case FaultPdu fault:
                throw Refused("RPC bind", fault);
            default:
                throw new MapiProtocolException($"{answer.Pdu.GetType().Name} received as the answer to bind");
        }
    }

    private RpcSignIn? SignIn()
    {
        if (options.Protection is not { } level || level == RpcAuthenticationLevel.None) return null;
        ISecurityClient client = new NtlmClient(options.Credential, $"{ServiceClass}/{options.Server}", clock: options.TimeProvider);
        if (options.SecurityProvider == RpcAuthenticationType.Negotiate) client = new SpnegoClient(client);
        return new RpcSignIn(options.SecurityProvider, level, client);
    }

    private async Task SignInAsync(RpcSignIn signIn, BindAckPdu ack, Func<uint, BindPdu> bind, CancellationToken ct)
    {
        var last = signIn.Answer(ack);
        if (last.IsLast) await connection.SendAsync(signIn.WithToken(new Auth3Pdu(callId), last.Token), ct);
        else await AlterAsync(id => signIn.WithToken(bind(id) with { Alters = true }, last.Token), ct);
        security = signIn.Open(last);
        maxFragment = security.FragmentLimit(maxFragment);
        if (security.ProtectsFragments && !ack.Flags.HasFlag(RpcPacketFlags.SupportHeaderSign))
            contextToVerify = new RpcVerifiedContext(bind(0).Contexts[0].Interface, TransferSyntax.Ndr);
    }

    private async Task AlterAsync(Func<uint, BindPdu> alter, CancellationToken ct)
    {
        var answer = await ExchangeAsync(id => [alter(id)], ct);
        if (answer.Pdu is FaultPdu fault) throw Refused("RPC sign-in", fault);
        if (answer.Pdu is not BindAckPdu { Alters: true })
            throw new MapiProtocolException($"{answer.Pdu.GetType().Name} received as the answer to alter_context");
    }

    private async Task<RpcPduAnswer> ExchangeAsync(Func<uint, IEnumerable<RpcPdu>> request, CancellationToken ct)
    {
        var answer = Begin();
        try
        {
            foreach (var fragment in request(callId)) await connection.SendAsync(fragment, ct);
            return await answer.WaitAsync(ct);
        }
        catch (OperationCanceledException e)
        {
            // The answer may still come; nothing could follow it on this connection.
            connection.Break(new MapiProtocolException("A call was cancelled on this connection", e));
            throw;
        }
        finally
        {
            lock (gate) pending = null;
        }
    }

    private Task<RpcPduAnswer> Begin()
    {
        lock (gate)
        {
            if (connection.Failure is { } failure) throw new MapiProtocolException(failure.Message, failure);
            if (pending is not null) throw new InvalidOperationException("One call at a time on an RPC connection");
            pending = new TaskCompletionSource<RpcPduAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            callId++;
            return pending.Task;
        }
    }

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        var pdu = security is null ? RpcPdu.Read(bytes) : security.Read(bytes);
        if (pdu.CallId != callId) throw new MapiProtocolException($"Answer to call {pdu.CallId} received while call {callId} waits");
        if (pdu is not ResponsePdu response) Complete(new RpcPduAnswer(pdu, default));
        else if (assembler.Add(response.Flags, response.AllocHint, response.Stub) is { } stub)
            Complete(new RpcPduAnswer(response with { Stub = default }, stub));
    }

    private void Complete(RpcPduAnswer answer)
    {
        lock (gate) pending?.TrySetResult(answer);
    }

    // An RpcHttpException keeps its type, so that its status reaches the caller.
    private void End(MapiProtocolException reason)
    {
        lock (gate) pending?.TrySetException(reason);
    }

    private MapiException Refused(string operation, FaultPdu fault) =>
        new($"{operation} on {options.Server}:{options.Port}", fault.Status, RpcStatus.Explain(fault.Status));

    private MapiProtocolException Broken(MapiProtocolException reason)
    {
        connection.Break(reason);
        return reason;
    }

    private sealed record RpcPduAnswer(RpcPdu Pdu, ReadOnlyMemory<byte> Stub);
}
