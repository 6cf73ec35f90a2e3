using System.Net;
using System.Net.Sockets;
using Cutover.Core.Batches;
using Cutover.Core.Runbooks;
using Cutover.Core.Sync;
using Cutover.Orchestrator.Batches;
using Cutover.Orchestrator.Endpoints;
using Cutover.Orchestrator.Storage;
using Cutover.Orchestrator.Storage.Postgres;
using Cutover.Orchestrator.Storage.Sqlite;
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
    /// <summary>Scopes membership, reminders and grain state in the storage; never changes.</summary>
    private const string Service = "cutover";

    /// <summary>
    /// Adds the silo, its storage, <see cref="IMigrationService"/> and <see cref="IRunbookRecord"/>. The host must also provide
    /// <see cref="Core.Endpoints.IEndpointFactory"/>; <see cref="TimeProvider"/> is the system's unless it provides one. What was under way when an
    /// earlier process ended goes on when the host starts, and what another host of the cluster had under way when that one ends.
    /// </summary>
    public static IServiceCollection AddCutoverOrchestrator(this IServiceCollection services, OrchestratorOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => OpenDatabase(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<BatchStore>();
        services.AddSingleton<BatchRecords>();
        services.AddSingleton<IRunbookRecord, DatabaseRunbookRecord>();
        services.AddSingleton(new FaultPolicy(options.Faults));
        services.AddSingleton<EndpointGates>();
        services.AddSingleton<MailboxConnector>();
        services.AddSingleton<MailboxPass>();
        services.AddSingleton<BatchVerifier>();
        services.AddSingleton<IMigrationService, MigrationService>();
        services.AddOrleans(silo => ConfigureSilo(silo, options.Cluster));
        services.AddHostedService<BatchResumption>();
        services.AddHostedService<EndpointHealthReports>();
        return services;
    }

    internal static CutoverDatabase OpenDatabase(OrchestratorOptions options, TimeProvider clock) => options.Cluster is { } member
        ? PostgresDatabase.Open(member.ConnectionString, clock)
        : SqliteDatabase.Open(options.DatabaseFile, clock);

    private static void ConfigureSilo(ISiloBuilder silo, ClusterHost? member)
    {
        if (member is null)
            StandAlone(silo);
        else
            Join(silo, member);
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable>(provider => new DatabaseReminderTable(provider.GetRequiredService<CutoverDatabase>(), Service));
        silo.Services.AddSingleton<IGrainStorage>(provider =>
            new DatabaseGrainStorage(provider.GetRequiredService<CutoverDatabase>(), provider.GetRequiredService<Serializer>(), Service));
    }

    private static void StandAlone(ISiloBuilder silo)
    {
        var (siloPort, gatewayPort) = FreePorts();
        silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: Service, clusterId: $"{Service}-{siloPort}");
        silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = IPAddress.Loopback);
    }

    /// <summary>
    /// The others must have taken over within half a minute from a host that is gone, and must not take a busy one for it: three probes of two seconds each.
    /// </summary>
    private static void Join(ISiloBuilder silo, ClusterHost member)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (Service, Service));
        silo.Configure<SiloOptions>(options => options.SiloName = member.Name);
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = member.Address;
            endpoint.SiloPort = member.SiloPort > 0 ? member.SiloPort : FreePorts().Silo;
            endpoint.GatewayPort = 0;
        });
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(2);
            membership.NumMissedProbesLimit = 3;
            membership.NumVotesForDeathDeclaration = 2;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
            membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
        });
        silo.Services.AddSingleton<IMembershipTable>(provider => new PostgresMembershipTable(provider.GetRequiredService<CutoverDatabase>(), Service, member.Name));
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
