using Cutover.Orchestrator.Endpoints;
using Microsoft.Extensions.DependencyInjection;

namespace Cutover.Orchestrator.Tests.Hosting;

public sealed class PermitOrderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_most_urgent_in_the_line_gets_the_next_permit()
    {
        await using var host = await OrchestratorHost.StartAsync(folder, new FakeOrganisation(1, 1));
        var endpoint = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IMigrationEndpointGrain>("on-premises");
        Assert.True(await endpoint.TryAcquireAsync("first", PermitKind.Migration, 1, 0));
        (string Holder, long Urgency)[] line = [("small", 1), ("large", 50), ("middle", 7)];
        var asked = new List<Task<bool>>();
        foreach (var (holder, urgency) in line) asked.Add(endpoint.TryAcquireAsync(holder, PermitKind.Migration, 1, urgency));
        // Another kind has a line of its own.
        Assert.True(await endpoint.TryAcquireAsync("sync", PermitKind.IncrementalSync, 1, 0));

        var order = new List<string>();
        for (var holder = "first"; order.Count < line.Length;)
        {
            await endpoint.ReleaseAsync(holder);
            var granted = await Task.WhenAny(asked.Where((_, i) => !order.Contains(line[i].Holder)));
            Assert.True(await granted);
            holder = line[asked.IndexOf(granted)].Holder;
            order.Add(holder);
        }

        Assert.Equal(["large", "middle", "small"], order);
    }
}
