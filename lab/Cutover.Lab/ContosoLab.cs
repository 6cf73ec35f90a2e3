using Cutover.Lab.Certificates;
using Cutover.Lab.Dns;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Exchange.MapiHttp;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Faults;
using Cutover.Lab.Microsoft365;
using Cutover.Lab.Organisation;
using Cutover.Lab.Smtp;
using Cutover.Mapi.Autodiscover;

namespace Cutover.Lab;

/// <summary>
/// Contoso in a process: an on-premises Exchange, a Microsoft 365 tenant, the DNS of its domain and an SMTP server, all on loopback. Its state lives
/// in the work folder, so that a lab that was killed starts again as it was.
/// </summary>
public sealed class ContosoLab : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> servers = [];

    private ContosoLab(LabOptions options, LabCertificateAuthority authority)
    {
        Options = options;
        Authority = authority;
        Organisation = ContosoGenerator.Create(options);
        Store = OpenStore(options, Organisation);
    }

    public LabOptions Options { get; }

    public ContosoOrganisation Organisation { get; }

    public LabCertificateAuthority Authority { get; }

    public ExchangeStore Store { get; }

    public ExchangeServer Exchange { get; private set; } = null!;

    public Microsoft365Server Microsoft365 { get; private set; } = null!;

    public LabDnsServer Dns { get; private set; } = null!;

    public SmtpSink Smtp { get; private set; } = null!;

    public FaultSwitches ExchangeFaults { get; } = new();

    public FaultSwitches Microsoft365Faults { get; } = new();

    public FaultSwitches DnsFaults { get; } = new();

    public FaultSwitches SmtpFaults { get; } = new();

    /// <summary>Where the tenant answers.</summary>
    public Uri Microsoft365Url => Microsoft365.BaseUrl;

    /// <summary>Starts every server; the mailboxes are filled at the first start.</summary>
    /// <exception cref="LabPortTakenException">Another program holds a port.</exception>
    public static async Task<ContosoLab> StartAsync(LabOptions options, CancellationToken ct)
    {
        Directory.CreateDirectory(options.WorkDirectory);
        var lab = new ContosoLab(options, LabCertificateAuthority.Open(Path.Combine(options.WorkDirectory, "ca")));
        try
        {
            await lab.StartServersAsync(ct);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Turns on faults of every kind, now and then, on every server: a cutover must come through.</summary>
    public void TurnOnFaults()
    {
        const string Proxy = "rpcproxy.dll";
        ExchangeFaults.Add(new FaultRule(FaultKind.Refuse, Proxy, Every: 11, Times: 5));
        ExchangeFaults.Add(new FaultRule(FaultKind.ServiceUnavailable, Proxy, Every: 13, Times: 3));
        ExchangeFaults.Add(new FaultRule(FaultKind.DropAfterBytes, Proxy, Every: 9, Times: 5, Bytes: 60_000));
        const string Mapi = "POST /mapi/";
        ExchangeFaults.Add(new FaultRule(FaultKind.Refuse, Mapi, Every: 111, Times: 5));
        ExchangeFaults.Add(new FaultRule(FaultKind.ServiceUnavailable, Mapi, Every: 137, Times: 3));
        ExchangeFaults.Add(new FaultRule(FaultKind.DropAfterBytes, Mapi, Every: 97, Times: 5, Bytes: 6_000));
        ExchangeFaults.Add(new FaultRule(FaultKind.LoseResponse, "MAPI Execute", Every: 127, Times: 3));
        ExchangeFaults.Add(new FaultRule(FaultKind.Refuse, "MAPI Execute", Every: 151, Times: 3));
        ExchangeFaults.Add(new FaultRule(FaultKind.TooManyRequests, "RopFastTransferSourceGetBuffer", Every: 23, Times: 5, Delay: TimeSpan.FromMilliseconds(200)));
        ExchangeFaults.Add(new FaultRule(FaultKind.ServiceUnavailable, "EcDoRpcExt2", Every: 211, Times: 3));
        Microsoft365Faults.Add(new FaultRule(FaultKind.TooManyRequests, Every: 97, Times: 20, Delay: TimeSpan.FromSeconds(1)));
        Microsoft365Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, Every: 131, Times: 20, Delay: TimeSpan.FromSeconds(1)));
        Microsoft365Faults.Add(new FaultRule(FaultKind.LoseResponse, "importItem", Every: 53, Times: 20));
        Microsoft365Faults.Add(new FaultRule(FaultKind.Slow, "importItem", Every: 71, Times: 20, Delay: TimeSpan.FromMilliseconds(300)));
        DnsFaults.Add(new FaultRule(FaultKind.Slow, Every: 5, Times: 5, Delay: TimeSpan.FromMilliseconds(300)));
        SmtpFaults.Add(new FaultRule(FaultKind.Slow, Every: 5, Times: 5, Delay: TimeSpan.FromMilliseconds(300)));
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = servers.Count - 1; i >= 0; i--) await servers[i].DisposeAsync();
        Store.Dispose();
    }

    private async Task StartServersAsync(CancellationToken ct)
    {
        Dns = Add(await LabDnsServer.StartAsync(DnsOptions()));
        Smtp = Add(await SmtpSink.StartAsync(SmtpOptions()));
        Exchange = Add(await ExchangeServer.StartAsync(ExchangeOptions(), ct));
        Microsoft365 = Add(await Microsoft365Server.StartAsync(TenantOptions(), ct));
    }

    private T Add<T>(T server) where T : IAsyncDisposable
    {
        servers.Add(server);
        return server;
    }

    private LabDnsOptions DnsOptions() => new()
    {
        Port = Options.DnsPort,
        Zone = Organisation.Domain,
        Directory = Path.Combine(Options.WorkDirectory, "dns"),
        FaultSwitches = DnsFaults,
    };

    private SmtpSinkOptions SmtpOptions() => new()
    {
        Port = Options.SmtpPort,
        Directory = Path.Combine(Options.WorkDirectory, "smtp"),
        FaultSwitches = SmtpFaults,
    };

    private ExchangeServerOptions ExchangeOptions()
    {
        var emsmdb = new EmsmdbServer(Store, new EmsmdbOptions
        {
            Faults = ExchangeFaults,
            ServerVersion = Options.MapiHttp ? ServerBehaviour.Exchange2016 : ServerBehaviour.Exchange2013,
        });
        return ExchangeOptions(emsmdb, new NspiServer(Organisation));
    }

    private ExchangeServerOptions ExchangeOptions(EmsmdbServer emsmdb, NspiServer nspi) => new()
    {
        Port = Options.ExchangePort,
        Organisation = Organisation,
        Accounts = Organisation.Accounts,
        Interfaces = new Dictionary<int, IRpcInterface>
        {
            [6001] = emsmdb,
            [6002] = new RfrServer($"EX01.{Organisation.Domain}"),
            [6004] = nspi,
        },
        MailStore = emsmdb.MailStore,
        AddressBook = nspi.AddressBook,
        MapiHttp = new MapiHttpOptions { Faults = ExchangeFaults },
        Autodiscover = Options.MapiHttp
            ? new AutodiscoverOptions { Version = new ExchangeVersion(15, 1, 2507), ServerPerMailbox = true }
            : new AutodiscoverOptions { AnnouncesMapiHttp = false },
        CertificateChain = Authority.Issue("exchange", $"mail.{Organisation.Domain}", $"autodiscover.{Organisation.Domain}", "localhost", "127.0.0.1"),
        FaultSwitches = ExchangeFaults,
    };

    private Microsoft365Options TenantOptions() => new()
    {
        Port = Options.Microsoft365Port,
        StateFile = Path.Combine(Options.WorkDirectory, "tenant.db"),
        CertificateChain = Authority.Issue("microsoft365", "localhost", "127.0.0.1"),
        DnsServer = Dns.EndPoint,
        FaultSwitches = Microsoft365Faults,
    };

    // Filled under another name first, so that a start that is killed in between begins the filling again.
    private static ExchangeStore OpenStore(LabOptions options, ContosoOrganisation organisation)
    {
        var file = Path.Combine(options.WorkDirectory, "exchange.db");
        if (File.Exists(file)) return Complete(ExchangeStore.Open(file), options, organisation);
        var filling = Path.Combine(options.WorkDirectory, "exchange.filling.db");
        foreach (var left in Directory.GetFiles(options.WorkDirectory, "exchange.filling.db*")) File.Delete(left);
        // A user with a chosen name begins with an empty mailbox.
        var filled = ContosoGenerator.Create(options with { Users = [] });
        using (var store = ExchangeStore.Open(filling)) ContosoMail.Fill(store, filled, options);
        File.Move(filling, file);
        return Complete(ExchangeStore.Open(file), options, organisation);
    }

    // Users and public folders may be asked for that an earlier start did not have.
    private static ExchangeStore Complete(ExchangeStore store, LabOptions options, ContosoOrganisation organisation)
    {
        foreach (var recipient in organisation.Mailboxes.Where(recipient => store.FindMailbox(recipient.LegacyExchangeDN) is null))
            store.CreateMailbox(recipient.LegacyExchangeDN, recipient.DisplayName, ContosoOrganisation.LanguageOf(recipient));
        foreach (var name in options.PublicFolders.Concat(options.MailPublicFolders)) store.EnsurePublicFolder(name);
        return store;
    }
}
