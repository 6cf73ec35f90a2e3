using Orleans.Concurrency;

namespace Cutover.Orchestrator.Endpoints;

/// <summary>
/// Permits in order of urgency. Who holds one is saved before it is told, so that the limit also holds when this grain moves to another host while mailboxes
/// go on elsewhere. Who waits is not: they ask again.
/// </summary>
[Reentrant]
internal sealed class MigrationEndpointGrain([PersistentState("endpoint")] IPersistentState<MigrationEndpointState> persistent, TimeProvider clock)
    : Grain, IMigrationEndpointGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim saving = new(1);
    private Dictionary<PermitKind, PermitLine> lines = [];
    private bool isDirty;

    public override Task OnActivateAsync(CancellationToken ct)
    {
        lines = Enum.GetValues<PermitKind>().ToDictionary(kind => kind, kind => new PermitLine(persistent.State.HoldersOf(kind), clock));
        return Task.CompletedTask;
    }

    public async Task<bool> TryAcquireAsync(PermitHolder holder, PermitKind kind, PermitBounds bounds, long urgency)
    {
        var line = lines[kind];
        line.SetBounds(bounds);
        foreach (var other in lines.Values.Where(other => other != line))
            isDirty |= other.Forget(holder.Name);
        var granted = line.Ask(holder, urgency);
        if (!granted.IsCompleted)
            await Task.WhenAny(granted, Task.Delay(Patience, clock));
        if (!granted.IsCompletedSuccessfully) return false;
        isDirty = true;
        await SaveAsync();
        return true;
    }

    public Task ReleaseAsync(PermitHolder holder) => ChangeAsync(line => line.Release(holder));

    public Task ForgetAsync(string name) => ChangeAsync(line => line.Forget(name));

    public Task ObserveAsync(HealthReport health)
    {
        foreach (var line in lines.Values)
            line.Observe(health.ToHealth());
        return Task.CompletedTask;
    }

    public Task SetBoundsAsync(PermitKind kind, PermitBounds bounds)
    {
        lines[kind].SetBounds(bounds);
        return Task.CompletedTask;
    }

    public Task<int> GetLimitAsync(PermitKind kind) => Task.FromResult(lines[kind].Limit);

    private Task ChangeAsync(Func<PermitLine, bool> change)
    {
        foreach (var line in lines.Values)
            isDirty |= change(line);
        return SaveAsync();
    }

    /// <summary>One write for all that changed since the last.</summary>
    private async Task SaveAsync()
    {
        await saving.WaitAsync();
        try
        {
            if (!isDirty) return;
            isDirty = false;
            persistent.State.Holders = lines.ToDictionary(line => line.Key, line => line.Value.Holders.ToDictionary());
            await persistent.WriteStateAsync();
        }
        catch
        {
            isDirty = true;
            throw;
        }
        finally
        {
            saving.Release();
        }
    }
}

/// <summary>What of an endpoint survives the process.</summary>
[GenerateSerializer]
public sealed class MigrationEndpointState
{
    /// <summary>By kind, the mailboxes that have a permit, each with the token of its pass.</summary>
    [Id(0)]
    public Dictionary<PermitKind, Dictionary<string, Guid>> Holders { get; set; } = [];

    internal Dictionary<string, Guid> HoldersOf(PermitKind kind) => Holders.GetValueOrDefault(kind) ?? [];
}
