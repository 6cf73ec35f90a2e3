using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Get-AcceptedDomain: the verified domains.</summary>
internal sealed class AcceptedDomainCmdlets(Tenant tenant)
{
    public IEnumerable<Cmdlet> All => [new("Get-AcceptedDomain", [], ["Identity", "ResultSize"], Get)];

    private IEnumerable<JsonObject> Get(CmdletCall call)
    {
        var verified = tenant.Domains.All.Where(domain => domain.IsVerified);
        if (call.Text("Identity") is not { } identity) return verified.Select(ToValue);
        var found = verified.FirstOrDefault(domain => domain.Name.Equals(identity, StringComparison.OrdinalIgnoreCase));
        return found is null ? throw CmdletException.NotFound(identity) : [ToValue(found)];
    }

    private static JsonObject ToValue(TenantDomain domain) => new()
    {
        ["Identity"] = domain.Name,
        ["Name"] = domain.Name,
        ["DomainName"] = domain.Name,
        ["DomainType"] = "Authoritative",
        ["Default"] = domain.IsDefault,
        ["InitialDomain"] = domain.IsInitial,
        ["MatchSubDomains"] = false,
        ["PendingRemoval"] = false,
        ["PendingCompletion"] = false,
        ["OutboundOnly"] = false,
        ["AuthenticationType"] = "Managed",
    };
}
