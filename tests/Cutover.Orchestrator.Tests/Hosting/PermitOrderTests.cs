using Cutover.Orchestrator.Endpoints;
using Microsoft.Extensions.DependencyInjection;

namespace Cutover.Orchestrator.Tests.Hosting;

public sealed class PermitOrderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_later_pass_takes_the_permit_over_and_the_earlier_one_cannot_give_it_back()
    {
        await using var host = await OrchestratorHost.StartAsync(folder, new FakeOrganisation(1, 1));
        var endpoint = Endpoint(host);
        var (earlier, later) = (Holder("a"), new PermitHolder("a", Guid.NewGuid()));
        Assert.True(await endpoint.TryAcquireAsync(earlier, PermitKind.Migration, new(1, 1), 0));
        Assert.True(await endpoint.TryAcquireAsync(later, PermitKind.Migration, new(1, 1), 0));
        var other = endpoint.TryAcquireAsync(Holder("b"), PermitKind.Migration, new(1, 1), 0);

        await endpoint.ReleaseAsync(earlier);
        Assert.False(other.IsCompleted);
        await endpoint.ReleaseAsync(later);
        Assert.True(await other);
    }

    [Fact]
    public async Task Permits_are_still_held_when_the_endpoint_moves_to_another_process()
    {
        await using (var first = await OrchestratorHost.StartAsync(folder, new FakeOrganisation(1, 1)))
            Assert.True(await Endpoint(first).TryAcquireAsync(Holder("a"), PermitKind.Migration, new(1, 1), 0));

        await using var second = await OrchestratorHost.StartAsync(folder, new FakeOrganisation(1, 1));
        var other = Endpoint(second).TryAcquireAsync(Holder("b"), PermitKind.Migration, new(1, 1), 0);
        await Endpoint(second).ForgetAsync("c");
        Assert.False(other.IsCompleted);
        await Endpoint(second).ForgetAsync("a");
        Assert.True(await other);
    }

    private static IMigrationEndpointGrain Endpoint(OrchestratorHost host) =>
        host.Services.GetRequiredService<IGrainFactory>().GetGrain<IMigrationEndpointGrain>("on-premises");

    private static PermitHolder Holder(string name) => new(name, Guid.Empty);

    [Fact]
    public async Task The_most_urgent_in_the_line_gets_the_next_permit()
    {
        await using var host = await OrchestratorHost.StartAsync(folder, new FakeOrganisation(1, 1));
        var endpoint = Endpoint(host);
        Assert.True(await endpoint.TryAcquireAsync(Holder("first"), PermitKind.Migration, new(1, 1), 0));
        (string Holder, long Urgency)[] line = [("small", 1), ("large", 50), ("middle", 7)];
        var asked = new List<Task<bool>>();
        foreach (var (holder, urgency) in line) asked.Add(endpoint.TryAcquireAsync(Holder(holder), PermitKind.Migration, new(1, 1), urgency));
        // Another kind has a line of its own.
        Assert.True(await endpoint.TryAcquireAsync(Holder("sync"), PermitKind.IncrementalSync, new(1, 1), 0));

        var order = new List<string>();
        for (var holder = "first"; order.Count < line.Length;)
        {
            await endpoint.ReleaseAsync(Holder(holder));
            var granted = await Task.WhenAny(asked.Where((_, i) => !order.Contains(line[i].Holder)));
            Assert.True(await granted);
            holder = line[asked.IndexOf(granted)].Holder;
            order.Add(holder);
        }

        Assert.Equal(["large", "middle", "small"], order);
    }
}
