using System.Net;
using CsCheck;
using Cutover.Mapi.Http;
using Cutover.Mapi.Ntlm;

namespace Cutover.Mapi.Tests.Ntlm;

public sealed class NtlmSignInTests
{
    private static readonly ChannelBinding Binding = new(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 });
    private static readonly ChannelBinding Other = new(new byte[] { 9, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 });
    private static readonly NtlmServerOptions Options = new(
        "CONTOSO", "contoso.com", "EX01", (domain, user) => user.Equals("anna", StringComparison.OrdinalIgnoreCase) ? "Secret-1" : null, Binding);

    [Theory]
    [InlineData("CONTOSO", "anna", true)]
    [InlineData("", "Anna", true)]
    [InlineData("CONTOSO", "anna", false)]
    public void Both_ends_share_a_key_after_a_sign_in(string domain, string user, bool tellsTime)
    {
        var (answer, identity) = SignIn(Options with { TellsTime = tellsTime }, new NetworkCredential(user, "Secret-1", domain), Binding);

        Assert.Equal(answer.SessionKey, identity.SessionKey);
        Assert.Equal((domain, user), (identity.Domain, identity.UserName));
        Assert.True(Talk(answer, identity));
    }

    [Fact]
    public void A_server_without_key_exchange_or_strong_keys_is_talked_to_all_the_same()
    {
        foreach (var without in (NtlmFlags[])[NtlmFlags.KeyExchange, NtlmFlags.Key128, NtlmFlags.Key128 | NtlmFlags.Key56])
        {
            var (answer, identity) = SignIn(Options with { Without = without }, new NetworkCredential("anna", "Secret-1", ""), Binding);
            Assert.True(Talk(answer, identity));
        }
    }

    [Fact]
    public void A_server_without_extended_session_security_gets_no_response()
    {
        var server = new NtlmServer(Options with { Without = NtlmFlags.ExtendedSessionSecurity });
        var client = new NtlmClient(new NetworkCredential("anna", "Secret-1"), "HTTP/mail.contoso.com");

        Assert.Contains("too old", Assert.Throws<MapiProtocolException>(() => client.Answer(server.Challenge(client.Begin()))).Message);
    }

    [Theory]
    [InlineData("anna", "Secret-2", "wrong password")]
    [InlineData("bert", "Secret-1", "unknown account")]
    public void Who_is_not_known_is_refused(string user, string password, string reason) =>
        Assert.Contains(reason, Assert.Throws<NtlmRefusedException>(() => SignIn(Options, new NetworkCredential(user, password), Binding)).Message);

    [Fact]
    public void A_sign_in_passed_on_through_another_TLS_channel_is_refused()
    {
        var anna = new NetworkCredential("anna", "Secret-1");

        Assert.Contains("another TLS channel", Assert.Throws<NtlmRefusedException>(() => SignIn(Options, anna, Other)).Message);
        Assert.NotNull(SignIn(Options, anna, null).Identity);
        Assert.Contains("Extended Protection", Assert.Throws<NtlmRefusedException>(() => SignIn(Options with { RequiresBinding = true }, anna, null)).Message);
    }

    [Fact]
    public void A_changed_message_is_noticed()
    {
        var server = new NtlmServer(Options);
        var client = new NtlmClient(new NetworkCredential("anna", "Secret-1"), "HTTP/mail.contoso.com", Binding);
        var negotiate = client.Begin();
        negotiate[12] &= 0xCF; // Sign and Seal taken away on the way
        var challenge = server.Challenge(negotiate);
        negotiate[12] |= 0x30;

        Assert.Contains("MIC", Assert.Throws<NtlmRefusedException>(() => server.Accept(client.Answer(challenge).Token)).Message);
    }

    [Fact]
    public void Every_changed_bit_of_a_sealed_message_is_noticed() =>
        Gen.Select(Gen.Byte.Array[1, 200], Gen.Int[0, 10_000]).Sample((text, place) =>
        {
            var key = new byte[16];
            using var client = NtlmSession.ForClient(key, NtlmClient.Wanted);
            using var server = NtlmSession.ForServer(key, NtlmClient.Wanted);
            var message = (byte[])[.. text];
            var signature = new byte[NtlmSession.SignatureSize];
            client.Protect(message, .., signature);
            var bit = place % (8 * (message.Length + signature.Length));
            var target = bit / 8 < message.Length ? message : signature;
            target[bit / 8 < message.Length ? bit / 8 : bit / 8 - message.Length] ^= (byte)(1 << bit % 8);
            return !server.Unprotect(message, .., signature);
        });

    [Fact]
    public void A_repeated_message_is_noticed()
    {
        var key = new byte[16];
        using var client = NtlmSession.ForClient(key, NtlmClient.Wanted);
        using var server = NtlmSession.ForServer(key, NtlmClient.Wanted);
        var (message, signature) = ("once"u8.ToArray(), new byte[NtlmSession.SignatureSize]);
        client.Protect(message, default, signature);

        Assert.True(server.Unprotect(message, default, signature));
        Assert.False(server.Unprotect(message, default, signature));
    }

    [Fact]
    public void NTLM_inside_SPNEGO_signs_in_as_well()
    {
        var server = new SpnegoServer(new NtlmServer(Options));
        var client = new SpnegoClient(new NtlmClient(new NetworkCredential("anna", "Secret-1"), "HTTP/mail.contoso.com", Binding));
        var answer = client.Answer(server.Challenge(client.Begin()));
        var accepted = server.Accept(answer.Token);

        Assert.Equal(answer.SessionKey, accepted.Identity.SessionKey);
        Assert.Equal(new SpnegoToken.Response(SpnegoState.AcceptCompleted, null, null), SpnegoToken.Read(accepted.Token));
    }

    [Fact]
    public void A_server_that_asks_for_a_MIC_of_the_mechanisms_gets_it()
    {
        var server = new SpnegoServer(new NtlmServer(Options));
        var client = new SpnegoClient(new NtlmClient(new NetworkCredential("anna", "Secret-1"), "HTTP/mail.contoso.com", Binding));
        var challenge = (SpnegoToken.Response)SpnegoToken.Read(server.Challenge(client.Begin()));
        var answer = client.Answer((challenge with { State = SpnegoState.RequestMic }).ToArray());

        Assert.Equal(16, ((SpnegoToken.Response)SpnegoToken.Read(answer.Token)).Mic!.Value.Length);
        Assert.NotNull(((SpnegoToken.Response)SpnegoToken.Read(server.Accept(answer.Token).Token)).Mic);
    }

    [Fact]
    public void Bytes_that_are_no_token_are_a_protocol_error()
    {
        var valid = new SpnegoToken.Init([SpnegoToken.NtlmMechanism], "token"u8.ToArray()).ToArray();
        for (var length = 0; length < valid.Length; length++)
            Assert.ThrowsAny<MapiProtocolException>(() => SpnegoToken.Read(valid.AsMemory(0, length)));
        Assert.Throws<MapiProtocolException>(() => NtlmChallengeMessage.Read("NTLMSSP\0\x03\0\0\0"u8.ToArray()));
    }

    private static (SecurityClientAnswer Answer, NtlmIdentity Identity) SignIn(NtlmServerOptions options, NetworkCredential credential, ChannelBinding? binding)
    {
        var server = new NtlmServer(options);
        var client = new NtlmClient(credential, "HTTP/mail.contoso.com", binding);
        var answer = client.Answer(server.Challenge(client.Begin()));
        return (answer, server.Accept(answer.Token).Identity);
    }

    private static bool Talk(SecurityClientAnswer answer, NtlmIdentity identity)
    {
        using var client = answer.OpenSession();
        using var server = identity.OpenSession();
        return Says(client, server) && Says(server, client) && Says(client, server);
    }

    private static bool Says(NtlmSession from, NtlmSession to)
    {
        var (message, signature) = ("HEADhello"u8.ToArray(), new byte[NtlmSession.SignatureSize]);
        from.Protect(message, 4.., signature);
        return !message.AsSpan().SequenceEqual("HEADhello"u8) && to.Unprotect(message, 4.., signature) && message.AsSpan().SequenceEqual("HEADhello"u8);
    }
}
