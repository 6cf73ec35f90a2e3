using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>Users as Graph shows them.</summary>
internal static class UserJson
{
    /// <summary>Attributes that a client may write as text, by their names.</summary>
    public static readonly string[] TextAttributes =
    [
        "givenName", "surname", "jobTitle", "department", "companyName", "officeLocation", "mobilePhone", "faxNumber", "streetAddress",
        "city", "state", "postalCode", "country", "preferredLanguage", "usageLocation", "passwordPolicies", "employeeId",
        "employeeType", "onPremisesImmutableId", "ageGroup", "userType",
    ];

    // What Graph returns without $select; everything else must be asked for.
    private static readonly string[] Default =
    [
        "businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage",
        "surname", "userPrincipalName",
    ];

    public static JsonObject Selected(GraphRequest request, TenantRecipient user, IReadOnlyList<Subscription> subscriptions)
    {
        var whole = Whole(user, subscriptions);
        if (request.Query["$select"].ToString() is not "") return request.Select(whole);
        return new JsonObject(whole.Where(property => Default.Contains(property.Key)).ToList().Select(property => Detach(whole, property)));
    }

    public static JsonObject Whole(TenantRecipient user, IReadOnlyList<Subscription> subscriptions)
    {
        var json = new JsonObject
        {
            ["id"] = user.Id.ToString(),
            ["accountEnabled"] = user.AccountEnabled,
            ["businessPhones"] = Array(user.Attribute("businessPhone") is { } phone ? [phone] : []),
            ["createdDateTime"] = GraphTime.Of(user.Created),
            ["displayName"] = user.DisplayName,
            ["mail"] = user.PrimarySmtpAddress,
            ["mailNickname"] = user.Alias,
            ["onPremisesSyncEnabled"] = user.OnPremisesSyncEnabled ? true : null,
            ["otherMails"] = new JsonArray(),
            ["proxyAddresses"] = Array(user.EmailAddresses),
            ["userPrincipalName"] = user.UserPrincipalName,
            ["assignedLicenses"] = new JsonArray([.. user.Licences.Select(Licence)]),
            ["licenseAssignmentStates"] = new JsonArray([.. user.Licences.Select(State)]),
        };
        foreach (var name in TextAttributes) json[name] = user.Attribute(name);
        json["userType"] ??= "Member";
        AddPlans(json, user, subscriptions);
        return json;
    }

    /// <summary>A directory object as a member of a collection of references.</summary>
    public static JsonObject Reference(TenantRecipient recipient) => new()
    {
        ["@odata.type"] = recipient.IsGroup ? "#microsoft.graph.group" : recipient.IsUser ? "#microsoft.graph.user"
            : "#microsoft.graph.orgContact",
        ["id"] = recipient.Id.ToString(),
        ["displayName"] = recipient.DisplayName,
    };

    private static void AddPlans(JsonObject json, TenantRecipient user, IReadOnlyList<Subscription> subscriptions)
    {
        var plans =
            from licence in user.Licences
            from plan in subscriptions.FirstOrDefault(subscription => subscription.SkuId == licence.SkuId)?.Plans ?? []
            where !licence.DisabledPlans.Contains(plan.Id)
            select (licence, plan, service: plan.Name.StartsWith("EXCHANGE", StringComparison.Ordinal) ? "exchange" : "TeamspaceAPI");
        json["assignedPlans"] = new JsonArray([.. plans.Select(each => new JsonObject
        {
            ["assignedDateTime"] = GraphTime.Of(each.licence.Assigned),
            ["capabilityStatus"] = "Enabled",
            ["service"] = each.service,
            ["servicePlanId"] = each.plan.Id.ToString(),
        })]);
        json["provisionedPlans"] = new JsonArray([.. plans.Select(each => new JsonObject
        {
            ["capabilityStatus"] = "Enabled", ["provisioningStatus"] = "Success", ["service"] = each.service,
        })]);
    }

    private static JsonObject Licence(AssignedLicence licence) =>
        new() { ["disabledPlans"] = Array(licence.DisabledPlans.Select(plan => plan.ToString())), ["skuId"] = licence.SkuId.ToString() };

    private static JsonObject State(AssignedLicence licence) => new()
    {
        ["skuId"] = licence.SkuId.ToString(),
        ["disabledPlans"] = Array(licence.DisabledPlans.Select(plan => plan.ToString())),
        ["assignedByGroup"] = null,
        ["state"] = "Active",
        ["error"] = "None",
        ["lastUpdatedDateTime"] = GraphTime.Of(licence.Assigned),
    };

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static KeyValuePair<string, JsonNode?> Detach(JsonObject owner, KeyValuePair<string, JsonNode?> property)
    {
        owner.Remove(property.Key);
        return property;
    }
}

/// <summary>Times as Graph writes them.</summary>
internal static class GraphTime
{
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");
}
