namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>How patient one request is before the engine hears of it.</summary>
public sealed record RetryOptions
{
    /// <summary>How often a request is made in all.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The first back-off where the service names none; it doubles each time, less up to half of it at random.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A longer Retry-After is the engine's to wait for.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an answer may take to begin.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The wait before attempt <paramref name="attempt"/> + 1, counted from 1.</summary>
    public TimeSpan BackOff(int attempt)
    {
        var whole = Math.Min(MaxDelay.Ticks, FirstDelay.Ticks * Math.Pow(2, attempt - 1));
        return TimeSpan.FromTicks((long)(whole * (1 - Random.Shared.NextDouble() / 2)));
    }
}
