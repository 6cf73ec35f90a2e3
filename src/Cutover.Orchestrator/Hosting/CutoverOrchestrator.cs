using System.Net;
using System.Net.Sockets;
using Cutover.Core.Batches;
using Cutover.Core.Runbooks;
using Cutover.Core.Sync;
using Cutover.Orchestrator.Batches;
using Cutover.Orchestrator.Endpoints;
using Cutover.Orchestrator.Storage;
using Cutover.Orchestrator.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Cutover.Orchestrator.Hosting;

/// <summary>Puts the orchestrator into a host.</summary>
public static class CutoverOrchestrator
{
    /// <summary>Scopes reminders and grain state in the storage; never changes.</summary>
    private const string Service = "cutover";

    /// <summary>
    /// Adds the silo, its storage, <see cref="IMigrationService"/> and <see cref="IRunbookRecord"/>. The host must also provide
    /// <see cref="Core.Endpoints.IEndpointFactory"/>; <see cref="TimeProvider"/> is the system's unless it provides one. What was under way when an
    /// earlier process ended goes on when the host starts.
    /// </summary>
    public static IServiceCollection AddCutoverOrchestrator(this IServiceCollection services, OrchestratorOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(_ => SqliteDatabase.Open(options.DatabaseFile));
        services.AddSingleton<BatchStore>();
        services.AddSingleton<IRunbookRecord, SqliteRunbookRecord>();
        services.AddSingleton(new FaultPolicy(options.Faults));
        services.AddSingleton<EndpointGates>();
        services.AddSingleton<MailboxConnector>();
        services.AddSingleton<MailboxPass>();
        services.AddSingleton<BatchVerifier>();
        services.AddSingleton<IMigrationService, MigrationService>();
        services.AddOrleans(ConfigureSilo);
        services.AddHostedService<BatchResumption>();
        return services;
    }

    private static void ConfigureSilo(ISiloBuilder silo)
    {
        var (siloPort, gatewayPort) = FreePorts();
        silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: Service, clusterId: $"{Service}-{siloPort}");
        silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = IPAddress.Loopback);
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable>(provider => new SqliteReminderTable(provider.GetRequiredService<SqliteDatabase>(), Service));
        silo.Services.AddSingleton<IGrainStorage>(provider =>
            new SqliteGrainStorage(provider.GetRequiredService<SqliteDatabase>(), provider.GetRequiredService<Serializer>(), Service));
    }

    /// <summary>Two ports that nobody uses at this moment, so that several instances run on one machine.</summary>
    private static (int Silo, int Gateway) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}
