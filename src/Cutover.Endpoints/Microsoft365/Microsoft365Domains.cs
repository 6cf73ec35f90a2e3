using System.Net;
using Cutover.Core.Domains;
using Cutover.Core.Faults;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365;

/// <summary>The tenant's domains through Graph. What the tenant says is passed on as it is; the MX above all.</summary>
public sealed class Microsoft365Domains : IDomainDirectory
{
    private const string Email = "Email";

    private readonly GraphClient graph;

    internal Microsoft365Domains(GraphClient graph) => this.graph = graph;

    public Task<TenantInfo> GetTenantAsync(CancellationToken ct) => Refusals.NameAsync("describe the tenant", FaultScope.Operator, async () =>
    {
        var organization = await GetOrganizationAsync(graph, ct);
        var skus = await graph.ListAsync("subscribedSkus", GraphJson.Default.GraphPageSubscribedSku, ct).ToListAsync(ct);
        return new TenantInfo(
            organization.Id, organization.DisplayName ?? organization.Id, organization.OnPremisesSyncEnabled, InitialDomain(organization),
            skus.Where(MailboxPlans.GivesMailbox).Sum(MailboxPlans.FreeSeats));
    });

    public Task<bool> EnsureDomainAsync(string domain, CancellationToken ct) => Refusals.NameAsync($"add the domain {domain}",
        FaultScope.Operator, async () =>
    {
        var found = await FindAsync(domain, ct) ?? await AddAsync(domain, ct);
        if (found.AuthenticationType == "Federated")
            throw new MigrationFault(FaultScope.Operator, $"The domain {domain} is federated in the tenant, so that new users can't sign in by a password.",
                "Convert the domain to managed authentication first.");
        if (found.IsVerified == true) await RequestEmailAsync(found, ct);
        return found.IsVerified == true;
    });

    public Task<TxtRecord> GetVerificationRecordAsync(string domain, CancellationToken ct) =>
        Refusals.NameAsync($"tell the verification record of {domain}", FaultScope.Operator, async () =>
        {
            var records = await ListRecordsAsync(domain, "verificationDnsRecords", ct);
            return records.OfType<TxtRecord>().FirstOrDefault() ?? throw new MigrationFault(
                FaultScope.Operator, $"The tenant names no TXT record that proves {domain}.",
                    "Look at the domain in the Microsoft 365 admin centre.");
        });

    public Task<bool> TryVerifyAsync(string domain, CancellationToken ct) => Refusals.NameAsync($"verify {domain}", FaultScope.Operator, async () =>
    {
        try
        {
            await graph.PostAsync($"{PathOf(domain)}/verify", GraphJson.Default.GraphDomain, ct);
        }
        catch (ServiceRefusal refusal) when (IsNotYet(refusal))
        {
            return false;
        }
        catch (ServiceRefusal refusal) when (refusal.Text.Contains("already verified", StringComparison.OrdinalIgnoreCase))
        {
        }

        if (await FindAsync(domain, ct) is { } found) await RequestEmailAsync(found, ct);
        return true;
    });

    public Task<IReadOnlyList<DnsRecord>> GetServiceRecordsAsync(string domain, CancellationToken ct) =>
        Refusals.NameAsync($"tell the DNS records of {domain}", FaultScope.Operator,
            () => ListRecordsAsync(domain, "serviceConfigurationRecords", ct));

    internal static async Task<GraphOrganization> GetOrganizationAsync(GraphClient graph, CancellationToken ct)
    {
        const string path = "organization?$select=id,displayName,onPremisesSyncEnabled,defaultUsageLocation,countryLetterCode,verifiedDomains";
        var page = await graph.GetAsync(path, GraphJson.Default.GraphPageGraphOrganization, ct);
        return page.Value?.FirstOrDefault() ?? throw new MigrationFault(
            FaultScope.Operator, "Graph shows no organisation to the application.",
                "Give the application Organization.Read.All and grant admin consent.");
    }

    internal static string InitialDomain(GraphOrganization organization) => organization.VerifiedDomains?.FirstOrDefault(domain => domain.IsInitial)?.Name ?? "";

    private Task<GraphDomain?> FindAsync(string domain, CancellationToken ct) => graph.FindAsync(PathOf(domain), GraphJson.Default.GraphDomain, ct);

    private async Task<GraphDomain> AddAsync(string domain, CancellationToken ct)
    {
        try
        {
            return await graph.PostAsync("domains", new NewDomain(domain), GraphJson.Default.NewDomain, GraphJson.Default.GraphDomain, ct);
        }
        catch (Exception failure) when (IsThereAlready(failure))
        {
            return await FindAsync(domain, ct) ?? throw new MigrationFault(
                FaultScope.Operator, $"The domain {domain} can't be added: {failure.Message}",
                    "If it belongs to another tenant, remove it there first.", failure);
        }
    }

    /// <summary>Somebody added it before us, or we did and got no answer.</summary>
    private static bool IsThereAlready(Exception failure) => failure switch
    {
        MigrationFault fault => fault.OutcomeUnknown,
        ServiceRefusal refusal => refusal.Is(HttpStatusCode.Conflict) || refusal.Text.Contains("already exists", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>A domain has mail records only when it is meant for mail.</summary>
    private async Task RequestEmailAsync(GraphDomain domain, CancellationToken ct)
    {
        var services = domain.SupportedServices ?? [];
        if (services.Contains(Email, StringComparer.OrdinalIgnoreCase)) return;
        await graph.SendAsync(HttpMethod.Patch, PathOf(domain.Id), new DomainServices([.. services, Email]), GraphJson.Default.DomainServices,
            Repetition.Allowed, ct);
    }

    private async Task<IReadOnlyList<DnsRecord>> ListRecordsAsync(string domain, string list, CancellationToken ct)
    {
        var records = await graph.ListAsync($"{PathOf(domain)}/{list}", GraphJson.Default.GraphPageDomainDnsRecord, ct).ToListAsync(ct);
        return [.. records.Select(record => ToRecord(record, domain)).OfType<DnsRecord>()];
    }

    private static DnsRecord? ToRecord(DomainDnsRecord record, string domain)
    {
        var name = record.Label is { Length: > 0 } label and not "@" ? label : domain;
        var ttl = TimeSpan.FromSeconds(record.Ttl ?? 3600);
        return record switch
        {
            { MailExchange: { } host } => new MxRecord(name, ttl, record.Preference ?? 0, host),
            { Text: { } text } => new TxtRecord(name, ttl, text),
            { CanonicalName: { } canonical } when record.SupportedService is null or "" or Email => new CNameRecord(name, ttl, canonical),
            // SRV records and others serve Teams, not mail.
            _ => null,
        };
    }

    private static bool IsNotYet(ServiceRefusal refusal) => refusal.Is(HttpStatusCode.BadRequest)
        && refusal.Text.Contains("verification failed", StringComparison.OrdinalIgnoreCase)
        && !refusal.Text.Contains("another tenant", StringComparison.OrdinalIgnoreCase);

    private static string PathOf(string domain) => $"domains/{GraphClient.Segment(domain)}";
}
