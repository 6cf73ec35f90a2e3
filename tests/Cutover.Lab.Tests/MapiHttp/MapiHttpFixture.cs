using Cutover.Core.Recipients;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Exchange.MapiHttp;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Lab.Tests.Http;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi.Http;

namespace Cutover.Lab.Tests.MapiHttp;

/// <summary>An Exchange with Anna's mailbox that serves MAPI over HTTP.</summary>
public sealed class MapiHttpFixture : IAsyncDisposable
{
    public const string MailStoreUrl = "https://mail.contoso.com/mapi/emsmdb/?MailboxId=1@contoso.com";
    private readonly TemporaryDirectory directory = new();
    private readonly StoreFixture store = new();

    private MapiHttpFixture(EmsmdbOptions options)
    {
        Authority = LabCertificateAuthority.Open(directory.Path);
        Emsmdb = new EmsmdbServer(store.Store, options);
    }

    public static LabAccount Anna { get; } = StoreFixture.Account("anna");

    public static LabAccount Boris { get; } = StoreFixture.Account("boris");

    public LabCertificateAuthority Authority { get; }

    public StoreFixture Store => store;

    public EmsmdbServer Emsmdb { get; }

    public FaultSwitches Faults { get; } = new();

    public ExchangeServer Server { get; private set; } = null!;

    public Connector Connector => new() { TrustedRoots = [Authority.Root], ConnectTo = Server.ConnectTo };

    public static async Task<MapiHttpFixture> StartAsync(
        Func<ExchangeServerOptions, ExchangeServerOptions>? change = null, EmsmdbOptions? emsmdb = null)
    {
        var fixture = new MapiHttpFixture(emsmdb ?? new EmsmdbOptions());
        var options = new ExchangeServerOptions
        {
            Organisation = Organisation(),
            Accounts = [Anna, Boris],
            Interfaces = new Dictionary<int, IRpcInterface> { [6001] = fixture.Emsmdb },
            MailStore = fixture.Emsmdb.MailStore,
            MapiHttp = new MapiHttpOptions { Faults = fixture.Faults },
            CertificateChain = fixture.Authority.Issue("exchange", "mail.contoso.com", "autodiscover.contoso.com"),
            FaultSwitches = fixture.Faults,
        };
        fixture.Server = await ExchangeServer.StartAsync(change?.Invoke(options) ?? options);
        return fixture;
    }

    public MapiHttpCaller Caller(LabAccount? account = null, string url = MailStoreUrl) => new(Connector, account ?? Anna, new Uri(url));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        store.Dispose();
        directory.Dispose();
    }

    private static ContosoOrganisation Organisation() => new(
        "contoso.com",
        [
            new Recipient(
                StoreFixture.AnnaDN, RecipientType.UserMailbox, "Anna de Vries", "anna", "anna@contoso.com", ["SMTP:anna@contoso.com"], null, false, null, [],
                [], [], new RecipientDetails()),
        ],
        StoreFixture.Account("migration", hasFullAccessToAll: true));
}
