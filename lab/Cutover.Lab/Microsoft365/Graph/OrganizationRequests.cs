using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>GET /organization and GET /subscribedSkus.</summary>
internal sealed class OrganizationRequests(Tenant tenant)
{
    public void Map(GraphOperations operations)
    {
        operations.Get("/organization", request => Task.FromResult(request.Collection([request.Select(Organization())], "organization")));
        operations.Get("/subscribedSkus", request => Task.FromResult(
            request.Collection(tenant.Options.Subscriptions.Select(Sku).Select(request.Select), "subscribedSkus")));
    }

    private JsonObject Organization() => new()
    {
        ["id"] = tenant.Identity.TenantId.ToString(),
        ["deletedDateTime"] = null,
        ["displayName"] = tenant.Options.OrganizationName,
        ["countryLetterCode"] = "NL",
        ["preferredLanguage"] = "nl",
        ["defaultUsageLocation"] = null,
        ["onPremisesSyncEnabled"] = tenant.Options.OnPremisesSyncEnabled,
        ["onPremisesLastSyncDateTime"] = null,
        ["tenantType"] = "AAD",
        ["businessPhones"] = new JsonArray(),
        ["technicalNotificationMails"] = new JsonArray(),
        ["assignedPlans"] = new JsonArray(),
        ["provisionedPlans"] = new JsonArray(),
        ["verifiedDomains"] = new JsonArray([.. tenant.Domains.All.Where(domain => domain.IsVerified).Select(VerifiedDomain)]),
    };

    private static JsonObject VerifiedDomain(TenantDomain domain) => new()
    {
        ["capabilities"] = string.Join(", ", domain.SupportedServices),
        ["isDefault"] = domain.IsDefault,
        ["isInitial"] = domain.IsInitial,
        ["name"] = domain.Name,
        ["type"] = "Managed",
    };

    private JsonObject Sku(Subscription subscription) => new()
    {
        ["id"] = $"{tenant.Identity.TenantId}_{subscription.SkuId}",
        ["accountId"] = tenant.Identity.TenantId.ToString(),
        ["accountName"] = tenant.Options.OrganizationName,
        ["appliesTo"] = "User",
        ["capabilityStatus"] = "Enabled",
        ["consumedUnits"] = tenant.Directory.ConsumedUnits(subscription.SkuId),
        ["prepaidUnits"] = new JsonObject { ["enabled"] = subscription.Seats, ["suspended"] = 0, ["warning"] = 0, ["lockedOut"] = 0 },
        ["skuId"] = subscription.SkuId.ToString(),
        ["skuPartNumber"] = subscription.SkuPartNumber,
        ["subscriptionIds"] = new JsonArray(),
        ["servicePlans"] = new JsonArray([.. subscription.Plans.Select(Plan)]),
    };

    private static JsonObject Plan(ServicePlan plan) => new()
    {
        ["servicePlanId"] = plan.Id.ToString(),
        ["servicePlanName"] = plan.Name,
        ["provisioningStatus"] = "Success",
        ["appliesTo"] = "User",
    };
}
