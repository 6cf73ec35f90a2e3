using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Sync;
using Cutover.Orchestrator.Hosting;
using Cutover.Orchestrator.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cutover.Orchestrator.Tests.Hosting;

/// <summary>One process's worth of orchestrator.</summary>
public sealed class OrchestratorHost : IAsyncDisposable
{
    private readonly IHost host;

    private OrchestratorHost(IHost host) => this.host = host;

    public IMigrationService Service => host.Services.GetRequiredService<IMigrationService>();

    public IServiceProvider Services => host.Services;

    public static async Task<OrchestratorHost> StartAsync(TemporaryFolder folder, IEndpointFactory endpoints, ClusterHost? cluster = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(endpoints);
        builder.Services.AddCutoverOrchestrator(new OrchestratorOptions
        {
            DatabaseFile = folder.Database,
            WorkDirectory = folder.Path,
            Cluster = cluster,
            Faults = new FaultPolicyOptions { FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(10) },
        });
        var host = builder.Build();
        await host.StartAsync();
        return new OrchestratorHost(host);
    }

    /// <summary>As SIGKILL would: from one moment to the next nothing can be written any more, and nobody is told.</summary>
    public async Task KillAsync()
    {
        await Services.GetRequiredService<CutoverDatabase>().DisposeAsync();
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        // What is left of it ends by itself: a silo that can't tell its cluster any more tries for minutes.
        _ = host.StopAsync(atOnce.Token).ContinueWith(_ => host.Dispose(), TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
