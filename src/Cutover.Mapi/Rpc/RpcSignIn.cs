using Cutover.Mapi.Ntlm;

namespace Cutover.Mapi.Rpc;

/// <summary>The client's sign-in at the RPC level: bind, bind_ack, then AUTH3 or alter_context. Source: [MS-RPCE] 3.3.1.5.2.</summary>
internal sealed class RpcSignIn(RpcAuthenticationType type, RpcAuthenticationLevel level, ISecurityClient client)
{
    private const uint ContextId = 0;

    /// <summary>The binding with the first token, and the offer of header signing.</summary>
    public BindPdu Begin(BindPdu bind) => WithToken(bind with { Flags = bind.Flags | RpcPacketFlags.SupportHeaderSign }, client.Begin());

    /// <exception cref="MapiProtocolException">The server sent no challenge, or one that can't be answered.</exception>
    public SecurityClientAnswer Answer(BindAckPdu ack) => ack.Auth is { Token.Length: > 0 } auth
        ? client.Answer(auth.Token)
        : throw new RpcBindRefusedException("The server bound the interface and left the RPC level's sign-in unanswered");

    public TPdu WithToken<TPdu>(TPdu pdu, byte[] token)
        where TPdu : RpcPdu => pdu with { Auth = new RpcAuthVerifier((byte)type, (byte)level, 0, ContextId, token) };

    public RpcSecurity Open(SecurityClientAnswer answer) => new(type, level, ContextId, answer.OpenSession());
}

/// <summary>The server does not take the binding, or not with this protection.</summary>
public sealed class RpcBindRefusedException(string message) : MapiProtocolException(message);
