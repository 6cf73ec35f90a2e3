using Cutover.Orchestrator.Batches;
using Cutover.Orchestrator.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cutover.Orchestrator.Hosting;

/// <summary>
/// Goes on with every batch that an earlier process left under way when the silo is up, and with what another host had when that one is declared dead; the
/// reminders would, but only after a minute.
/// </summary>
internal sealed partial class BatchResumption(
    IGrainFactory grains, BatchStore batches, ISiloStatusOracle silos, TimeProvider clock, ILogger<BatchResumption> logger) : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim due = new(1);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead && !updatedSilo.Equals(silos.SiloAddress)) due.Release();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        silos.SubscribeToSiloStatusEvents(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            await due.WaitAsync(stoppingToken);
            await ResumeAsync(stoppingToken);
        }
    }

    private async Task ResumeAsync(CancellationToken ct)
    {
        try
        {
            foreach (var name in await batches.GetNamesAsync(ct))
                await grains.GetGrain<IMigrationBatchGrain>(name.Value).ResumeAsync().WaitAsync(ct);
        }
        catch (Exception early) when (early is OrleansException or TimeoutException)
        {
            // The silo is still joining, or the host that has the grain is just going.
            LogAgain(early);
            await Task.Delay(Pause, clock, ct);
            due.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The batches could not be resumed yet; trying again")]
    private partial void LogAgain(Exception reason);
}
