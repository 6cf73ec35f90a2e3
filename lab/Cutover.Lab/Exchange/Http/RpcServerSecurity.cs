using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Ntlm;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.Http;

/// <summary>The RPC level's sign-in, the server's side: none, connect, integrity or privacy, as the client asks. Source: [MS-RPCE] 3.3.2.</summary>
internal sealed class RpcServerSecurity(RpcInterfaceId served, AccountDirectory directory, ExchangeServerOptions options) : IDisposable
{
    private const ushort UnknownAuthenticationType = 8;

    private ISecurityServer? begun;
    private RpcAuthVerifier? asked;
    private RpcSecurity? established;
    private bool isRefused;
    private bool signsHeaders;

    /// <summary>How far calls are protected now.</summary>
    public RpcAuthenticationLevel Level => established?.Level ?? RpcAuthenticationLevel.None;

    /// <summary>Who signed in at the RPC level; null when nobody did.</summary>
    public LabAccount? Account { get; private set; }

    /// <exception cref="MapiProtocolException">The signature is wrong or missing.</exception>
    public RpcPdu Read(ReadOnlyMemory<byte> pdu) => established is null ? RpcPdu.Read(pdu) : established.Read(pdu);

    /// <summary>The answer to bind or alter_context with the token that belongs to it.</summary>
    public RpcPdu Answer(BindPdu bind, BindAckPdu ack)
    {
        if (bind.Auth is not { } auth) return ack;
        if (!IsServed(auth)) return new BindNakPdu(bind.CallId, UnknownAuthenticationType);
        signsHeaders = options.SignsHeaders && bind.Flags.HasFlag(RpcPacketFlags.SupportHeaderSign);
        var answer = signsHeaders ? ack with { Flags = ack.Flags | RpcPacketFlags.SupportHeaderSign } : ack;
        var token = begun is null ? Begin(auth) : Finish(auth);
        return token is null ? answer : answer with { Auth = auth with { PadLength = 0, Token = token } };
    }

    /// <summary>The client's last token, to which no answer comes: a refusal shows in the faults of the calls after it.</summary>
    public void Finish(Auth3Pdu last)
    {
        if (last.Auth is { } auth) Finish(auth);
    }

    /// <summary>Lets a whole request pass.</summary>
    /// <exception cref="RpcFaultException">The sign-in was refused, or the verification trailer says that a header was changed.</exception>
    public void Check(RequestPdu request)
    {
        if (isRefused) throw new RpcFaultException(RpcStatus.AccessDenied);
        if (established is not { ProtectsFragments: true } || signsHeaders) return;
        if (RpcVerificationTrailer.Find(request.Stub.Span) is not { } trailer) return;
        var isRight = (trailer.Context is not { } context || (context.Interface == served && context.TransferSyntax == TransferSyntax.Ndr))
            && (trailer.Header is not { } header || (header.CallId == request.CallId && header.Opnum == request.Opnum && header.ContextId == request.ContextId));
        options.OnVerification?.Invoke(trailer);
        if (!isRight) throw new RpcFaultException(RpcStatus.AccessDenied);
    }

    public int FragmentLimit(int maxFragment) => established?.FragmentLimit(maxFragment) ?? maxFragment;

    public RpcPdu Protect(RpcPdu pdu) => pdu is ResponsePdu ? pdu with { Security = established } : pdu;

    public void Dispose() => established?.Dispose();

    private bool IsServed(RpcAuthVerifier auth) =>
        options.RpcProviders.Contains((RpcAuthenticationType)auth.Type) && options.RpcLevels.Contains((RpcAuthenticationLevel)auth.Level);

    private byte[] Begin(RpcAuthVerifier auth)
    {
        asked = auth;
        begun = directory.BeginAtRpcLevel(auth.Type == (byte)RpcAuthenticationType.Negotiate);
        return begun.Challenge(auth.Token);
    }

    private byte[]? Finish(RpcAuthVerifier auth)
    {
        if (begun is null || asked is not { } first) return null;
        try
        {
            var accepted = begun.Accept(auth.Token);
            Account = directory.Find(accepted.Identity);
            established = new RpcSecurity(
                (RpcAuthenticationType)first.Type, (RpcAuthenticationLevel)first.Level, first.ContextId, accepted.Identity.OpenSession());
            return accepted.Token;
        }
        catch (MapiProtocolException e)
        {
            options.OnRefusal?.Invoke(e);
            isRefused = true;
            return null;
        }
    }
}
