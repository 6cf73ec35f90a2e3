using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.ExchangeOnline;
using Cutover.Endpoints.Microsoft365.Graph;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>What every recipient needs to know of the tenant; asked once.</summary>
internal sealed class TenantFacts(GraphClient graph, ExchangeOnlineClient exchange, Microsoft365Settings settings)
{
    private readonly SemaphoreSlim asking = new(1, 1);
    private GraphOrganization? organization;
    private HashSet<string>? accepted;

    public async Task<string> GetUsageLocationAsync(CancellationToken ct)
    {
        if (settings.UsageLocation.Length > 0) return settings.UsageLocation;
        var tenant = await GetOrganizationAsync(ct);
        return tenant.DefaultUsageLocation ?? tenant.CountryLetterCode ?? throw new MigrationFault(
            FaultScope.Operator, "Licences need a usage location, and neither the endpoint nor the tenant names one.",
                "Set UsageLocation of the endpoint, such as NL.");
    }

    public async Task<string> GetInitialDomainAsync(CancellationToken ct) => Microsoft365Domains.InitialDomain(await GetOrganizationAsync(ct));

    /// <summary>The domain of the recipient's primary address, which users sign in with.</summary>
    public async Task<string> RequireVerifiedDomainAsync(Recipient recipient, CancellationToken ct)
    {
        var domain = RecipientAddresses.DomainOf(recipient.PrimarySmtpAddress);
        var tenant = await GetOrganizationAsync(ct);
        if (IsVerified(tenant, domain)) return domain;
        await ForgetAsync(ct);
        if (IsVerified(await GetOrganizationAsync(ct), domain)) return domain;
        throw new MigrationFault(FaultScope.Item, $"{recipient.PrimarySmtpAddress} can't be created: {domain} is not a verified domain of the tenant.",
            $"Add and verify {domain} (cutover domain), or give the recipient a primary address in a verified domain.");
    }

    /// <summary>The domains that Exchange Online takes addresses in.</summary>
    public async Task<IReadOnlySet<string>> GetAcceptedDomainsAsync(CancellationToken ct)
    {
        await asking.WaitAsync(ct);
        try
        {
            return accepted ??= [.. (await exchange.InvokeAsync("Get-AcceptedDomain", [], ct))
                .Select(domain => domain.Text("DomainName")?.ToLowerInvariant()).OfType<string>()];
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>Asks again the next time: a domain was verified a moment ago.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        await asking.WaitAsync(ct);
        (organization, accepted) = (null, null);
        asking.Release();
    }

    private static bool IsVerified(GraphOrganization tenant, string domain) =>
        tenant.VerifiedDomains?.Any(verified => domain.Equals(verified.Name, StringComparison.OrdinalIgnoreCase)) == true;

    private async Task<GraphOrganization> GetOrganizationAsync(CancellationToken ct)
    {
        await asking.WaitAsync(ct);
        try
        {
            return organization ??= await Microsoft365Domains.GetOrganizationAsync(graph, ct);
        }
        finally
        {
            asking.Release();
        }
    }
}
