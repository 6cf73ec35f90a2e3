using System.Net;
using Cutover.Core.Mailboxes;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Http;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Tests.MapiHttp;

/// <summary>A session over HTTP against the lab, beside one over RPC.</summary>
public sealed class MapiHttpTransportTests
{
    [Fact]
    public async Task A_mailbox_reads_the_same_over_HTTP_as_over_RPC_and_with_as_many_round_trips()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        for (var i = 0; i < 300; i++) lab.Store.Anna.SaveMessage(Inbox(lab), StoreFixture.Message($"Message {i}", attachmentSize: i * 50), isRead: i % 2 == 0);
        var (overHttp, callsOverHttp) = await DownloadAsync(await OpenAsync(new MapiHttpTransport(Options(lab))));
        var rpc = new RpcMapiTransport(await RpcHttpClient.ConnectAsync(RpcOptions(lab), EmsmdbInterface.Id, default));
        var (overRpc, callsOverRpc) = await DownloadAsync(await OpenAsync(rpc));
        Assert.Equal(overRpc, overHttp);
        Assert.Equal(callsOverRpc, callsOverHttp);
        Assert.InRange(overHttp.Length, 2_000_000, int.MaxValue);
    }

    [Fact]
    public async Task The_server_tells_its_version_and_the_users_name_in_any_script()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        lab.Store.Store.CreateMailbox(MapiHttpFixture.Boris.LegacyExchangeDN, "Борис", "ru-RU");
        await using var session = await MapiSession.ConnectAsync(
            new MapiHttpTransport(Options(lab, MapiHttpFixture.Boris)), new MapiSessionOptions(MapiHttpFixture.Boris.LegacyExchangeDN), default);
        Assert.Equal((new MapiVersion(15, 1, 2507, 6), "Борис"), (session.ServerVersion, session.DisplayName));
    }

    [Fact]
    public async Task A_session_that_the_server_forgot_is_the_error_that_RPC_has_for_it()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        await using var logon = await OpenAsync(new MapiHttpTransport(Options(lab)));
        lab.Emsmdb.DropSessions();
        var lost = await Assert.ThrowsAsync<MapiException>(() => RootAsync(logon));
        Assert.Equal(MapiErrorCode.RpcContextMismatch, lost.ErrorCode);
    }

    [Fact]
    public async Task Connecting_again_with_the_cookies_of_a_broken_session_ends_it_on_the_server()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        var options = Options(lab);
        var broken = await OpenAsync(new MapiHttpTransport(options));
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, "MAPI Execute"));
        await Assert.ThrowsAsync<MapiProtocolException>(() => RootAsync(broken));
        await broken.DisposeAsync();
        await using var again = await OpenAsync(new MapiHttpTransport(options));
        await RootAsync(again);
        Assert.Equal(1, lab.Emsmdb.Sessions);
    }

    [Fact]
    public async Task A_wrong_password_is_tried_once_and_told()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        var refused = await Assert.ThrowsAsync<MapiHttpException>(() =>
            OpenAsync(new MapiHttpTransport(Options(lab, MapiHttpFixture.Anna with { Password = "Wrong-1" }))));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.DoesNotContain("Wrong-1", refused.Message);
    }

    [Theory]
    [InlineData(FaultKind.Refuse)]
    [InlineData(FaultKind.DropAfterBytes)]
    [InlineData(FaultKind.LoseResponse)]
    public async Task A_connection_that_breaks_is_told_as_such(FaultKind kind)
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        await using var logon = await OpenAsync(new MapiHttpTransport(Options(lab)));
        lab.Faults.Add(new FaultRule(kind, "POST /mapi/emsmdb", Bytes: 40));
        await Assert.ThrowsAsync<MapiProtocolException>(() => RootAsync(logon));
    }

    [Fact]
    public async Task A_server_that_shuts_down_is_unavailable()
    {
        await using var lab = await MapiHttpFixture.StartAsync();
        await using var logon = await OpenAsync(new MapiHttpTransport(Options(lab)));
        lab.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "MAPI Execute"));
        var refused = await Assert.ThrowsAsync<MapiException>(() => RootAsync(logon));
        Assert.Equal(MapiErrorCode.RpcServerUnavailable, refused.ErrorCode);
    }

    [Fact]
    public async Task A_store_without_MAPI_over_HTTP_is_told_with_what_to_do()
    {
        await using var lab = await MapiHttpFixture.StartAsync(options => options with { MailStore = null });
        var refused = await Assert.ThrowsAsync<MapiHttpException>(() => OpenAsync(new MapiHttpTransport(Options(lab))));
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains("rpcHttp", refused.NextStep);
    }

    private static long Inbox(MapiHttpFixture lab) => lab.Store.Anna.FolderOf(FolderRole.Inbox);

    private static MapiHttpOptions Options(MapiHttpFixture lab, LabAccount? account = null) => new()
    {
        Url = new Uri(MapiHttpFixture.MailStoreUrl),
        Authentication = new HttpAuthentication(Credential(account ?? MapiHttpFixture.Anna)),
        Connector = lab.Connector,
    };

    private static RpcHttpOptions RpcOptions(MapiHttpFixture lab) => new()
    {
        ProxyUrl = new Uri("https://mail.contoso.com/rpc/rpcproxy.dll"),
        Server = "EX01.contoso.com",
        Port = EmsmdbInterface.Port,
        Credential = Credential(MapiHttpFixture.Anna),
        Connector = lab.Connector,
    };

    private static NetworkCredential Credential(LabAccount account) => new(account.UserName, account.Password);

    private static async Task<MailboxLogon> OpenAsync(IMapiTransport transport)
    {
        var session = await MapiSession.ConnectAsync(transport, new MapiSessionOptions(MapiHttpFixture.Anna.LegacyExchangeDN), default);
        return await MailboxLogon.OpenAsync(session, StoreFixture.AnnaDN, default);
    }

    private static Task RootAsync(MailboxLogon logon) =>
        logon.GetFolderPropertiesAsync(logon.Response.FolderIds[0], [PropertyTags.DisplayName], default);

    private static async Task<(byte[] Stream, long Calls)> DownloadAsync(MailboxLogon logon)
    {
        await using (logon)
        {
            var stream = new MemoryStream();
            var inbox = logon.Response.FolderIds[4];
            await foreach (var piece in logon.SynchronizeContentsAsync(inbox, null, new ContentsSyncOptions(), default)) stream.Write(piece.Span);
            return (stream.ToArray(), logon.Session.Calls);
        }
    }
}
