using Orleans.Concurrency;

namespace Cutover.Orchestrator.Endpoints;

/// <summary>
/// Permits in order of urgency. They live in memory: a permit means work that is under way in this process, and both end together.
/// </summary>
[Reentrant]
internal sealed class MigrationEndpointGrain(TimeProvider clock) : Grain, IMigrationEndpointGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<PermitKind, Line> lines = new()
    {
        [PermitKind.Migration] = new Line(),
        [PermitKind.IncrementalSync] = new Line(),
    };

    public async Task<bool> TryAcquireAsync(string holder, PermitKind kind, int limit, long urgency)
    {
        var line = lines[kind];
        line.Limit = limit;
        var granted = line.Ask(holder, urgency);
        if (!granted.IsCompleted)
            await Task.WhenAny(granted, Task.Delay(Patience, clock));
        return granted.IsCompletedSuccessfully;
    }

    public Task ReleaseAsync(string holder)
    {
        foreach (var line in lines.Values)
            line.Release(holder);
        return Task.CompletedTask;
    }

    private sealed class Line
    {
        private readonly HashSet<string> holders = [];
        private readonly List<(string Holder, long Urgency, TaskCompletionSource Granted)> waiting = [];
        private int limit = 1;

        public int Limit
        {
            set
            {
                limit = value;
                Grant();
            }
        }

        public Task Ask(string holder, long urgency)
        {
            if (holders.Contains(holder))
                return Task.CompletedTask;
            var place = waiting.FindIndex(waiter => waiter.Holder == holder);
            if (place < 0)
            {
                place = waiting.Count;
                waiting.Add((holder, urgency, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
            }

            var granted = waiting[place].Granted.Task;
            Grant();
            return granted;
        }

        public void Release(string holder)
        {
            holders.Remove(holder);
            waiting.RemoveAll(waiter => waiter.Holder == holder);
            Grant();
        }

        private void Grant()
        {
            while (waiting.Count > 0 && holders.Count < limit)
            {
                var next = waiting.MaxBy(waiter => waiter.Urgency);
                waiting.Remove(next);
                holders.Add(next.Holder);
                next.Granted.SetResult();
            }
        }
    }
}
