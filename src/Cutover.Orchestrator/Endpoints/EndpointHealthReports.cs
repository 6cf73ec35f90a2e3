using Microsoft.Extensions.Hosting;

namespace Cutover.Orchestrator.Endpoints;

/// <summary>Tells each endpoint's grain now and then how the endpoint fared at this host.</summary>
internal sealed class EndpointHealthReports(IGrainFactory grains, EndpointGates gates, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            foreach (var gate in gates.All)
                await ReportAsync(gate.Endpoint, HealthReport.Of(gate.TakeHealth()), stoppingToken);
    }

    private async Task ReportAsync(string endpoint, HealthReport health, CancellationToken ct)
    {
        if (health.IsEmpty) return;
        try
        {
            await grains.GetGrain<IMigrationEndpointGrain>(endpoint).ObserveAsync(health).WaitAsync(ct);
        }
        catch (Exception unheard) when (unheard is OrleansException or TimeoutException)
        {
            // The next one is heard; a single report decides nothing.
        }
    }
}
