using System.Collections.Concurrent;
using Cutover.Core.Sync;

namespace Cutover.Orchestrator.Endpoints;

/// <summary>The gates of this process, one per endpoint name.</summary>
public sealed class EndpointGates(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, EndpointGate> gates = new(StringComparer.OrdinalIgnoreCase);

    public EndpointGate this[string endpoint] => gates.GetOrAdd(endpoint, name => new EndpointGate(name, clock));
}
