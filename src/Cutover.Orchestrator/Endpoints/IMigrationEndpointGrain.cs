using Cutover.Core.Sync;

namespace Cutover.Orchestrator.Endpoints;

/// <summary>What a permit is for; each has its own limit (S49).</summary>
public enum PermitKind
{
    Migration,
    IncrementalSync,
}

/// <summary>Who asks for a permit.</summary>
/// <param name="Name">The mailbox: <see cref="Users.UserKey"/>.</param>
/// <param name="Token">This pass of it. What an earlier one does late, as one on a host that stood still, has no effect.</param>
[GenerateSerializer, Immutable]
public readonly record struct PermitHolder([property: Id(0)] string Name, [property: Id(1)] Guid Token);

/// <summary>Between which bounds the number of permits adapts to the endpoint's health.</summary>
[GenerateSerializer, Immutable]
public readonly record struct PermitBounds([property: Id(0)] int Lowest, [property: Id(1)] int Highest);

/// <summary>An <see cref="EndpointHealth"/> on its way to the endpoint's grain.</summary>
[GenerateSerializer, Immutable]
public readonly record struct HealthReport([property: Id(0)] int Pauses, [property: Id(1)] TimeSpan Time, [property: Id(2)] long RoundTrips)
{
    public bool IsEmpty => Pauses == 0 && RoundTrips == 0;

    public static HealthReport Of(EndpointHealth health) => new(health.Pauses, health.Time, health.RoundTrips);

    public EndpointHealth ToHealth() => new(Pauses, Time, RoundTrips);
}

/// <summary>Holds one endpoint's concurrency limits across all hosts. Its key is the endpoint's name.</summary>
public interface IMigrationEndpointGrain : IGrainWithStringKey
{
    /// <summary>
    /// Asks for a permit and waits in line for it, a few seconds at most; ask again when the answer is false, the place in the line is kept. A mailbox has one
    /// permit: asking again takes over the one that an earlier pass of it left.
    /// </summary>
    /// <param name="bounds">How many permits of this kind there may be, by the caller's latest knowledge.</param>
    /// <param name="urgency">Of those in the line the most urgent gets the next permit; of equals, who asked first.</param>
    Task<bool> TryAcquireAsync(PermitHolder holder, PermitKind kind, PermitBounds bounds, long urgency);

    /// <summary>Gives the permit back, or leaves the line.</summary>
    Task ReleaseAsync(PermitHolder holder);

    /// <summary>Takes back whatever the mailbox holds, by whichever pass.</summary>
    Task ForgetAsync(string name);

    /// <summary>Takes in how the endpoint fared at a host; in distress there are fewer permits for a while.</summary>
    Task ObserveAsync(HealthReport health);

    /// <summary>Changes the bounds; permits that are given stay given.</summary>
    Task SetBoundsAsync(PermitKind kind, PermitBounds bounds);

    /// <summary>How many permits of the kind there are at the moment.</summary>
    Task<int> GetLimitAsync(PermitKind kind);
}
