namespace Cutover.Orchestrator.Hosting;

/// <summary>What the orchestrator needs to know about where it runs.</summary>
public sealed record OrchestratorOptions
{
    /// <summary>The one SQLite file; made when it is not there. One process at a time holds it.</summary>
    public required string DatabaseFile { get; init; }

    /// <summary>Receipts, items kept aside and the receipt key are kept here.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>How long after a pass the next one begins by itself.</summary>
    public TimeSpan IncrementalSyncInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How the engine answers faults.</summary>
    public Core.Sync.FaultPolicyOptions Faults { get; init; } = new();
}
