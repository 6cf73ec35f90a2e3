using Cutover.Mapi.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>Sends requests with clients of an <see cref="IHttpClientFactory"/>; a response comes as soon as its headers are there. Nothing logs an address: some carry tokens.</summary>
internal sealed class ServiceHttp(IHttpClientFactory clients, string name)
{
    /// <summary>Keeps no cookies.</summary>
    public const string Graph = "graph";

    /// <summary>Keeps cookies: one backend answers a session's, so that what was written can be read at once.</summary>
    public const string ExchangeOnline = "exchange-online";

    /// <summary>Mailboxes are many, the service is one: enough connections for 4 requests on each of some dozens.</summary>
    private const int MaxConnections = 256;

    /// <summary>The clients of one tenant.</summary>
    public static IHttpClientFactory CreateFactory(Connector connector)
    {
        var services = new ServiceCollection();
        Add(services, connector, Graph, keepsCookies: false);
        Add(services, connector, ExchangeOnline, keepsCookies: true);
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>();
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
        clients.CreateClient(name).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);

    private static void Add(ServiceCollection services, Connector connector, string name, bool keepsCookies) => services.AddHttpClient(name)
        // Requests have time limits of their own.
        .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(() =>
        {
            var handler = connector.CreateHttpHandler();
            handler.UseCookies = keepsCookies;
            handler.MaxConnectionsPerServer = MaxConnections;
            return handler;
        })
        // The handler renews its connections by itself, and its cookies shall last.
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers();
}
