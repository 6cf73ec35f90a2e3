using System.Net;
using Cutover.Core.Recipients;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Http;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>The address book of one server, over RPC and over HTTP.</summary>
public sealed class AddressBookTransportsTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-nspi-").FullName;
    private readonly ContosoOrganisation contoso;
    private readonly NspiServer nspi;
    private ExchangeServer server = null!;
    private Connector connector = null!;

    public AddressBookTransportsTests()
    {
        contoso = ContosoGenerator.Create(new LabOptions { WorkDirectory = directory, Mailboxes = 12, Seed = 1 });
        nspi = new NspiServer(contoso);
    }

    public async ValueTask InitializeAsync()
    {
        var authority = LabCertificateAuthority.Open(directory);
        server = await ExchangeServer.StartAsync(new ExchangeServerOptions
        {
            Organisation = contoso,
            Accounts = contoso.Accounts,
            Interfaces = new Dictionary<int, IRpcInterface> { [NspiInterface.Port] = nspi },
            AddressBook = nspi.AddressBook,
            CertificateChain = authority.Issue("exchange", "mail.contoso.com"),
        });
        connector = new Connector { TrustedRoots = [authority.Root], ConnectTo = server.ConnectTo };
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Every_recipient_reads_the_same_over_HTTP_as_over_RPC()
    {
        var overHttp = await ReadAsync(new NspiHttpTransport(HttpOptions()));
        var overRpc = await ReadAsync(new RpcNspiTransport(await RpcAsync()));
        Assert.Equal(contoso.Recipients.Count, overHttp.Count);
        Assert.Equivalent(overRpc, overHttp, strict: true);
    }

    [Fact]
    public async Task Both_transports_make_as_many_round_trips()
    {
        await using var http = await AddressBookClient.BindAsync(new NspiHttpTransport(HttpOptions()), default);
        await using var rpc = await AddressBookClient.BindAsync(await RpcAsync(), default);
        foreach (var client in (AddressBookClient[])[http, rpc])
        {
            Assert.NotEmpty(await client.GetContainersAsync(default));
            Assert.NotEmpty(await client.GetColumnsAsync(default));
            Assert.NotEmpty(await client.GetRowsAsync([PropertyTags.DisplayName], default).ToListAsync());
        }
        Assert.Equal(rpc.Calls, http.Calls);
    }

    [Fact]
    public async Task Unbinding_ends_the_session_on_the_server()
    {
        var client = await AddressBookClient.BindAsync(new NspiHttpTransport(HttpOptions()), default);
        Assert.Equal(1, nspi.AddressBook.Sessions);
        await client.DisposeAsync();
        Assert.Equal(0, nspi.AddressBook.Sessions);
    }

    [Fact]
    public async Task A_call_before_Bind_finds_no_session()
    {
        await using var transport = new NspiHttpTransport(HttpOptions());
        var refused = await Assert.ThrowsAsync<MapiException>(() => transport.CallAsync(new NspiQueryColumnsRequest(default, 0, 0), default));
        Assert.Equal(MapiErrorCode.RpcContextMismatch, refused.ErrorCode);
    }

    [Fact]
    public async Task Order_is_compared_and_restored_and_changes_are_refused()
    {
        await using var transport = new NspiHttpTransport(HttpOptions());
        await transport.CallAsync(new NspiBindRequest(0, new NspiStat(), null), default);
        var stat = new NspiStat();
        var rows = await transport.CallAsync(new NspiQueryRowsRequest(default, 0, stat, null, 2, [PropertyTags.InstanceKey]), default);
        var ids = rows.Rows!.Select(row => BitConverter.ToUInt32((byte[])row[0].Value)).ToArray();

        Assert.Equal(-1, (await transport.CallAsync(new NspiCompareMIdsRequest(default, 0, stat, ids[0], ids[1]), default)).Result);
        Assert.Equal(ids, (await transport.CallAsync(new NspiResortRestrictionRequest(default, 0, stat, [ids[1], 3, ids[0]]), default)).MinimalIds);
        var change = new NspiModPropsRequest(default, 0, stat with { CurrentRec = ids[0] }, null, []);
        Assert.Equal(NspiStatus.InvalidParameter, (await transport.CallAsync(change, default)).Status);
        var link = new NspiModLinkAttRequest(default, 0, PropertyTags.AddressBookManager, ids[0], []);
        Assert.Equal(NspiStatus.NotFound, (await transport.CallAsync(link, default)).Status);
        Assert.Equal(NspiStatus.InvalidLocale, (await transport.CallAsync(new NspiGetTemplateInfoRequest(default, 1, 0, null, 1252, 0x413), default)).Status);
    }

    [Fact]
    public async Task The_server_tells_where_its_endpoints_are()
    {
        await using var transport = new NspiHttpTransport(HttpOptions());
        await transport.CallAsync(new NspiBindRequest(0, new NspiStat(), null), default);
        Assert.Equal(new Uri("https://mail.contoso.com/mapi/emsmdb/"), await transport.GetMailboxUrlAsync("/o=Contoso/cn=EX01", default));
        Assert.Equal(new Uri("https://mail.contoso.com/mapi/nspi/"), await transport.GetAddressBookUrlAsync(contoso.Administrator.LegacyExchangeDN, default));
    }

    private static async Task<List<Recipient>> ReadAsync(INspiTransport transport)
    {
        await using var directory = new OutlookAnywhereDirectory(await AddressBookClient.BindAsync(transport, default));
        return await directory.GetRecipientsAsync(default).ToListAsync();
    }

    private MapiHttpOptions HttpOptions() => new()
    {
        Url = new Uri("https://mail.contoso.com/mapi/nspi/"),
        Authentication = new HttpAuthentication(Credential()),
        Connector = connector,
    };

    private Task<Mapi.Rpc.IRpcClient> RpcAsync() => RpcHttpClient.ConnectAsync(
        new RpcHttpOptions
        {
            ProxyUrl = new Uri("https://mail.contoso.com/rpc/rpcproxy.dll"),
            Server = "EX01.contoso.com",
            Port = NspiInterface.Port,
            Credential = Credential(),
            Connector = connector,
        },
        NspiInterface.Id,
        default);

    private NetworkCredential Credential() => new(contoso.Administrator.UserName, contoso.Administrator.Password);
}
