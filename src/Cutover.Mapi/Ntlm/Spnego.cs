namespace Cutover.Mapi.Ntlm;

/// <summary>
/// NTLM inside SPNEGO, the client's side. Kerberos is a scheme of its own (<see cref="Http.HttpAuthenticationScheme.Kerberos"/>), which the
/// administrator asks for. Source: RFC 4178, [MS-SPNG] 3.1.5.
/// </summary>
public sealed class SpnegoClient(ISecurityClient ntlm) : ISecurityClient
{
    private static readonly string[] Mechanisms = [SpnegoToken.NtlmMechanism];

    public byte[] Begin() => new SpnegoToken.Init(Mechanisms, ntlm.Begin()).ToArray();

    public SecurityClientAnswer Answer(ReadOnlyMemory<byte> challenge)
    {
        if (SpnegoToken.Read(challenge) is not SpnegoToken.Response { State: not SpnegoState.Reject, Token: { } token } response)
            throw new MapiProtocolException("The server's Negotiate does not take NTLM: it may want Kerberos only (authentication Kerberos)");
        var answer = ntlm.Answer(token);
        var last = new SpnegoToken.Response(null, null, answer.Token);
        if (response.State == SpnegoState.RequestMic)
        {
            using var session = answer.OpenSession();
            last = last with { Mic = SpnegoMic.Sign(session, Mechanisms) };
        }
        return answer with { Token = last.ToArray(), IsLast = false };
    }
}

/// <summary>NTLM inside SPNEGO, the server's side; bare NTLM is taken too, as IIS does. Source: RFC 4178, [MS-SPNG] 3.2.5.</summary>
public sealed class SpnegoServer(ISecurityServer ntlm) : ISecurityServer
{
    private IReadOnlyList<string>? mechanisms;

    public byte[] Challenge(ReadOnlyMemory<byte> negotiate)
    {
        if (negotiate.Span.StartsWith(NtlmWire.Signature)) return ntlm.Challenge(negotiate);
        if (SpnegoToken.Read(negotiate) is not SpnegoToken.Init init || init.Mechanisms is not [SpnegoToken.NtlmMechanism, ..] || init.MechanismToken is not { } token)
            throw new NtlmRefusedException("the client's Negotiate does not begin with NTLM");
        mechanisms = init.Mechanisms;
        return new SpnegoToken.Response(SpnegoState.AcceptIncomplete, SpnegoToken.NtlmMechanism, ntlm.Challenge(token)).ToArray();
    }

    public SecurityServerAnswer Accept(ReadOnlyMemory<byte> authenticate)
    {
        if (mechanisms is null) return ntlm.Accept(authenticate);
        if (SpnegoToken.Read(authenticate) is not SpnegoToken.Response { Token: { } token } response)
            throw new NtlmRefusedException("the client's Negotiate ended early");
        var identity = ntlm.Accept(token).Identity;
        var last = new SpnegoToken.Response(SpnegoState.AcceptCompleted, null, null);
        if (response.Mic is { } sent)
        {
            using var session = identity.OpenSession();
            if (!session.Unprotect(SpnegoToken.Init.Encode(mechanisms), default, sent.Span))
                throw new NtlmRefusedException("the list of mechanisms was changed on its way");
            last = last with { Mic = SpnegoMic.Sign(session, mechanisms) };
        }
        return new SecurityServerAnswer(identity, last.ToArray());
    }
}

/// <summary>
/// mechListMIC. A session of its own makes it: NTLM begins its keys and numbers anew after it. Source: [MS-SPNG] 3.3.5.1.
/// </summary>
internal static class SpnegoMic
{
    public static byte[] Sign(NtlmSession session, IEnumerable<string> mechanisms)
    {
        var signature = new byte[NtlmSession.SignatureSize];
        session.Protect(SpnegoToken.Init.Encode(mechanisms), default, signature);
        return signature;
    }
}
