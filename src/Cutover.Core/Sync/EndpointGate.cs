using System.Globalization;
using Cutover.Core.Endpoints;
using Cutover.Core.Telemetry;

namespace Cutover.Core.Sync;

/// <summary>
/// What stands before an endpoint: it asked for rest, it is outside its allowed hours, or its bandwidth is spent. All mailboxes of the endpoint in this process
/// share one, so that one answer of "too many requests" quiets them all.
/// </summary>
public sealed class EndpointGate(string endpoint, TimeProvider clock)
{
    /// <summary>What may be spent at once before it is earned; shorter than anybody notices.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private TaskCompletionSource lifted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset until = DateTimeOffset.MinValue;
    private AllowedHours hours = AllowedHours.Always;
    private double? bytesPerSecond;
    private long earned;
    private EndpointHealth health = EndpointHealth.Good;

    public string Endpoint { get; } = endpoint;

    /// <summary>When requests may go on after the endpoint asked for rest; null when it did not.</summary>
    public DateTimeOffset? PausedUntil
    {
        get
        {
            lock (sync)
                return until > clock.GetUtcNow() ? until : null;
        }
    }

    /// <summary>Why requests wait at the moment, for the administrator; null when they don't.</summary>
    public string? Waiting
    {
        get
        {
            lock (sync)
            {
                var now = clock.GetUtcNow();
                if (until > now) return string.Create(CultureInfo.InvariantCulture, $"{Endpoint} asked for rest until {until:HH:mm:ss} UTC.");
                if (hours.NextOpening(now) is var opens && opens > now) return string.Create(CultureInfo.InvariantCulture, $"{Endpoint} is outside its allowed hours until {opens:ddd HH:mm} UTC.");
                return Owed() > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{Endpoint} is held to {bytesPerSecond / 1e6:N1} MB/s.") : null;
            }
        }
    }

    /// <summary>Takes up the pace as the endpoint's definition has it now.</summary>
    /// <param name="hosts">How many hosts share the bandwidth.</param>
    /// <exception cref="FormatException">Its hours can't be read.</exception>
    public void Keep(EndpointPace pace, int hosts)
    {
        var allowed = pace.AllowedHours.Count == 0 ? AllowedHours.Always : AllowedHours.Parse(pace.AllowedHours, pace.TimeZone);
        lock (sync)
            (hours, bytesPerSecond) = (allowed, (double?)pace.MaxBytesPerSecond / Math.Max(1, hosts));
    }

    /// <summary>Asks nothing of the endpoint for this long. A longer pause that is under way stays.</summary>
    public void Pause(TimeSpan duration)
    {
        EngineTelemetry.Paused(Endpoint);
        lock (sync)
        {
            until = Later(until, clock.GetUtcNow() + duration);
            health = health with { Pauses = health.Pauses + 1 };
        }
    }

    /// <summary>These bytes went to or came from the endpoint: what exceeds its bandwidth is waited for before the next call.</summary>
    public void Spend(long bytes)
    {
        lock (sync)
        {
            if (bytesPerSecond is { } rate)
                earned = Math.Max(earned, clock.GetTimestamp()) + (long)(bytes / rate * clock.TimestampFrequency);
        }
    }

    /// <summary>The endpoint took this long for so many round trips.</summary>
    public void Observe(TimeSpan elapsed, long roundTrips)
    {
        lock (sync)
            health = health with { Time = health.Time + elapsed, RoundTrips = health.RoundTrips + roundTrips };
    }

    /// <summary>What was observed since the last time this was asked.</summary>
    public EndpointHealth TakeHealth()
    {
        lock (sync)
        {
            (var taken, health) = (health, EndpointHealth.Good);
            return taken;
        }
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
            await Task.WhenAny(Task.Delay(duration < LongestDelay ? duration : LongestDelay, clock, linked.Token), whenLifted);
            await linked.CancelAsync();
            ct.ThrowIfCancellationRequested();
        }
    }

    // Hours may change, and the clock may be set, while somebody waits.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private (TimeSpan Duration, Task Lifted) NextWait()
    {
        lock (sync)
        {
            var now = clock.GetUtcNow();
            var rest = Later(until, hours.NextOpening(now)) - now;
            return (rest > Owed() ? rest : Owed(), lifted.Task);
        }
    }

    private TimeSpan Owed()
    {
        var now = clock.GetTimestamp();
        return earned <= now || bytesPerSecond is null ? TimeSpan.Zero : clock.GetElapsedTime(now, earned) - Burst;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>How an endpoint fared for a while.</summary>
/// <param name="Pauses">How often it asked for rest.</param>
/// <param name="Time">How long its answers were waited for, together.</param>
public sealed record EndpointHealth(int Pauses, TimeSpan Time, long RoundTrips)
{
    public static EndpointHealth Good { get; } = new(0, TimeSpan.Zero, 0);

    /// <summary>Null when nothing was asked.</summary>
    public TimeSpan? Latency => RoundTrips == 0 ? null : Time / RoundTrips;
}
