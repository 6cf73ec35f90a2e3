using System.Net;
using System.Text;
using Cutover.Lab.Certificates;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Lab.Tests.Http;

/// <summary>What proxies between us and Exchange do to the OUT channel, and what broken ones might.</summary>
public sealed class OddProxyTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly LabCertificateAuthority authority;

    public OddProxyTests() => authority = LabCertificateAuthority.Open(directory.Path);

    [Fact]
    public async Task An_answer_that_comes_byte_by_byte_is_put_together()
    {
        await using var proxy = Start(async (proxy, stream) =>
        {
            await DripAsync(stream, Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\nVia: 1.1 FIREWALL1\r\n\r\n" + ScriptedProxy.Ok), 1);
            await DripAsync(stream, ScriptedProxy.Opened, 1);
            await DripAsync(stream, ScriptedProxy.BindAck((await proxy.NextAsync()).CallId), 1);
            await DripAsync(stream, Response(await proxy.NextAsync(), "hello"), 3);
        });
        await using var client = await ConnectAsync(proxy);

        Assert.Equal("hello"u8.ToArray(), (await client.CallAsync(0, default, default)).ToArray());
    }

    [Fact]
    public async Task Chunks_are_cut_where_they_like()
    {
        await using var proxy = Start(async (proxy, stream) =>
        {
            await WriteAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            await stream.WriteAsync(Chunks(ScriptedProxy.Opened, 7));
            await stream.WriteAsync(Chunks(ScriptedProxy.BindAck((await proxy.NextAsync()).CallId), 11));
            await DripAsync(stream, Chunks(Response(await proxy.NextAsync(), "hello"), 5), 2);
        });
        await using var client = await ConnectAsync(proxy);

        Assert.Equal("hello"u8.ToArray(), (await client.CallAsync(0, default, default)).ToArray());
    }

    [Fact]
    public async Task A_503_in_the_middle_of_the_stream_is_a_lost_server()
    {
        await using var proxy = Start(async (proxy, stream) =>
        {
            await proxy.AcceptBindAsync(stream);
            await proxy.NextAsync();
            await WriteAsync(stream, "HTTP/1.0 503 RPC Error: 6ba\r\n\r\n");
        });
        await using var client = await ConnectAsync(proxy);

        var lost = await Assert.ThrowsAsync<RpcHttpException>(() => client.CallAsync(0, default, default));

        Assert.Equal(RpcStatus.ServerUnavailable, lost.RpcError);
        Assert.Contains("EX01.contoso.com:6001", lost.Message);
    }

    [Fact]
    public async Task Unknown_traffic_between_answers_is_passed_over()
    {
        await using var proxy = Start(async (proxy, stream) =>
        {
            await proxy.AcceptBindAsync(stream);
            var call = await proxy.NextAsync();
            await stream.WriteAsync(RtsPdu.Ping().ToArray());
            await stream.WriteAsync(new RtsPdu(RtsFlags.OtherCommand, new RtsCommand.PingTrafficSentNotify(20)).ToArray());
            await stream.WriteAsync(new RtsPdu(RtsFlags.OtherCommand, new RtsCommand.ClientKeepalive(60_000)).ToArray());
            await stream.WriteAsync(Response(call, "hello"));
        });
        await using var client = await ConnectAsync(proxy);

        Assert.Equal("hello"u8.ToArray(), (await client.CallAsync(0, default, default)).ToArray());
    }

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n", 401, "it offers Negotiate, NTLM")]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", 403, "forbids")]
    [InlineData("HTTP/1.1 404 Nicht gefunden\r\n\r\n", 404, "no RPC proxy")]
    [InlineData("HTTP/1.1 503 RPC Error: 6c0\r\n\r\n", 503, "0x6c0")]
    [InlineData("HTTP/1.1 500\r\n\r\n", 500, "answered 500")]
    public async Task Refusals_keep_their_status(string answer, int status, string message)
    {
        await using var proxy = Start((_, stream) => WriteAsync(stream, answer));

        var refusal = await Assert.ThrowsAsync<RpcHttpException>(() => ConnectAsync(proxy));

        Assert.Equal((HttpStatusCode)status, refusal.StatusCode);
        Assert.Contains(message, refusal.Message);
    }

    [Fact]
    public async Task A_refusal_on_the_IN_channel_counts_although_OUT_waits()
    {
        await using var proxy = ScriptedProxy.Start(
            authority.Issue("web", "mail.contoso.com"),
            (_, stream) => WriteAsync(stream, ScriptedProxy.Ok),
            stream => WriteAsync(stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));

        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<RpcHttpException>(() => ConnectAsync(proxy))).StatusCode);
    }

    [Fact]
    public async Task A_proxy_that_answers_OUT_only_when_IN_is_there_costs_a_wait_once()
    {
        var clock = new WaitingClock();
        var inIsThere = new SemaphoreSlim(0);
        await using var proxy = ScriptedProxy.Start(
            authority.Issue("web", "mail.contoso.com"),
            async (proxy, stream) =>
            {
                await inIsThere.WaitAsync();
                await proxy.AcceptBindAsync(stream);
            },
            _ =>
            {
                inIsThere.Release();
                return Task.CompletedTask;
            });
        var options = OptionsFor(proxy) with { TimeProvider = clock };

        var first = RpcHttpClient.ConnectAsync(options, EchoInterface.EchoId, default);
        await clock.SomebodyWaitsAsync(TimeSpan.FromSeconds(5));
        Assert.False(first.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(5));
        await (await first).DisposeAsync();
        await (await RpcHttpClient.ConnectAsync(options, EchoInterface.EchoId, default)).DisposeAsync();
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 Success\r\n\r\nnothing like a PDU")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n")]
    public async Task Nonsense_is_a_protocol_error(string answer)
    {
        await using var proxy = Start((_, stream) => WriteAsync(stream, answer));

        await Assert.ThrowsAsync<MapiProtocolException>(() => ConnectAsync(proxy));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>hi</html>")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n\u0005\0\u0014\u0003\u0010\0\0\0\u0014\0\0\0\0\0\0\0\u0001\0\0\0")]
    public async Task What_answers_without_an_echo_is_no_RPC_proxy(string answer)
    {
        await using var proxy = Start(async (_, stream) =>
        {
            await WriteAsync(stream, answer);
            stream.Close();
        });

        await Assert.ThrowsAsync<MapiProtocolException>(() => RpcProxyEcho.AskAsync(OptionsFor(proxy), default));
    }

    [Fact]
    public async Task An_answer_to_another_call_breaks_the_connection()
    {
        await using var proxy = Start(async (proxy, stream) =>
        {
            await proxy.AcceptBindAsync(stream);
            var call = await proxy.NextAsync();
            await stream.WriteAsync(new ResponsePdu(call.CallId + 1, 0, 0, default).ToArray());
        });
        await using var client = await ConnectAsync(proxy);

        Assert.Contains("Answer to call 3", (await Assert.ThrowsAsync<MapiProtocolException>(() => client.CallAsync(0, default, default))).Message);
    }

    [Fact]
    public async Task A_recycling_that_nobody_asked_for_breaks_the_connection()
    {
        await using var proxy = Start(async (proxy, stream) =>
        {
            await proxy.AcceptBindAsync(stream);
            await proxy.NextAsync();
            await stream.WriteAsync(RtsPdu.OutR2B3().ToArray());
        });
        await using var client = await ConnectAsync(proxy);

        var error = await Assert.ThrowsAsync<MapiProtocolException>(() => client.CallAsync(0, default, default));

        Assert.Contains("nobody asked for", error.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_successor_that_never_comes_makes_the_caller_rotate_in_time()
    {
        var clock = new FakeTimeProvider();
        var channels = 0;
        await using var proxy = Start(async (proxy, stream) =>
        {
            if (++channels > 1) return;
            await proxy.AcceptBindAsync(stream);
            var call = await proxy.NextAsync();
            await stream.WriteAsync(RtsPdu.OutA2().ToArray());
            await stream.WriteAsync(Response(call, "hello"));
            await stream.WriteAsync(Response(await proxy.NextAsync(), "and goodbye"));
        });
        await using var client = await RpcHttpClient.ConnectAsync(OptionsFor(proxy) with { TimeProvider = clock }, EchoInterface.EchoId, TestContext.Current.CancellationToken);
        await client.CallAsync(0, default, TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.False(client.NearEndOfLife);
        clock.Advance(TimeSpan.FromSeconds(1));

        await UntilAsync(() => client.NearEndOfLife);
        Assert.Equal("and goodbye"u8.ToArray(), (await client.CallAsync(0, default, default)).ToArray());
    }

    [Fact]
    public async Task A_rejected_binding_says_why()
    {
        await using var proxy = Start(async (proxy, stream) =>
        {
            await WriteAsync(stream, ScriptedProxy.Ok);
            await stream.WriteAsync(ScriptedProxy.Opened);
            await stream.WriteAsync(new BindNakPdu((await proxy.NextAsync()).CallId, 8).ToArray());
        });

        Assert.Contains("reason 8", (await Assert.ThrowsAsync<RpcBindRefusedException>(() => ConnectAsync(proxy))).Message);
    }

    public void Dispose() => directory.Dispose();

    private ScriptedProxy Start(Func<ScriptedProxy, Stream, Task> onOut) => ScriptedProxy.Start(authority.Issue("web", "mail.contoso.com"), onOut);

    private Task<IRpcClient> ConnectAsync(ScriptedProxy proxy) => RpcHttpClient.ConnectAsync(OptionsFor(proxy), EchoInterface.EchoId, default);

    private RpcHttpOptions OptionsFor(ScriptedProxy proxy) => new()
    {
        ProxyUrl = new Uri("https://mail.contoso.com/rpc/rpcproxy.dll"),
        Server = "EX01.contoso.com",
        Port = 6001,
        Credential = new NetworkCredential("anna", "Secret-1"),
        Connector = new Connector { TrustedRoots = [authority.Root], ConnectTo = [proxy.ConnectTo] },
        Protection = RpcAuthenticationLevel.None,
    };

    private static byte[] Response(RpcPdu call, string text) => new ResponsePdu(call.CallId, 0, 0, Encoding.ASCII.GetBytes(text)).ToArray();

    private static byte[] Chunks(byte[] bytes, int size) =>
        [.. bytes.Chunk(size).SelectMany(chunk => (byte[])[.. Encoding.ASCII.GetBytes($"{chunk.Length:x};ext=1\r\n"), .. chunk, .. "\r\n"u8])];

    private static Task WriteAsync(Stream stream, string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo()) await Task.Yield();
    }

    private static async Task DripAsync(Stream stream, byte[] bytes, int size)
    {
        foreach (var drop in bytes.Chunk(size)) await stream.WriteAsync(drop);
    }
}
