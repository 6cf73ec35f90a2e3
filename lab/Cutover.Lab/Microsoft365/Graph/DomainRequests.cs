using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>The domains of the tenant: adding, proving, the services they carry, the DNS records they need.</summary>
internal sealed partial class DomainRequests(Tenant tenant)
{
    private static readonly string[] KnownServices =
    [
        "Email", "Sharepoint", "EmailInternalRelayOnly", "OfficeCommunicationsOnline", "SharePointDefaultDomain", "FullRedelegation",
        "SharePointPublic", "OrgIdAuthentication", "Yammer", "Intune",
    ];

    private readonly DomainVerification verification = new(tenant.Options.DnsServer);

    public void Map(GraphOperations operations)
    {
        operations.Get("/domains", request => Task.FromResult(
            request.Collection(tenant.Domains.All.Select(domain => request.Select(ToJson(domain))), "domains")));
        operations.Post("/domains", request => Task.FromResult(Create(request)));
        operations.Get("/domains/{id}", request => Task.FromResult(request.Ok(request.Select(ToJson(Find(request))), "domains/$entity")));
        operations.Patch("/domains/{id}", request => Task.FromResult(Update(request)));
        operations.Delete("/domains/{id}", request => Task.FromResult(Delete(request)));
        operations.Post("/domains/{id}/verify", VerifyAsync);
        operations.Get("/domains/{id}/verificationDnsRecords", request => Task.FromResult(
            request.Collection(DomainRecords.Verification(Find(request)), $"domains('{Find(request).Name}')/verificationDnsRecords")));
        operations.Get("/domains/{id}/serviceConfigurationRecords", request => Task.FromResult(
            request.Collection(DomainRecords.Service(Find(request), tenant.Options.MxStyle),
                $"domains('{Find(request).Name}')/serviceConfigurationRecords")));
        operations.Get("/domains/{id}/domainNameReferences", request => Task.FromResult(
            request.Collection(References(Find(request)).Select(UserJson.Reference), "directoryObjects")));
    }

    private GraphAnswer Create(GraphRequest request)
    {
        var name = request.RequiredBody.Text("id")
            ?? throw GraphException.BadRequest("A value is required for property 'id' of resource 'Domain'.", "InvalidValue", "id");
        if (!DomainName().IsMatch(name)) throw GraphException.BadRequest($"The domain name '{name}' is invalid.", "InvalidValue", "id");
        if (tenant.Domains.Find(name) is not null)
            throw GraphException.BadRequest($"A domain with the same name '{name}' already exists.", "ObjectConflict", "id");
        // A subdomain of a verified domain needs no proof of its own.
        var isVerified =
            tenant.Domains.All.Any(domain => domain.IsVerified && name.EndsWith("." + domain.Name, StringComparison.OrdinalIgnoreCase));
        var created = TenantDomains.New(name) with { IsVerified = isVerified };
        tenant.Domains.Save(created);
        return request.Created(ToJson(created), "domains/$entity");
    }

    private GraphAnswer Update(GraphRequest request)
    {
        var domain = Find(request);
        if (!domain.IsVerified) throw GraphException.BadRequest($"The domain {domain.Name} is not verified.");
        var services = request.RequiredBody.Texts("supportedServices");
        if (services?.FirstOrDefault(service => !KnownServices.Contains(service, StringComparer.OrdinalIgnoreCase)) is not null)
            throw GraphException.InvalidValue("supportedServices", "Domain");
        if (request.RequiredBody.Flag("isDefault") is { } isDefault)
        {
            if (!isDefault && domain.IsDefault)
                throw GraphException.BadRequest("The default domain cannot be unset; make another domain the default.");
            domain = domain with { IsDefault = isDefault };
        }

        tenant.Domains.Save(domain with { SupportedServices = services ?? domain.SupportedServices });
        return GraphAnswer.NoContent;
    }

    private GraphAnswer Delete(GraphRequest request)
    {
        var domain = Find(request);
        if (domain.IsInitial || domain.IsDefault)
            throw GraphException.BadRequest($"The domain {domain.Name} is the initial or default domain and cannot be deleted.");
        if (References(domain).Any())
            throw GraphException.BadRequest(
                $"Domain '{domain.Name}' has references to objects in the directory and cannot be deleted until they are removed.");
        tenant.Domains.Remove(domain.Name);
        return GraphAnswer.NoContent;
    }

    private async Task<GraphAnswer> VerifyAsync(GraphRequest request)
    {
        var domain = Find(request);
        if (domain.IsVerified) throw GraphException.BadRequest("Domain is already verified.");
        if (await verification.FindFaultAsync(domain, request.Aborted) is { } fault)
            throw GraphException.BadRequest($"Domain verification failed with the following error: '{fault}'");
        var verified = domain with { IsVerified = true };
        tenant.Domains.Save(verified);
        var answer = ToJson(verified);
        answer["availabilityStatus"] = "AvailableImmediately";
        return request.Ok(answer, "domains/$entity");
    }

    private TenantDomain Find(GraphRequest request) =>
        tenant.Domains.Find(request.Routes[0]) ?? throw GraphException.NotFound(request.Routes[0]);

    private IEnumerable<TenantRecipient> References(TenantDomain domain) => tenant.Directory.Recipients.Where(recipient =>
        recipient.UserPrincipalName?.EndsWith("@" + domain.Name, StringComparison.OrdinalIgnoreCase) == true
        || recipient.EmailAddresses.Any(address =>
            ProxyAddress.IsSmtp(address) && address.EndsWith("@" + domain.Name, StringComparison.OrdinalIgnoreCase)));

    private static JsonObject ToJson(TenantDomain domain) => new()
    {
        ["authenticationType"] = "Managed",
        ["availabilityStatus"] = null,
        ["id"] = domain.Name,
        ["isAdminManaged"] = true,
        ["isDefault"] = domain.IsDefault,
        ["isInitial"] = domain.IsInitial,
        ["isRoot"] = true,
        ["isVerified"] = domain.IsVerified,
        ["passwordNotificationWindowInDays"] = 14,
        ["passwordValidityPeriodInDays"] = 90,
        ["state"] = null,
        ["supportedServices"] = new JsonArray([.. domain.SupportedServices.Select(service => JsonValue.Create(service))]),
    };

    [GeneratedRegex(@"^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$", RegexOptions.IgnoreCase)]
    private static partial Regex DomainName();
}
