using System.Net;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Tests.Http;

/// <summary>Signing and sealing at the RPC level, between our client and the lab's server.</summary>
public sealed class RpcSecurityTests
{
    [Theory]
    [InlineData(RpcAuthenticationLevel.None, RpcAuthenticationType.Ntlm)]
    [InlineData(RpcAuthenticationLevel.Connect, RpcAuthenticationType.Ntlm)]
    [InlineData(RpcAuthenticationLevel.Connect, RpcAuthenticationType.Negotiate)]
    [InlineData(RpcAuthenticationLevel.Integrity, RpcAuthenticationType.Ntlm)]
    [InlineData(RpcAuthenticationLevel.Integrity, RpcAuthenticationType.Negotiate)]
    [InlineData(RpcAuthenticationLevel.Privacy, RpcAuthenticationType.Ntlm)]
    [InlineData(RpcAuthenticationLevel.Privacy, RpcAuthenticationType.Negotiate)]
    public async Task Calls_of_any_size_go_through_at_every_level(RpcAuthenticationLevel level, RpcAuthenticationType provider)
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync(options => options with { Protection = level, SecurityProvider = provider });

        foreach (var size in (int[])[0, 1, 15, 16, 17, 4000, 4040, 4041, 100_000])
            Assert.Equal(EchoInterface.Pattern(size), (await client.CallAsync(0, EchoInterface.Pattern(size), default)).ToArray());
        Assert.Equal("migration", new NdrReader((await client.CallAsync(1, default, default)).Span).ReadUnicodeString());
    }

    [Fact]
    public async Task A_fault_leaves_the_sequence_of_signatures_in_step()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync(options => options with { Protection = RpcAuthenticationLevel.Privacy });

        Assert.Equal(RpcStatus.ContextMismatch, (await Assert.ThrowsAsync<MapiException>(() => client.CallAsync(3, default, default))).ErrorCode);
        Assert.Equal("x"u8.ToArray(), (await client.CallAsync(0, "x"u8.ToArray(), default)).ToArray());
    }

    [Theory]
    [InlineData(RpcAuthenticationLevel.Integrity, 12)] // the call id, in the header
    [InlineData(RpcAuthenticationLevel.Integrity, 24)] // the stub
    [InlineData(RpcAuthenticationLevel.Privacy, 24)]
    [InlineData(RpcAuthenticationLevel.Privacy, 100)]
    public async Task An_answer_that_was_changed_on_its_way_breaks_the_connection(RpcAuthenticationLevel level, int position)
    {
        var isOn = false;
        void FlipABit(byte[] pdu)
        {
            if (isOn && RpcPduHeader.Read(pdu).Type == RpcPacketType.Response) pdu[position] ^= 0x10;
        }

        await using var exchange = await ExchangeFixture.StartAsync(options => options with { Tamper = FlipABit });
        await using var client = await exchange.ConnectAsync(options => options with { Protection = level });
        Assert.Equal(EchoInterface.Pattern(1000), (await client.CallAsync(0, EchoInterface.Pattern(1000), default)).ToArray());
        isOn = true;

        var broken = await Assert.ThrowsAsync<MapiProtocolException>(() => client.CallAsync(0, EchoInterface.Pattern(1000), default));
        isOn = false;
        var after = await Assert.ThrowsAsync<MapiProtocolException>(() => client.CallAsync(0, EchoInterface.Pattern(1000), default));

        Assert.StartsWith("The signature of an RPC fragment is wrong", broken.Message, StringComparison.Ordinal);
        Assert.Equal(broken.Message, after.Message);
    }

    [Fact]
    public async Task An_answer_without_the_signature_that_was_agreed_on_breaks_the_connection()
    {
        void StripSignature(byte[] pdu)
        {
            if (RpcPduHeader.Read(pdu).Type == RpcPacketType.Response) pdu[10] = pdu[11] = 0; // AuthLength
        }

        await using var exchange = await ExchangeFixture.StartAsync(options => options with { Tamper = StripSignature });
        await using var client = await exchange.ConnectAsync(options => options with { Protection = RpcAuthenticationLevel.Integrity });

        var broken = await Assert.ThrowsAsync<MapiProtocolException>(() => client.CallAsync(0, EchoInterface.Pattern(1000), default));

        Assert.Contains("without the signature that was agreed on", broken.Message);
    }

    [Fact]
    public async Task Without_header_signing_a_request_repeats_its_header_in_a_verification_trailer()
    {
        var trailers = new List<RpcVerificationTrailer>();
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { SignsHeaders = false, OnVerification = trailers.Add });
        await using var client = await exchange.ConnectAsync(options => options with { Protection = RpcAuthenticationLevel.Integrity });

        Assert.True((await client.CallAsync(0, "hello"u8.ToArray(), default)).Span.StartsWith("hello"u8));

        var trailer = Assert.Single(trailers);
        Assert.True(trailer.SupportsHeaderSigning);
        Assert.Equal(new RpcVerifiedContext(EchoInterface.EchoId, TransferSyntax.Ndr), trailer.Context);
        Assert.Equal((RpcPacketType.Request, (ushort)0), (trailer.Header?.Type, trailer.Header?.Opnum));
    }

    [Fact]
    public async Task A_server_that_takes_no_sign_in_at_the_RPC_level_is_called_without()
    {
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { RpcLevels = [RpcAuthenticationLevel.None] });

        await using var client = await exchange.ConnectAsync();
        Assert.Equal("x"u8.ToArray(), (await client.CallAsync(0, "x"u8.ToArray(), default)).ToArray());

        var refusal = await Assert.ThrowsAsync<RpcBindRefusedException>(() =>
            exchange.ConnectAsync(options => options with { Protection = RpcAuthenticationLevel.Privacy }));
        Assert.Contains("(Privacy) with reason 8", refusal.Message);
    }

    [Fact]
    public async Task A_sign_in_that_only_the_HTTP_leg_takes_falls_back_at_the_first_call()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        RpcHttpOptions OnlyHttp(RpcHttpOptions options) => options with
        {
            Authentication = new HttpAuthentication(options.Credential),
            Credential = new NetworkCredential("migration", "pass-word", "CONTOSO"),
        };

        await using var client = await exchange.ConnectAsync(OnlyHttp);
        Assert.Equal("x"u8.ToArray(), (await client.CallAsync(0, "x"u8.ToArray(), default)).ToArray());
        await using var forced = await exchange.ConnectAsync(options => OnlyHttp(options) with { Protection = RpcAuthenticationLevel.Integrity });
        Assert.Equal(RpcStatus.AccessDenied, (await Assert.ThrowsAsync<MapiException>(() => forced.CallAsync(0, default, default))).ErrorCode);
    }
}
