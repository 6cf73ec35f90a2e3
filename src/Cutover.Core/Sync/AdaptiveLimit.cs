namespace Cutover.Core.Sync;

/// <summary>
/// How many mailboxes at once an endpoint bears, between two bounds: halved when it is in distress (it asked for rest, or answers far slower than it can),
/// one more for each quiet period. Additive increase, multiplicative decrease, as TCP does (RFC 5681 3.1).
/// </summary>
public sealed class AdaptiveLimit(int lowest, int highest, TimeProvider clock)
{
    /// <summary>Between two changes, so that each is felt before the next.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private const double SlowFactor = 4;
    private static readonly TimeSpan AlwaysFast = TimeSpan.FromSeconds(2);

    private int highest = highest;
    private DateTimeOffset changed = DateTimeOffset.MinValue;
    private TimeSpan? best;

    public int Current { get; private set; } = highest;

    /// <summary>The administrator changed the bounds.</summary>
    public void SetBounds(int lowestNow, int highestNow)
    {
        // At the top it stays at the top: nothing was wrong.
        var wasAtTop = Current == highest;
        (lowest, highest) = (Math.Max(1, lowestNow), Math.Max(1, highestNow));
        Current = wasAtTop ? highest : Math.Clamp(Current, Math.Min(lowest, highest), highest);
    }

    /// <summary>Takes in how the endpoint fared with so many mailboxes at once; true when the limit changed.</summary>
    public bool Observe(EndpointHealth health, int inUse)
    {
        if (health.Latency is { } latency)
            best = best is { } known && known < latency ? known : latency;
        var inDistress = health.Pauses > 0 || health.Latency is { } now && now > AlwaysFast && now > best!.Value * SlowFactor;
        if (clock.GetUtcNow() < changed + Period || (!inDistress && health.RoundTrips == 0)) return false;
        var next = inDistress ? Math.Max(Math.Min(lowest, highest), Math.Min(Current, inUse) / 2) : Math.Min(highest, Current + 1);
        if (next == Current) return false;
        (Current, changed) = (next, clock.GetUtcNow());
        return true;
    }
}
