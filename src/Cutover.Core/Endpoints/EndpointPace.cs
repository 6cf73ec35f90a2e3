namespace Cutover.Core.Endpoints;

/// <summary>How hard an endpoint may be driven beside its limits of mailboxes at once.</summary>
public sealed record EndpointPace
{
    public static EndpointPace Unlimited { get; } = new();

    /// <summary>Windows as <see cref="Endpoints.AllowedHours"/> reads them; none means always.</summary>
    public IReadOnlyList<string> AllowedHours { get; init; } = [];

    /// <summary>The time zone of <see cref="AllowedHours"/>; null takes this machine's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Bytes of item streams per second of all mailboxes and hosts together; null means no limit.</summary>
    public long? MaxBytesPerSecond { get; init; }

    /// <summary>How far the number of mailboxes at once may fall while the endpoint is in distress.</summary>
    public int MinConcurrentMigrations { get; init; } = 1;
}
