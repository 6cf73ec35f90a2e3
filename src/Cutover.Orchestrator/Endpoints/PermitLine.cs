using Cutover.Core.Sync;

namespace Cutover.Orchestrator.Endpoints;

/// <summary>The permits of one kind at one endpoint: who has one, and who waits.</summary>
internal sealed class PermitLine(IReadOnlyDictionary<string, Guid> holding, TimeProvider clock)
{
    private readonly Dictionary<string, Guid> holders = new(holding);
    private readonly List<Waiter> waiting = [];
    private AdaptiveLimit? limit;

    public IReadOnlyDictionary<string, Guid> Holders => holders;

    /// <summary>Permits that there are; none before anybody said how many there may be.</summary>
    public int Limit => limit?.Current ?? 0;

    public void SetBounds(PermitBounds bounds)
    {
        limit ??= new AdaptiveLimit(bounds.Lowest, bounds.Highest, clock);
        limit.SetBounds(bounds.Lowest, bounds.Highest);
        Grant();
    }

    public void Observe(EndpointHealth health)
    {
        if (limit?.Observe(health, holders.Count) == true) Grant();
    }

    /// <summary>Completes when the holder has a permit.</summary>
    public Task Ask(PermitHolder holder, long urgency)
    {
        if (holders.ContainsKey(holder.Name))
        {
            holders[holder.Name] = holder.Token;
            return Task.CompletedTask;
        }

        var waiter = waiting.Find(one => one.Holder.Name == holder.Name);
        if (waiter is null)
            waiting.Add(waiter = new Waiter(urgency));
        waiter.Holder = holder;
        Grant();
        return waiter.Granted.Task;
    }

    /// <summary>True when somebody had a permit that is free now.</summary>
    public bool Release(PermitHolder holder)
    {
        waiting.RemoveAll(waiter => waiter.Holder == holder);
        return holders.TryGetValue(holder.Name, out var token) && token == holder.Token && Forget(holder.Name);
    }

    /// <summary>True when somebody had a permit that is free now.</summary>
    public bool Forget(string name)
    {
        waiting.RemoveAll(waiter => waiter.Holder.Name == name);
        var had = holders.Remove(name);
        Grant();
        return had;
    }

    private void Grant()
    {
        while (waiting.Count > 0 && holders.Count < Limit)
        {
            var next = waiting.MaxBy(waiter => waiter.Urgency)!;
            waiting.Remove(next);
            holders.Add(next.Holder.Name, next.Holder.Token);
            next.Granted.SetResult();
        }
    }

    private sealed class Waiter(long urgency)
    {
        public PermitHolder Holder { get; set; }

        public long Urgency { get; } = urgency;

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
