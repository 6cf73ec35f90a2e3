using System.Net;
using System.Net.Http.Headers;
using Cutover.Lab.Faults;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Rops;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Lab.Tests.MapiHttp;

/// <summary>The lab's mailbox server endpoint against the requirements of [MS-OXCMAPIHTTP].</summary>
public sealed class MailStoreEndpointTests
{
    private static readonly MapiVersion Outlook = new(15, 0, 4551, 1000);

    [Fact]
    public async Task Connect_execute_and_disconnect_make_a_session()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller();
        var connected = await ConnectAsync(caller);
        Assert.Equal("Anna de Vries", ConnectResponseBody.Read(connected.Body, default).DisplayName);
        Assert.Equal(1, lab.Emsmdb.Sessions);

        Assert.IsType<LogonResponse>(await LogOnAsync(caller));

        var disconnected = await caller.SendAsync("Disconnect", DisconnectRequestBody.Write());
        Assert.Equal((0, MapiErrorCode.Success), (disconnected.Code, DisconnectResponseBody.Read(disconnected.Body)));
        Assert.Equal(0, lab.Emsmdb.Sessions);
        Assert.Equal(10, (await ExecuteAsync(caller)).Code);
    }

    [Fact]
    public async Task An_answer_has_the_headers_of_Exchange_2016()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller();
        var reply = await ConnectAsync(caller);
        Assert.Equal((HttpStatusCode.OK, "application/mapi-http", true), (reply.Status, reply.ContentType, reply.IsChunked));
        Assert.Equal(["PROCESSING", "DONE"], reply.MetaTags);
        Assert.Equal("0", reply.Headers["X-ResponseCode"]);
        Assert.Equal("Connect", reply.Headers["X-RequestType"]);
        Assert.Matches(@"^\{[0-9a-f-]{36}\}:1$", reply.Headers["X-RequestId"]);
        Assert.Equal("{2EF33C39-49C8-421C-B876-CDF7F2AC3AA0}:123", reply.Headers["X-ClientInfo"]);
        Assert.Equal("Exchange/15.01.2507.006", reply.Headers["X-ServerApplication"]);
        Assert.Equal("30000", reply.Headers["X-PendingPeriod"]);
        Assert.Equal("900000", reply.Headers["X-ExpirationInfo"]);
        Assert.Matches("^[0-9]+$", reply.AdditionalHeaders["X-ElapsedTime"]);
        Assert.True(DateTimeOffset.TryParseExact(reply.AdditionalHeaders["X-StartTime"], "R", null, default, out _));
        Assert.StartsWith("MapiContext=", reply.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no request type", 7)]
    [InlineData("no request id", 7)]
    [InlineData("a request id without a number", 4)]
    [InlineData("another content type", 4)]
    [InlineData("an unknown request type", 5)]
    [InlineData("GET", 2)]
    public async Task A_wrong_head_is_told_by_its_response_code(string what, int code)
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller();
        var reply = await caller.SendAsync("Connect", change: message =>
        {
            if (what == "GET") message.Method = HttpMethod.Get;
            if (what == "another content type") message.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/xml");
            if (what == "no request id") message.Headers.Remove("X-RequestId");
            if (what == "no request type") message.Headers.Remove("X-RequestType");
            if (what == "an unknown request type") Set(message, "X-RequestType", "Bind");
            if (what == "a request id without a number") Set(message, "X-RequestId", Guid.NewGuid().ToString());
        });
        Assert.Equal((HttpStatusCode.OK, code, "text/html", false), (reply.Status, reply.Code, reply.ContentType, reply.IsChunked));
    }

    [Fact]
    public async Task A_path_without_an_endpoint_is_invalid()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller(url: "https://mail.contoso.com/mapi/nothing/");
        Assert.Equal(3, (await caller.SendAsync("Connect")).Code);
    }

    [Fact]
    public async Task A_body_that_ends_too_early_is_invalid_and_the_session_goes_on()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller();
        await ConnectAsync(caller);
        var whole = ExecuteRequestBody.Write(Logon());
        Assert.Equal(12, (await caller.SendAsync("Execute", whole[..^9])).Code);
    }

    [Fact]
    public async Task Nobody_may_stay_anonymous()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller(MapiHttpFixture.Anna with { Password = "wrong" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.SendAsync("PING")).Status);
    }

    [Fact]
    public async Task A_request_without_its_cookies_or_with_strange_ones_is_refused()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller();
        await ConnectAsync(caller);
        var (context, sequence) = (caller.Cookies["MapiContext"], caller.Cookies["MapiSequence"]);

        caller.Cookies.Clear();
        Assert.Equal(13, (await ExecuteAsync(caller)).Code);
        caller.Cookies["MapiContext"] = context;
        Assert.Equal(13, (await ExecuteAsync(caller)).Code);
        (caller.Cookies["MapiContext"], caller.Cookies["MapiSequence"]) = ("Invalid cookie", sequence);
        Assert.Equal(6, (await ExecuteAsync(caller)).Code);
        caller.Cookies["MapiContext"] = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        Assert.Equal(10, (await ExecuteAsync(caller)).Code);
        (caller.Cookies["MapiContext"], caller.Cookies["MapiSequence"]) = (context, sequence);
        Assert.Equal(0, (await ExecuteAsync(caller)).Code);
    }

    [Fact]
    public async Task A_request_out_of_turn_is_refused()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller();
        await ConnectAsync(caller);
        var first = caller.Cookies["MapiSequence"];
        Assert.Equal(0, (await ExecuteAsync(caller)).Code);
        Assert.NotEqual(first, caller.Cookies["MapiSequence"]);
        caller.Cookies["MapiSequence"] = first;
        Assert.Equal(15, (await ExecuteAsync(caller)).Code);
    }

    [Fact]
    public async Task Of_two_requests_at_once_the_second_is_refused()
    {
        var (clock, minute) = (new WaitingClock(), TimeSpan.FromMinutes(1));
        await using var lab = await MapiHttpFixture.StartAsync(options => options with { MapiHttp = options.MapiHttp with { Clock = clock } });
        using var caller = lab.Caller();
        await ConnectAsync(caller);
        lab.Faults.Add(new FaultRule(FaultKind.Slow, "MAPI Execute", Delay: minute));
        var held = ExecuteAsync(caller);
        await clock.SomebodyWaitsAsync(minute);
        Assert.Equal(15, (await ExecuteAsync(caller)).Code);
        clock.Advance(minute);
        Assert.Equal(0, (await held).Code);
    }

    [Fact]
    public async Task A_session_belongs_to_the_account_that_opened_it()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var anna = lab.Caller();
        await ConnectAsync(anna);
        using var boris = lab.Caller(MapiHttpFixture.Boris);
        foreach (var (name, value) in anna.Cookies) boris.Cookies[name] = value;
        Assert.Equal(10, (await ExecuteAsync(boris)).Code);
        Assert.Equal(0, (await ExecuteAsync(anna)).Code);
    }

    [Fact]
    public async Task A_session_that_nobody_asks_expires_and_PING_keeps_it()
    {
        var clock = new FakeTimeProvider();
        await using var lab = await MapiHttpFixture.StartAsync(options => options with { MapiHttp = options.MapiHttp with { Clock = clock } });
        using var caller = lab.Caller();
        await ConnectAsync(caller);
        clock.Advance(TimeSpan.FromMinutes(14));
        var ping = await caller.SendAsync("PING");
        Assert.Equal((0, 0), (ping.Code, ping.Body.Length));
        clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(0, (await ExecuteAsync(caller)).Code);
        clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(10, (await caller.SendAsync("PING")).Code);
        Assert.Equal(10, (await ExecuteAsync(caller)).Code);
        Assert.Equal(0, lab.Emsmdb.Sessions);
    }

    [Fact]
    public async Task Connecting_again_ends_the_session_before_whatever_its_sequence()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller();
        await ConnectAsync(caller);
        var before = caller.Cookies["MapiContext"];
        caller.Cookies.Remove("MapiSequence");
        await ConnectAsync(caller);
        Assert.NotEqual(before, caller.Cookies["MapiContext"]);
        Assert.Equal(1, lab.Emsmdb.Sessions);
        Assert.IsType<LogonResponse>(await LogOnAsync(caller));
    }

    [Fact]
    public async Task A_user_whom_the_store_does_not_know_is_told_so_in_the_body()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller();
        var reply = await caller.SendAsync("Connect", ConnectRequestBody.Write(new ConnectCall("/o=Contoso/cn=nobody", Outlook)));
        Assert.Equal((0, MapiErrorCode.UnknownUser), (reply.Code, ConnectResponseBody.Read(reply.Body, default).Result));
        Assert.Empty(caller.Cookies);
    }

    [Fact]
    public async Task A_slow_server_says_that_it_still_works()
    {
        var (clock, period, work) = (new WaitingClock(), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(70));
        await using var lab = await MapiHttpFixture.StartAsync(options => options with
        {
            MapiHttp = options.MapiHttp with { PendingPeriod = period, Clock = clock },
        });
        using var caller = lab.Caller();
        await ConnectAsync(caller);
        lab.Faults.Add(new FaultRule(FaultKind.Slow, "MAPI Execute", Delay: work));
        var replying = ExecuteAsync(caller);
        await clock.SomebodyWaitsAsync(work);
        for (var pending = 0; pending < 2; pending++)
        {
            await clock.SomebodyWaitsAsync(period);
            clock.Advance(period);
        }
        await clock.SomebodyWaitsAsync(period);
        clock.Advance(work - 2 * period);
        var reply = await replying;
        Assert.Equal(["PROCESSING", "PENDING", "PENDING", "DONE"], reply.MetaTags);
        Assert.Equal(0, reply.Code);
    }

    [Fact]
    public async Task A_session_lost_while_the_server_works_is_told_after_DONE()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        using var caller = lab.Caller();
        await ConnectAsync(caller);
        lab.Faults.Add(new FaultRule(FaultKind.Refuse, "MAPI Execute"));
        var reply = await ExecuteAsync(caller);
        Assert.Equal(("0", "10"), (reply.Headers["X-ResponseCode"], reply.AdditionalHeaders["X-ResponseCode"]));
    }

    [Fact]
    public async Task A_wait_for_notifications_may_run_beside_other_requests()
    {
        await using var lab = await MapiHttpFixture.StartAsync(options => options with
        {
            MapiHttp = options.MapiHttp with { NotificationTimeout = TimeSpan.FromMilliseconds(300) },
        });
        using var caller = lab.Caller();
        await ConnectAsync(caller);
        using var waiter = lab.Caller();
        foreach (var (name, value) in caller.Cookies) waiter.Cookies[name] = value;
        var wait = waiter.SendAsync("NotificationWait", NotificationWaitBodies.WriteRequest());
        Assert.Equal(0, (await ExecuteAsync(caller)).Code);
        Assert.Equal(NotificationWaitBodies.WriteResponse(eventPending: false).ToArray(), (await wait).Body);
    }

    private static async Task<MapiHttpReply> ConnectAsync(MapiHttpCaller caller)
    {
        var reply = await caller.SendAsync("Connect", ConnectRequestBody.Write(new ConnectCall(StoreFixture.AnnaDN, Outlook)));
        Assert.Equal((0, MapiErrorCode.Success), (reply.Code, ConnectResponseBody.Read(reply.Body, default).Result));
        return reply;
    }

    private static Task<MapiHttpReply> ExecuteAsync(MapiHttpCaller caller) => caller.SendAsync("Execute", ExecuteRequestBody.Write(Logon()));

    private static async Task<RopResponse> LogOnAsync(MapiHttpCaller caller)
    {
        var result = ExecuteResponseBody.Read((await ExecuteAsync(caller)).Body);
        Assert.Equal(MapiErrorCode.Success, result.Result);
        var rops = RopBuffer.Parse(Assert.Single(ExtendedBuffer.Read(result.Output)));
        return LogonRequest().ReadResponse(new RopReader(rops.Rops));
    }

    private static ExecuteCall Logon()
    {
        const RpcExt2Flags plain = RpcExt2Flags.NoCompression | RpcExt2Flags.NoXorMagic;
        var buffer = RopBuffer.Of([LogonRequest()], [RopBuffer.NoHandle]).Serialize();
        return new ExecuteCall(plain, ExtendedBuffer.Pack(buffer, plain), 0x10008);
    }

    private static LogonRequest LogonRequest() => new(0, LogonFlags.Private, OpenFlags.HomeLogon | OpenFlags.TakeOwnership, StoreFixture.AnnaDN);

    private static void Set(HttpRequestMessage message, string header, string value)
    {
        message.Headers.Remove(header);
        message.Headers.Add(header, value);
    }
}
