using System.Net;
using System.Security.Cryptography;
using Cutover.Lab.Faults;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Lab.Tests.Http;

public sealed class RpcOverHttpTests
{
    [Fact]
    public async Task A_call_goes_out_and_its_answer_comes_back()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync();

        var answer = await client.CallAsync(0, "hello"u8.ToArray(), default);

        Assert.Equal("hello"u8.ToArray(), answer.ToArray());
        Assert.Equal(1, client.Calls);
        Assert.False(client.NearEndOfLife);
    }

    [Fact]
    public async Task An_empty_stub_is_a_call_too()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync();

        Assert.Empty((await client.CallAsync(0, default, default)).ToArray());
    }

    [Fact]
    public async Task The_interface_hears_who_signed_in()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync();

        Assert.Equal("migration", ReadName(await client.CallAsync(1, default, default)));
    }

    [Theory]
    [InlineData(4063)]
    [InlineData(4064)]
    [InlineData(4065)]
    [InlineData(300_000)]
    [InlineData(3_000_000)]
    public async Task Stubs_over_many_fragments_arrive_whole_both_ways(int length)
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync();
        var stub = RandomNumberGenerator.GetBytes(length);

        for (var i = 0; i < 2; i++) Assert.True((await client.CallAsync(0, stub, default)).Span.SequenceEqual(stub));
    }

    [Theory]
    [InlineData(8192u, 8192u)]
    [InlineData(9000u, 12_345u)]
    [InlineData(262_144u, 8192u)]
    public async Task Small_windows_hold_the_sender_back_and_lose_nothing(uint clientWindow, uint serverWindow)
    {
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { ReceiveWindow = serverWindow });
        await using var client = await exchange.ConnectAsync(options => options with { ReceiveWindow = clientWindow });
        var stub = RandomNumberGenerator.GetBytes(500_000);

        Assert.True((await client.CallAsync(0, stub, default)).Span.SequenceEqual(stub));
    }

    [Fact]
    public async Task A_chunked_OUT_channel_is_read_like_any_other()
    {
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { ChunkedOutChannel = true });
        await using var client = await exchange.ConnectAsync();

        Assert.Equal(EchoInterface.Pattern(1_000_000), (await client.CallAsync(2, Number(1_000_000), default)).ToArray());
    }

    [Fact]
    public async Task A_fault_carries_its_status_and_the_connection_goes_on()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync();

        var fault = await Assert.ThrowsAsync<MapiException>(() => client.CallAsync(3, default, default));

        Assert.Equal(RpcStatus.ContextMismatch, fault.ErrorCode);
        Assert.Equal("x"u8.ToArray(), (await client.CallAsync(0, "x"u8.ToArray(), default)).ToArray());
    }

    [Fact]
    public async Task Broken_arguments_become_a_fault()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync();

        var fault = await Assert.ThrowsAsync<MapiException>(() => client.CallAsync(2, new byte[] { 1 }, default));

        Assert.Equal(RpcStatus.BadStubData, fault.ErrorCode);
    }

    [Fact]
    public async Task A_wrong_password_is_told_apart_with_its_account()
    {
        await using var exchange = await ExchangeFixture.StartAsync();

        var refusal = await Assert.ThrowsAsync<RpcHttpException>(() =>
            exchange.ConnectAsync(options => options with { Credential = new NetworkCredential("migration", "pass-word", "CONTOSO") }));

        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
        Assert.Contains(@"CONTOSO\migration", refusal.Message);
        Assert.Contains("it offers NTLM, Basic", refusal.Message);
        Assert.DoesNotContain("pass-word", refusal.ToString());
    }

    [Fact]
    public async Task A_missing_proxy_is_told_apart()
    {
        await using var exchange = await ExchangeFixture.StartAsync();

        var refusal = await Assert.ThrowsAsync<RpcHttpException>(() =>
            exchange.ConnectAsync(options => options with { ProxyUrl = new Uri("https://mail.contoso.com/rpcwithcert/rpcproxy.dll") }));

        Assert.Equal(HttpStatusCode.NotFound, refusal.StatusCode);
        Assert.Contains("Enable-OutlookAnywhere", refusal.NextStep);
    }

    [Fact]
    public async Task A_proxy_echoes_without_a_server_behind_it()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        var options = exchange.RpcOptions with { Server = "EX99.contoso.com" };

        await RpcProxyEcho.AskAsync(options, default);
        var missing = await Assert.ThrowsAsync<RpcHttpException>(() =>
            RpcProxyEcho.AskAsync(options with { ProxyUrl = new Uri("https://mail.contoso.com/owa/") }, default));
        var refused = await Assert.ThrowsAsync<RpcHttpException>(() =>
            RpcProxyEcho.AskAsync(options with { Credential = new NetworkCredential("migration", "pass-word") }, default));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (missing.StatusCode, refused.StatusCode));
    }

    [Theory]
    [InlineData("EX01.contoso.com", 6004)]
    [InlineData("EX99.contoso.com", 6001)]
    public async Task A_server_or_port_that_the_proxy_cannot_reach_is_RPC_error_6ba(string server, int port)
    {
        await using var exchange = await ExchangeFixture.StartAsync();

        var refusal = await Assert.ThrowsAsync<RpcHttpException>(() => exchange.ConnectAsync(options => options with { Server = server, Port = port }));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
        Assert.Equal(RpcStatus.ServerUnavailable, refusal.RpcError);
        Assert.Contains($"{server}:{port}", refusal.Message);
    }

    [Fact]
    public async Task An_untrusted_certificate_is_told_apart()
    {
        await using var exchange = await ExchangeFixture.StartAsync();

        var refusal = await Assert.ThrowsAsync<ConnectException>(() =>
            exchange.ConnectAsync(options => options with { Connector = new Connector { ConnectTo = exchange.Server.ConnectTo } }));

        Assert.Equal(ConnectFailure.UntrustedCertificate, refusal.Failure);
    }

    [Fact]
    public async Task An_interface_that_is_not_served_is_named()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        var unknown = new RpcInterfaceId(Guid.NewGuid(), 7, 3);

        var error = await Assert.ThrowsAsync<MapiProtocolException>(() => RpcHttpClient.ConnectAsync(exchange.RpcOptions, unknown, default));

        Assert.Contains(unknown.Uuid.ToString(), error.Message);
    }

    [Fact]
    public async Task A_cut_in_the_middle_of_an_answer_is_a_clear_error_and_the_next_connection_works()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        exchange.Faults.Add(new FaultRule(FaultKind.DropAfterBytes, "RPC_OUT_DATA", Bytes: 50_000));
        await using var client = await exchange.ConnectAsync();

        var error = await Assert.ThrowsAsync<MapiProtocolException>(() => client.CallAsync(2, Number(200_000), default));
        Assert.Contains("mail.contoso.com", error.Message);
        await Assert.ThrowsAsync<MapiProtocolException>(() => client.CallAsync(0, default, default));

        await using var second = await exchange.ConnectAsync();
        Assert.Equal(200_000, (await second.CallAsync(2, Number(200_000), default)).Length);
    }

    [Fact]
    public async Task A_lost_answer_was_nevertheless_a_call()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        exchange.Faults.Add(new FaultRule(FaultKind.LoseResponse, "RPC 6001/0"));
        await using var client = await exchange.ConnectAsync();

        await Assert.ThrowsAsync<MapiProtocolException>(() => client.CallAsync(0, default, default));

        Assert.Equal(1, exchange.Echo.Calls);
    }

    [Fact]
    public async Task A_switched_off_proxy_says_503_with_its_RPC_error()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        exchange.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "RPC_OUT_DATA"));

        var refusal = await Assert.ThrowsAsync<RpcHttpException>(() => exchange.ConnectAsync());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
        Assert.Equal(0x6BAu, refusal.RpcError);
    }

    [Fact]
    public async Task A_refused_channel_is_a_clear_error()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        exchange.Faults.Add(new FaultRule(FaultKind.Refuse, "RPC_OUT_DATA"));

        var error = await Assert.ThrowsAnyAsync<MapiProtocolException>(() => exchange.ConnectAsync());

        Assert.Contains("mail.contoso.com", error.Message);
    }

    [Fact]
    public async Task A_cancelled_call_ends_the_connection()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync();
        using var cancel = new CancellationTokenSource();

        var call = client.CallAsync(4, default, cancel.Token);
        await exchange.Echo.Waiting;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Assert.ThrowsAsync<MapiProtocolException>(() => client.CallAsync(0, default, default));
    }

    [Fact]
    public async Task Many_connections_do_not_mix()
    {
        await using var exchange = await ExchangeFixture.StartAsync();

        await Task.WhenAll(Enumerable.Range(1, 8).Select(async number =>
        {
            await using var client = await exchange.ConnectAsync();
            var stub = Enumerable.Repeat((byte)number, number * 20_000).ToArray();
            for (var i = 0; i < 5; i++) Assert.Equal(stub, (await client.CallAsync(0, stub, default)).ToArray());
        }));
    }

    [Fact]
    public async Task An_idle_connection_pings()
    {
        var clock = new FakeTimeProvider();
        var pinged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { OnRts = rts => Note(rts) });
        await using var client = await exchange.ConnectAsync(options => options with { TimeProvider = clock });

        clock.Advance(TimeSpan.FromMinutes(1)); // half of the time-out that CONN/C2 announces
        await pinged.Task;

        Assert.Equal("x"u8.ToArray(), (await client.CallAsync(0, "x"u8.ToArray(), default)).ToArray());

        void Note(RtsPdu rts)
        {
            if (rts.IsPing) pinged.TrySetResult();
        }
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_given_up()
    {
        var clock = new FakeTimeProvider();
        await using var exchange = await ExchangeFixture.StartAsync();
        await using var client = await exchange.ConnectAsync(options => options with { TimeProvider = clock });
        var call = client.CallAsync(4, default, default);
        await exchange.Echo.Waiting;

        clock.Advance(TimeSpan.FromMinutes(4));

        Assert.Contains("has sent nothing for 240 s", (await Assert.ThrowsAsync<MapiProtocolException>(() => call)).Message);
    }

    [Fact]
    public async Task A_server_that_works_long_keeps_the_connection_with_pings()
    {
        var clock = new FakeTimeProvider();
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { Clock = clock });
        await using var client = await exchange.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var call = client.CallAsync(4, default, cancel.Token);
        await exchange.Echo.Waiting;

        clock.Advance(TimeSpan.FromHours(1)); // the server's pings cross; the client takes them for nothing else

        Assert.False(call.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static ReadOnlyMemory<byte> Number(int value)
    {
        var writer = new NdrWriter();
        writer.WriteInt32(value);
        return writer.WrittenMemory;
    }

    private static string ReadName(ReadOnlyMemory<byte> stub) => new NdrReader(stub.Span).ReadUnicodeString();
}
