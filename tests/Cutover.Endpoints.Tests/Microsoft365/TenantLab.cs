using System.Collections.Concurrent;
using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;
using Cutover.Lab.Certificates;
using Cutover.Lab.Faults;
using Cutover.Lab.Microsoft365;
using Cutover.Lab.Microsoft365.Graph;
using Cutover.Mapi.Http;
using Microsoft.Extensions.Logging;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>The lab's tenant over a real socket, with everything the product logs.</summary>
internal sealed class TenantLab : IAsyncDisposable
{
    private readonly DirectoryInfo directory;
    private readonly Connector connector;
    private readonly MigrationEndpoint endpoint;

    private TenantLab(DirectoryInfo directory, Microsoft365Server server, CertificateChain chain, string? clientSecret, ConcurrentQueue<GraphExchange> exchanges)
    {
        Exchanges = exchanges;
        (this.directory, Server, ClientSecret) = (directory, server, clientSecret ?? server.ClientSecret);
        connector = new Connector { TrustedRoots = [chain.Root] };
        endpoint = new MigrationEndpoint("tenant", MigrationEndpointType.Microsoft365, new Dictionary<string, string>
        {
            ["TenantId"] = server.TenantId.ToString(),
            ["ClientId"] = server.ClientId.ToString(),
            ["Authority"] = server.BaseUrl.ToString(),
            ["GraphUrl"] = server.BaseUrl.ToString(),
            ["ExchangeOnlineUrl"] = server.BaseUrl.ToString(),
            ["ImportHosts"] = server.BaseUrl.Authority,
            ["UsageLocation"] = "NL",
        }, new SecretRef("env:NONE"), 4, 4);
        Microsoft365Endpoint.Connect(endpoint, ClientSecret, connector, TimeProvider.System, Logs, new RetryOptions
        {
            FirstDelay = TimeSpan.FromMilliseconds(1),
            MaxDelay = TimeSpan.FromMilliseconds(20),
        });
    }

    /// <summary>Every request to Graph that was served, with its answer.</summary>
    public ConcurrentQueue<GraphExchange> Exchanges { get; }

    public const string Domain = "contoso.onmicrosoft.com";

    public Microsoft365Server Server { get; }

    public string ClientSecret { get; }

    public FaultSwitches Faults => Server.FaultSwitches;

    public RecordedLogs Logs { get; } = new();

    public static async Task<TenantLab> StartAsync(Func<Microsoft365Options, Microsoft365Options>? configure = null, string? clientSecret = null)
    {
        var directory = Directory.CreateTempSubdirectory("cutover-tenant-");
        var chain = LabCertificateAuthority.Open(directory.FullName).Issue("tenant", "localhost");
        var exchanges = new ConcurrentQueue<GraphExchange>();
        var options = new Microsoft365Options { StateFile = Path.Combine(directory.FullName, "tenant.db"), CertificateChain = chain, Observer = exchanges.Enqueue };
        return new TenantLab(directory, await Microsoft365Server.StartAsync(configure?.Invoke(options) ?? options), chain, clientSecret, exchanges);
    }

    /// <summary>Signs in without the secret, as this setting says.</summary>
    public async Task<TenantInfo> SignInAsync(string setting, string value)
    {
        var other = endpoint with { Settings = new Dictionary<string, string>(endpoint.Settings) { [setting] = value } };
        var domains = await Microsoft365Endpoint.OpenDomainsAsync(other, "", connector, TimeProvider.System, Logs, CancellationToken.None);
        return await domains.GetTenantAsync(CancellationToken.None);
    }

    /// <summary>The product's own client, for what no contract offers.</summary>
    public GraphClient Graph => Microsoft365Endpoint.Connect(endpoint, ClientSecret, connector, TimeProvider.System, Logs).CreateGraph();

    public Task<IRecipientProvisioner> OpenProvisionerAsync() =>
        Microsoft365Endpoint.OpenProvisionerAsync(endpoint, ClientSecret, connector, TimeProvider.System, Logs, CancellationToken.None);

    public Task<IDomainDirectory> OpenDomainsAsync() =>
        Microsoft365Endpoint.OpenDomainsAsync(endpoint, ClientSecret, connector, TimeProvider.System, Logs, CancellationToken.None);

    public Task<Core.Messages.IMessageSender> OpenSenderAsync(string from) =>
        Microsoft365Endpoint.OpenMessageSenderAsync(endpoint, ClientSecret, connector, from, TimeProvider.System, Logs, CancellationToken.None);

    public Cutover.Endpoints.Microsoft365.Trial.TenantTrial OpenTrial() =>
        Microsoft365Endpoint.OpenTrial(endpoint, ClientSecret, connector, TimeProvider.System, Logs);

    /// <summary>Makes a user with a mailbox and opens it.</summary>
    public async Task<IMailboxTarget> OpenMailboxAsync(string alias)
    {
        var provisioner = await OpenProvisionerAsync();
        var recipient = User(alias);
        var provisioned = await provisioner.ProvisionAsync(recipient, new Passwords(), CancellationToken.None);
        await provisioner.AssignLicenceAsync(recipient, provisioned, CancellationToken.None);
        var mailboxId = await provisioner.WaitForMailboxAsync(recipient, provisioned, CancellationToken.None);
        var mailbox = new TargetMailbox(provisioned.TargetId, mailboxId, recipient.PrimarySmtpAddress);
        return await Microsoft365Endpoint.OpenTargetAsync(endpoint, ClientSecret, connector, mailbox, directory.FullName, TimeProvider.System, Logs, CancellationToken.None);
    }

    public static Recipient User(string alias) => Recipient(alias, RecipientType.UserMailbox);

    public static Recipient Recipient(string alias, RecipientType type) => new(
        $"/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={alias}", type, $"Display {alias}", alias, $"{alias}@{Domain}",
        [$"SMTP:{alias}@{Domain}"], null, false, null, [], [], [], new RecipientDetails())
    {
        RecipientFilter = type == RecipientType.DynamicDistributionGroup ? "(Department -eq 'Sales')" : null,
    };

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        directory.Delete(recursive: true);
        // Whatever a test is about: what the product sends and what the lab answers is Graph as Microsoft published it.
        if (PublishedGraph.IsAtHand) PublishedGraph.Check(Exchanges);
    }
}

/// <summary>Keeps every line at every level.</summary>
internal sealed class RecordedLogs : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) { }

    public void Dispose() { }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{formatter(state, exception)} {exception}");
}
