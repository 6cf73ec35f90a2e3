using System.Collections.Concurrent;
using Cutover.Core.Endpoints;
using Cutover.Core.Sync;

namespace Cutover.Orchestrator.Endpoints;

/// <summary>The gates of this process, one per endpoint name.</summary>
internal sealed class EndpointGates(TimeProvider clock, ISiloStatusOracle silos)
{
    private readonly ConcurrentDictionary<string, EndpointGate> gates = new(StringComparer.OrdinalIgnoreCase);

    public EndpointGate this[string endpoint] => gates.GetOrAdd(endpoint, name => new EndpointGate(name, clock));

    public IEnumerable<EndpointGate> All => gates.Values;

    /// <summary>The endpoint's gate with the pace that the endpoint has now; the hosts share its bandwidth.</summary>
    public EndpointGate Open(MigrationEndpoint endpoint)
    {
        var gate = this[endpoint.Name];
        gate.Keep(endpoint.Pace, silos.GetApproximateSiloStatuses(onlyActive: true).Count);
        return gate;
    }
}
