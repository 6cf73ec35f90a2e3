namespace Cutover.Benchmarks;

/// <summary>
/// A clock that jumps to whatever comes next, and the one thread on which everything happens: days pass in seconds, and every run is the same.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly PriorityQueue<(VirtualTimer Timer, int Setting), (long Due, long Order)> timers = new();
    private readonly Posted posted = new();
    private long now;
    private long order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs the work to its end and returns how long it took on this clock.</summary>
    public TimeSpan Run(Func<Task> work)
    {
        var (before, started) = (SynchronizationContext.Current, now);
        SynchronizationContext.SetSynchronizationContext(posted);
        try
        {
            var task = work();
            for (posted.RunAll(); !task.IsCompleted; posted.RunAll()) RunNextTimer();
            task.GetAwaiter().GetResult();
            return TimeSpan.FromTicks(now - started);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void RunNextTimer()
    {
        if (!timers.TryDequeue(out var next, out var place)) throw new InvalidOperationException("Everything waits, and for nothing.");
        if (!next.Timer.IsSetAs(next.Setting)) return;
        now = Math.Max(now, place.Due);
        next.Timer.Fire();
    }

    private sealed class VirtualTimer(VirtualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private int setting;

        public bool IsSetAs(int other) => setting == other;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            setting++;
            if (dueTime >= TimeSpan.Zero) clock.timers.Enqueue((this, setting), (clock.now + dueTime.Ticks, clock.order++));
            return true;
        }

        public void Dispose() => setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Posted : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> queue = [];

        public override void Post(SendOrPostCallback d, object? state) => queue.Enqueue((d, state));

        public void RunAll()
        {
            while (queue.TryDequeue(out var next)) next.Callback(next.State);
        }
    }
}
