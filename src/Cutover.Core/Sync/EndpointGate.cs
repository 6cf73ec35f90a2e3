namespace Cutover.Core.Sync;

/// <summary>
/// What stands before an endpoint that asked for rest. All mailboxes of the endpoint in this process share one, so that one answer of
/// "too many requests" quiets them all.
/// </summary>
public sealed class EndpointGate(string endpoint, TimeProvider clock)
{
    private readonly Lock sync = new();
    private TaskCompletionSource lifted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset until = DateTimeOffset.MinValue;

    public string Endpoint { get; } = endpoint;

    /// <summary>When requests may go on; null when they may now.</summary>
    public DateTimeOffset? PausedUntil
    {
        get
        {
            lock (sync)
                return until > clock.GetUtcNow() ? until : null;
        }
    }

    /// <summary>Asks nothing of the endpoint for this long. A longer pause that is under way stays.</summary>
    public void Pause(TimeSpan duration)
    {
        lock (sync)
            until = Later(until, clock.GetUtcNow() + duration);
    }

    /// <summary>Ends a pause early, as after the administrator changed the endpoint.</summary>
    public void Lift()
    {
        TaskCompletionSource waiting;
        lock (sync)
        {
            until = DateTimeOffset.MinValue;
            (waiting, lifted) = (lifted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiting.TrySetResult();
    }

    /// <summary>Returns when requests may go on.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        while (NextWait() is var (duration, whenLifted) && duration > TimeSpan.Zero)
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(Task.Delay(duration, clock, linked.Token), whenLifted);
            await linked.CancelAsync();
            ct.ThrowIfCancellationRequested();
        }
    }

    private (TimeSpan Duration, Task Lifted) NextWait()
    {
        lock (sync)
            return (until - clock.GetUtcNow(), lifted.Task);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
