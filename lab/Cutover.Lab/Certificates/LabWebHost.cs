using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cutover.Lab.Certificates;

/// <summary>A web server of the lab: HTTPS on loopback, silent, without limits on what a request may carry.</summary>
public static class LabWebHost
{
    /// <summary>A bare application that will listen on this port; 0 takes a free one.</summary>
    public static WebApplicationBuilder CreateBuilder(int port, CertificateChain chain)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = chain.Server, ServerCertificateChain = chain.Intermediates });
            });
        });
        return builder;
    }

    /// <summary>Starts it and returns the port it listens on.</summary>
    /// <exception cref="LabPortTakenException">Another program holds the port.</exception>
    public static async Task<int> StartAsync(WebApplication app, string server, int port, CancellationToken ct = default)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new LabPortTakenException(server, port, e);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            throw new LabPortTakenException(server, port, e);
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return Microsoft.AspNetCore.Http.BindingAddress.Parse(addresses.First()).Port;
    }
}

/// <summary>A server of the lab cannot listen because its port is taken.</summary>
public sealed class LabPortTakenException(string server, int port, Exception? inner = null) : IOException(
    $"{server} cannot listen on port {port}: another program holds it. Stop that program or choose another port (0 takes any free one).", inner)
{
    public int Port { get; } = port;
}
