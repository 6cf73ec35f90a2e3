using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange.MapiHttp;
using Cutover.Lab.Faults;
using Cutover.Mapi.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cutover.Lab.Exchange.Http;

/// <summary>Contoso's Exchange as its clients meet it: one HTTPS port with Autodiscover, the RPC proxy and MAPI over HTTP.</summary>
public sealed class ExchangeServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ExchangeServerOptions options;

    private ExchangeServer(WebApplication app, ExchangeServerOptions options, int port)
    {
        this.app = app;
        this.options = options;
        Port = port;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Mailbox sessions that are connected now.</summary>
    public int Sessions => options.MailStore?.Sessions ?? 0;

    /// <summary>The names that clients use; certificate and DNS must carry them.</summary>
    public IReadOnlyList<string> HostNames => [options.ProxyHost, options.AutodiscoverHost];

    /// <summary>Leads those names here, since the lab does not listen on port 443.</summary>
    public IReadOnlyList<ConnectTo> ConnectTo => [.. HostNames.Select(host => new ConnectTo(host, 443, "127.0.0.1", Port))];

    /// <exception cref="LabPortTakenException">Another program holds the port.</exception>
    public static async Task<ExchangeServer> StartAsync(ExchangeServerOptions options, CancellationToken ct = default)
    {
        var app = LabWebHost.CreateBuilder(options.Port, options.CertificateChain).Build();
        var directory = new AccountDirectory(options);
        var proxy = new RpcProxy(options, directory);
        var autodiscover = new AutodiscoverService(options, directory);
        var mapi = new MapiVirtualDirectory(options, directory);
        app.UseFaultInjection(options.FaultSwitches, options.Clock, NameRpcError, KindsFor);
        app.Run(context => context.Request.Path.Value?.ToLowerInvariant() switch
        {
            "/rpc/rpcproxy.dll" => proxy.HandleAsync(context),
            "/autodiscover/autodiscover.xml" => autodiscover.HandleAsync(context),
            { } path when path.StartsWith(MapiVirtualDirectory.Root, StringComparison.Ordinal) => mapi.HandleAsync(context, path),
            _ => NotFoundAsync(context),
        });
        try
        {
            return new ExchangeServer(app, options, await LabWebHost.StartAsync(app, "The lab's Exchange", options.Port, ct));
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Channels live as long as their clients like; nobody waits for them.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static FaultKind[] KindsFor(HttpContext context) => context.Request.Method switch
    {
        // The legs of a sign-in are let through: faults are meant for what follows.
        RpcProxy.InMethod or RpcProxy.OutMethod when context.Request.ContentLength == 0 => [],
        RpcProxy.InMethod => [FaultKind.Refuse, FaultKind.ServiceUnavailable, FaultKind.Slow],
        RpcProxy.OutMethod => [FaultKind.Refuse, FaultKind.ServiceUnavailable, FaultKind.Slow, FaultKind.DropAfterBytes],
        _ => Enum.GetValues<FaultKind>(),
    };

    private static Task NameRpcError(HttpContext context, FaultRule rule)
    {
        if (context.Request.Method is RpcProxy.InMethod or RpcProxy.OutMethod)
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = "RPC Error: 6ba";
        return Task.CompletedTask;
    }
}
