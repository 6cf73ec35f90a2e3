using Cutover.Core.Sync;

namespace Cutover.Orchestrator.Endpoints;

/// <summary>The permits of one kind at one endpoint: who has one, and who waits. Twenty thousand mailboxes may wait, so nothing here looks at each.</summary>
internal sealed class PermitLine(IReadOnlyDictionary<string, Guid> holding, TimeProvider clock)
{
    private readonly Dictionary<string, Guid> holders = new(holding);
    private readonly Dictionary<string, Waiter> waiting = [];
    private readonly SortedSet<Waiter> order = new(Comparer<Waiter>.Create((a, b) => a.Urgency != b.Urgency ? b.Urgency.CompareTo(a.Urgency) : a.Place.CompareTo(b.Place)));
    private AdaptiveLimit? limit;
    private long places;

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

        if (!waiting.TryGetValue(holder.Name, out var waiter))
            order.Add(waiting[holder.Name] = waiter = new Waiter(urgency, ++places));
        waiter.Holder = holder;
        Grant();
        return waiter.Granted.Task;
    }

    /// <summary>True when somebody had a permit that is free now.</summary>
    public bool Release(PermitHolder holder)
    {
        if (waiting.TryGetValue(holder.Name, out var waiter) && waiter.Holder == holder) Leave(waiter);
        return holders.TryGetValue(holder.Name, out var token) && token == holder.Token && Forget(holder.Name);
    }

    /// <summary>True when somebody had a permit that is free now.</summary>
    public bool Forget(string name)
    {
        if (waiting.TryGetValue(name, out var waiter)) Leave(waiter);
        var had = holders.Remove(name);
        Grant();
        return had;
    }

    private void Leave(Waiter waiter)
    {
        waiting.Remove(waiter.Holder.Name);
        order.Remove(waiter);
    }

    private void Grant()
    {
        while (order.Min is { } next && holders.Count < Limit)
        {
            Leave(next);
            holders.Add(next.Holder.Name, next.Holder.Token);
            next.Granted.SetResult();
        }
    }

    private sealed class Waiter(long urgency, long place)
    {
        public PermitHolder Holder { get; set; }

        public long Urgency { get; } = urgency;

        public long Place { get; } = place;

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
