using System.Net;
using Cutover.Core.Recipients;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Tests.Http;

/// <summary>An Exchange that serves an echo interface on port 6001, and a client's way to it.</summary>
public sealed class ExchangeFixture : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();

    private ExchangeFixture() => Authority = LabCertificateAuthority.Open(directory.Path);

    public LabCertificateAuthority Authority { get; }

    public EchoInterface Echo { get; } = new();

    public FaultSwitches Faults { get; } = new();

    public ExchangeServer Server { get; private set; } = null!;

    public Connector Connector => new() { TrustedRoots = [Authority.Root], ConnectTo = Server.ConnectTo };

    public RpcHttpOptions RpcOptions => new()
    {
        ProxyUrl = new Uri("https://mail.contoso.com/rpc/rpcproxy.dll"),
        Server = "EX01.contoso.com",
        Port = 6001,
        Credential = new NetworkCredential("migration", "Secret-1", "CONTOSO"),
        Connector = Connector,
    };

    public static async Task<ExchangeFixture> StartAsync(Func<ExchangeServerOptions, ExchangeServerOptions>? change = null)
    {
        var fixture = new ExchangeFixture();
        var options = new ExchangeServerOptions
        {
            Organisation = Organisation(),
            Interfaces = new Dictionary<int, IRpcInterface> { [6001] = fixture.Echo },
            CertificateChain = fixture.Authority.Issue("exchange", "mail.contoso.com", "autodiscover.contoso.com", "localhost"),
            FaultSwitches = fixture.Faults,
        };
        fixture.Server = await ExchangeServer.StartAsync(change?.Invoke(options) ?? options);
        return fixture;
    }

    public Task<IRpcClient> ConnectAsync(Func<RpcHttpOptions, RpcHttpOptions>? change = null) =>
        RpcHttpClient.ConnectAsync(change?.Invoke(RpcOptions) ?? RpcOptions, EchoInterface.EchoId, default);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        directory.Dispose();
    }

    private static ContosoOrganisation Organisation() => new(
        "contoso.com",
        [
            new Recipient(
                "/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=anna", RecipientType.UserMailbox, "Anna Lindqvist", "anna",
                "anna@contoso.com", ["SMTP:anna@contoso.com", "smtp:a.lindqvist@contoso.com"], null, false, null, [], [], [], new RecipientDetails()),
        ],
        new LabAccount("migration", "migration@contoso.com", "Secret-1", "/o=Contoso/cn=Recipients/cn=migration", true));
}
