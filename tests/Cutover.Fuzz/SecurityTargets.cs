using System.Net;
using Cutover.Mapi.Http;
using Cutover.Mapi.Ntlm;
using Cutover.Mapi.Rpc;

namespace Cutover.Fuzz;

/// <summary>Tokens of sign-ins and what sessions sign, made by our own encoders.</summary>
internal static class SecuritySeeds
{
    private static readonly RpcInterfaceId Interface = new(new Guid("A4F1DB00-CA47-1067-B31F-00DD010662DA"), 0, 81);

    public static IReadOnlyList<byte[]> NtlmMessages { get; } = Ntlm();

    public static IReadOnlyList<byte[]> SpnegoTokens { get; } = Spnego();

    public static IReadOnlyList<byte[]> VerificationTrailers { get; } =
    [
        new RpcVerificationTrailer(
            true, new RpcVerifiedContext(Interface, TransferSyntax.Ndr), new RpcVerifiedHeader(RpcPacketType.Request, 1, 0, 11)).AppendTo(new byte[20]),
        new RpcVerificationTrailer(false, null, null).AppendTo(default),
    ];

    public static IReadOnlyList<byte[]> SealedPdus { get; } =
    [
        new RequestPdu(1, 5, 0, 11, new byte[5]) { Security = OpenSecurity() }.ToArray(),
        new ResponsePdu(1, 64, 0, new byte[64]) { Security = OpenSecurity() }.ToArray(),
    ];

    public static NtlmClient Client() => new(new NetworkCredential("anna", "Secret-1"), "HTTP/mail.contoso.com", new ChannelBinding(new byte[16]));

    public static NtlmServer ChallengingServer()
    {
        var server = new NtlmServer(new NtlmServerOptions("CONTOSO", "contoso.com", "EX01", (_, _) => "Secret-1"));
        server.Challenge(Client().Begin());
        return server;
    }

    public static RpcSecurity OpenSecurity() => new(
        RpcAuthenticationType.Ntlm, RpcAuthenticationLevel.Privacy, 0, NtlmSession.ForServer(new byte[16], NtlmFlags.Key128 | NtlmFlags.KeyExchange));

    private static IReadOnlyList<byte[]> Ntlm()
    {
        var (client, server) = (Client(), new NtlmServer(new NtlmServerOptions("CONTOSO", "contoso.com", "EX01", (_, _) => "Secret-1")));
        var challenge = server.Challenge(client.Begin());
        return [client.Begin(), challenge, client.Answer(challenge).Token];
    }

    private static IReadOnlyList<byte[]> Spnego() =>
    [
        new SpnegoClient(Client()).Begin(),
        new SpnegoToken.Response(SpnegoState.AcceptIncomplete, SpnegoToken.NtlmMechanism, NtlmMessages[1]).ToArray(),
        new SpnegoToken.Response(SpnegoState.AcceptCompleted, null, null, new byte[16]).ToArray(),
    ];
}

/// <summary>What comes before anybody has signed in, and what a session has to verify.</summary>
internal static class SecurityTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("ntlm-negotiate", SecuritySeeds.NtlmMessages, bytes => NtlmNegotiateMessage.Read(bytes)),
        new("ntlm-challenge", SecuritySeeds.NtlmMessages, bytes => SecuritySeeds.Client().Answer(bytes)),
        new("ntlm-authenticate", SecuritySeeds.NtlmMessages, bytes => SecuritySeeds.ChallengingServer().Accept(bytes)),
        new("spnego", SecuritySeeds.SpnegoTokens, bytes => SpnegoToken.Read(bytes)),
        new("rpc-verification-trailer", SecuritySeeds.VerificationTrailers, bytes => RpcVerificationTrailer.Find(bytes)),
        new("rpc-sealed-pdu", SecuritySeeds.SealedPdus, bytes => SecuritySeeds.OpenSecurity().Read(bytes)),
    ];
}
