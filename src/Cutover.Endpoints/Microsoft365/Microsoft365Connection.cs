using System.Collections.Concurrent;
using Cutover.Endpoints.Microsoft365.Authentication;
using Cutover.Endpoints.Microsoft365.ExchangeOnline;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;
using Cutover.Mapi.Http;
using Microsoft.Extensions.Logging;

namespace Cutover.Endpoints.Microsoft365;

/// <summary>What every client of one tenant shares: the connections, the tokens, the clock.</summary>
internal sealed class Microsoft365Connection
{
    private readonly ILoggerFactory loggers;
    private readonly ServiceHttp exchangeOnlineHttp;
    private readonly Lazy<ExchangeOnlineClient> exchangeOnline;
    private readonly ConcurrentDictionary<string, MailboxGovernor> governors = new(StringComparer.OrdinalIgnoreCase);

    public Microsoft365Connection(
        Microsoft365Settings settings, string clientSecret, Connector connector, RetryOptions retry, TimeProvider clock, ILoggerFactory loggers)
    {
        this.loggers = loggers;
        exchangeOnline = new Lazy<ExchangeOnlineClient>(CreateExchangeOnline);
        Settings = settings;
        Retry = retry;
        Clock = clock;
        var clients = ServiceHttp.CreateFactory(connector);
        Http = new ServiceHttp(clients, ServiceHttp.Graph);
        exchangeOnlineHttp = new ServiceHttp(clients, ServiceHttp.ExchangeOnline);
        var signIn = clients.CreateClient(ServiceHttp.Graph);
        Tokens = settings switch
        {
            { CertificateFile.Length: > 0 } => AzureTokenSource.FromCertificate(settings, AzureTokenSource.ReadCertificate(settings.CertificateFile), signIn),
            { FederatedTokenFile.Length: > 0 } => AzureTokenSource.FromWorkloadIdentity(settings, signIn),
            _ => AzureTokenSource.FromSecret(settings, clientSecret, signIn),
        };
    }

    public Microsoft365Settings Settings { get; }

    public RetryOptions Retry { get; }

    public ServiceLimits Limits { get; } = new();

    public TimeProvider Clock { get; }

    public ServiceHttp Http { get; }

    public ITokenSource Tokens { get; }

    public ILogger<T> Log<T>() => loggers.CreateLogger<T>();

    /// <summary>A client with a count of its own.</summary>
    /// <param name="governor">That of the mailbox that the requests concern, if they concern one.</param>
    public GraphClient CreateGraph(MailboxGovernor? governor = null) => new(new ServiceChannel(
        Http, Settings.GraphUrl, Settings.GraphResource, Tokens, Retry, Clock, governor, Log<GraphClient>()));

    /// <summary>The mailbox's one governor in this process: a budget spent by one reader or writer is spent for all.</summary>
    public MailboxGovernor GovernorOf(string mailboxId) => governors.GetOrAdd(mailboxId, _ => new MailboxGovernor(Limits, Clock));

    /// <summary>One for all: the tenant allows few cmdlets at once.</summary>
    public ExchangeOnlineClient ExchangeOnline => exchangeOnline.Value;

    private ExchangeOnlineClient CreateExchangeOnline() => new(
        new ServiceChannel(exchangeOnlineHttp, Settings.ExchangeOnlineUrl, Settings.ExchangeOnlineResource, Tokens, Retry, Clock, null,
            Log<ExchangeOnlineClient>()),
        Settings.TenantId, Retry);
}
