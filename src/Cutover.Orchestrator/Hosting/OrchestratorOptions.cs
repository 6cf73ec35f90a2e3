using System.Net;

namespace Cutover.Orchestrator.Hosting;

/// <summary>What the orchestrator needs to know about where it runs.</summary>
public sealed record OrchestratorOptions
{
    /// <summary>The one SQLite file; made when it is not there. One process at a time holds it. Not used with a <see cref="Cluster"/>.</summary>
    public required string DatabaseFile { get; init; }

    /// <summary>Receipts, items kept aside and the receipt key are kept here; the hosts of a cluster share it.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>Several hosts over one PostgreSQL database; null for one process with its own file.</summary>
    public ClusterHost? Cluster { get; init; }

    /// <summary>How long after a pass the next one begins by itself.</summary>
    public TimeSpan IncrementalSyncInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How the engine answers faults.</summary>
    public Core.Sync.FaultPolicyOptions Faults { get; init; } = new();
}

/// <summary>This process as a host of a cluster.</summary>
/// <param name="Name">Its own name, the same after a restart; no other host has it.</param>
/// <param name="ConnectionString">Of the PostgreSQL database; never shown.</param>
/// <param name="Address">Where the other hosts reach this one.</param>
/// <param name="SiloPort">The TCP port that the other hosts connect to; 0 takes a free one.</param>
public sealed record ClusterHost(string Name, string ConnectionString, IPAddress Address, int SiloPort)
{
    public override string ToString() => $"{Name} at {Address}:{SiloPort}";
}
