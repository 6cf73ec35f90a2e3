using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>POST /users/{id}/assignLicense. A licence with an Exchange plan brings a mailbox.</summary>
internal sealed class LicenceRequests(Tenant tenant)
{
    public void Map(GraphOperations operations) =>
        operations.Post("/users/{id}/assignLicense", request => Task.FromResult(Assign(request)));

    private GraphAnswer Assign(GraphRequest request)
    {
        var user = tenant.Directory.FindUser(request.Routes[0]) ?? throw GraphException.NotFound(request.Routes[0]);
        var removed = (request.RequiredBody.Texts("removeLicenses") ?? throw Missing("removeLicenses")).Select(Sku).ToList();
        var added = Added(request.RequiredBody["addLicenses"] as JsonArray ?? throw Missing("addLicenses"));
        var licences = user.Licences.ToList();
        foreach (var sku in removed)
            if (licences.RemoveAll(licence => licence.SkuId == sku) == 0)
                throw GraphException.BadRequest("User does not have a corresponding license.");
        foreach (var licence in added) Add(licences, licence, user);
        var licensed = Provision(user with { Licences = licences });
        return request.Ok(UserJson.Selected(request, licensed, tenant.Options.Subscriptions), "users/$entity");
    }

    private void Add(List<AssignedLicence> licences, AssignedLicence licence, TenantRecipient user)
    {
        var subscription = tenant.Options.Subscriptions.FirstOrDefault(each => each.SkuId == licence.SkuId)
            ?? throw GraphException.BadRequest($"License {licence.SkuId} does not correspond to a valid company License.");
        if (user.Attribute("usageLocation") is null)
            throw GraphException.BadRequest("License assignment cannot be done for user with invalid usage location.");
        if (licence.DisabledPlans.FirstOrDefault(plan => subscription.Plans.All(each => each.Id != plan)) is var unknown
            && unknown != Guid.Empty)
            throw GraphException.BadRequest(
                $"License assignment failed because service plan {unknown} is not part of license {licence.SkuId}.");
        var held = licences.RemoveAll(each => each.SkuId == licence.SkuId) > 0;
        if (!held && tenant.Directory.ConsumedUnits(licence.SkuId) >= subscription.Seats)
            throw GraphException.BadRequest($"Subscription with SKU {licence.SkuId} does not have any available licenses.");
        licences.Add(licence);
    }

    private List<AssignedLicence> Added(JsonArray licences) =>
        [.. licences.OfType<JsonObject>().Select(each => new AssignedLicence(
            Sku(each.Text("skuId") ?? throw Missing("skuId")), [.. (each.Texts("disabledPlans") ?? []).Select(Sku)], tenant.Now))];

    private TenantRecipient Provision(TenantRecipient user)
    {
        var getsMailbox = !user.HasMailbox && user.Licences.Any(GivesMailbox);
        if (getsMailbox) user = WithMailbox(user);
        tenant.Database.Write(_ =>
        {
            tenant.Directory.Save(user);
            if (getsMailbox) tenant.Mailboxes.Create(user.ExchangeGuid!.Value, user.Id, user.Attribute("preferredLanguage"));
        });
        return user;
    }

    private TenantRecipient WithMailbox(TenantRecipient user)
    {
        var addresses = user.PrimarySmtpAddress is null
            ? ProxyAddress.WithPrimary(user.EmailAddresses, user.UserPrincipalName!)
            : user.EmailAddresses;
        return user with
        {
            Type = RecipientTypeDetails.UserMailbox,
            ExchangeGuid = Guid.NewGuid(),
            MailboxReady = tenant.Now + tenant.Options.MailboxProvisioningDelay,
            EmailAddresses = HasInitial(addresses) ? addresses : [.. addresses, tenant.Directory.FreeInitialAddress(user.Alias)],
        };
    }

    private bool HasInitial(IReadOnlyList<string> addresses) =>
        addresses.Any(address => address.EndsWith("@" + tenant.Options.InitialDomain, StringComparison.OrdinalIgnoreCase));

    private bool GivesMailbox(AssignedLicence licence) => tenant.Options.Subscriptions.First(each => each.SkuId == licence.SkuId).Plans
        .Any(plan => plan.GivesMailbox && !licence.DisabledPlans.Contains(plan.Id));

    private static Guid Sku(string text) => Guid.TryParse(text, out var id) ? id : throw GraphException.InvalidValue("skuId", "License");

    private static GraphException Missing(string name) =>
        GraphException.BadRequest($"The parameter '{name}' is missing.", "MissingValue", name);
}
