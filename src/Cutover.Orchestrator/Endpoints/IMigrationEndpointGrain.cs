namespace Cutover.Orchestrator.Endpoints;

/// <summary>What a permit is for; each has its own limit (S49).</summary>
public enum PermitKind
{
    Migration,
    IncrementalSync,
}

/// <summary>Holds one endpoint's concurrency limits. Its key is the endpoint's name.</summary>
public interface IMigrationEndpointGrain : IGrainWithStringKey
{
    /// <summary>
    /// Asks for a permit and waits in line for it, a few seconds at most; ask again when the answer is false, the place in the line is kept. Asking for a
    /// permit that the holder has gives it again.
    /// </summary>
    /// <param name="limit">How many permits of this kind there are, by the caller's latest knowledge.</param>
    /// <param name="urgency">Of those in the line the most urgent gets the next permit; of equals, who asked first.</param>
    Task<bool> TryAcquireAsync(string holder, PermitKind kind, int limit, long urgency);

    /// <summary>Gives the permit back, or leaves the line.</summary>
    Task ReleaseAsync(string holder);
}
