namespace Cutover.Orchestrator.Endpoints;

/// <summary>The permits of one kind at one endpoint: who has one, and who waits.</summary>
internal sealed class PermitLine(IReadOnlyDictionary<string, Guid> holding)
{
    private readonly Dictionary<string, Guid> holders = new(holding);
    private readonly List<Waiter> waiting = [];
    private int limit = 1;

    public IReadOnlyDictionary<string, Guid> Holders => holders;

    public int Limit
    {
        set
        {
            limit = value;
            Grant();
        }
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
        while (waiting.Count > 0 && holders.Count < limit)
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
