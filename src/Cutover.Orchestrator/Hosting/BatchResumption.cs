using Cutover.Orchestrator.Batches;
using Cutover.Orchestrator.Storage;
using Microsoft.Extensions.Hosting;

namespace Cutover.Orchestrator.Hosting;

/// <summary>When the silo is up, goes on with every batch that an earlier process left under way; the reminders would, but only after a minute.</summary>
internal sealed class BatchResumption(IGrainFactory grains, BatchStore batches) : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var name in batches.Names())
            await grains.GetGrain<IMigrationBatchGrain>(name.Value).ResumeAsync();
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
