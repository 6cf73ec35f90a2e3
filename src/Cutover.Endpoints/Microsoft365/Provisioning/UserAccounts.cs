using System.Collections.Concurrent;
using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>Users, through Graph. One that is there already keeps what it has; only what it lacks is filled in.</summary>
internal sealed class UserAccounts(GraphClient graph, TenantFacts tenant)
{
    /// <summary>What is read of a user.</summary>
    public const string Fields = "$select=id,userPrincipalName,mail,displayName,usageLocation,givenName,surname,jobTitle,department,companyName,officeLocation,"
        + "businessPhones,mobilePhone,streetAddress,city,state,postalCode,country,proxyAddresses,onPremisesSyncEnabled,accountEnabled";

    /// <summary>Passwords of accounts whose creation got no answer yet: when they are there after all, it was us who made them.</summary>
    private readonly ConcurrentDictionary<string, string> pending = new(StringComparer.OrdinalIgnoreCase);

    public async Task<ProvisionedRecipient> ProvisionAsync(Recipient recipient, IInitialPasswords passwords, CancellationToken ct)
    {
        var domain = await tenant.RequireVerifiedDomainAsync(recipient, ct);
        var principalName = UserPrincipalName.Of(recipient.PrimarySmtpAddress, domain);
        if (await FindAsync(recipient.PrimarySmtpAddress, principalName, ct) is not { } user)
            return await CreateAsync(recipient, principalName, passwords, ct);
        if (pending.TryRemove(principalName, out _)) return new ProvisionedRecipient(recipient.LegacyExchangeDN, user.Id!,
            ProvisioningOutcome.Created);
        CheckMatch(recipient, user);
        return new ProvisionedRecipient(recipient.LegacyExchangeDN, user.Id!, await FillInAsync(recipient, user, ct));
    }

    /// <summary>Fills in the details of a mail user, which Exchange Online made.</summary>
    public async Task DescribeAsync(Recipient recipient, string userId, CancellationToken ct)
    {
        var user = await graph.GetAsync($"{PathOf(userId)}?{Fields}", GraphJson.Default.GraphUser, ct);
        await FillInAsync(recipient, user, ct);
    }

    /// <summary>Nobody signs in to a shared or resource mailbox. True when it was not blocked before.</summary>
    public async Task<bool> BlockSignInAsync(string userId, CancellationToken ct)
    {
        var user = await graph.GetAsync($"{PathOf(userId)}?$select=id,accountEnabled", GraphJson.Default.GraphUser, ct);
        if (user.AccountEnabled == false) return false;
        await graph.SendAsync(HttpMethod.Patch, PathOf(userId), new GraphUser(AccountEnabled: false), GraphJson.Default.GraphUser, Repetition.Allowed, ct);
        return true;
    }

    public async Task SetManagerAsync(string userId, string managerId, CancellationToken ct)
    {
        var current = await graph.FindAsync($"{PathOf(userId)}/manager?$select=id", GraphJson.Default.DirectoryObject, ct);
        if (managerId.Equals(current?.Id, StringComparison.OrdinalIgnoreCase)) return;
        var reference = new Reference(new Uri(graph.Root, PathOf(managerId)).AbsoluteUri);
        await graph.SendAsync(HttpMethod.Put, $"{PathOf(userId)}/manager/$ref", reference, GraphJson.Default.Reference, Repetition.Allowed, ct);
    }

    private static string PathOf(string id) => $"users/{GraphClient.Segment(id)}";

    private async Task<GraphUser?> FindAsync(string address, string principalName, CancellationToken ct)
    {
        if (await graph.FindAsync($"{PathOf(principalName)}?{Fields}", GraphJson.Default.GraphUser, ct) is { } user) return user;
        var filter = Uri.EscapeDataString($"proxyAddresses/any(p:p eq 'smtp:{address.Replace("'", "''")}')");
        return await graph.ListAsync($"users?$filter={filter}&{Fields}", GraphJson.Default.GraphPageGraphUser, ct).FirstOrDefaultAsync(ct);
    }

    /// <summary>The user found may be somebody else, whose name a mapped address happens to give.</summary>
    public static void CheckMatch(Recipient recipient, GraphUser user)
    {
        var address = recipient.PrimarySmtpAddress;
        if (user.OnPremisesSyncEnabled == true)
            throw new MigrationFault(FaultScope.Operator, $"The user {user.UserPrincipalName} is synchronised from an on-premises directory and can't be changed in the cloud.",
                "Turn directory synchronisation off in Microsoft Entra Connect, and wait until the user shows it.");
        if (!IsSame(recipient, user))
            throw new MigrationFault(FaultScope.Item, $"The sign-in name {user.UserPrincipalName}, which {address} would get, belongs to another user ({user.DisplayName}).",
                $"Rename that user, or give it the address {address} if it is the same person.");
    }

    private static bool IsSame(Recipient recipient, GraphUser user)
    {
        var address = recipient.PrimarySmtpAddress;
        return address.Equals(user.UserPrincipalName, StringComparison.OrdinalIgnoreCase)
            || address.Equals(user.Mail, StringComparison.OrdinalIgnoreCase)
            || user.ProxyAddresses?.Contains("smtp:" + address, StringComparer.OrdinalIgnoreCase) == true
            || user.Mail is null && user.DisplayName == recipient.DisplayName;
    }

    private async Task<ProvisionedRecipient> CreateAsync(Recipient recipient, string principalName, IInitialPasswords passwords, CancellationToken ct)
    {
        var isRepeated = pending.TryGetValue(principalName, out var password);
        password ??= InitialPassword.Create();
        var user = Wanted(recipient, await tenant.GetUsageLocationAsync(ct)) with
        {
            UserPrincipalName = principalName,
            DisplayName = recipient.DisplayName,
            MailNickname = UserPrincipalName.Alias(recipient.Alias),
            AccountEnabled = true,
            PasswordProfile = new PasswordProfile(ForceChangePasswordNextSignIn: true, password),
        };
        if (!isRepeated) await passwords.KeepAsync(principalName, password, ct);
        pending[principalName] = password;
        var id = await CreateAsync(user, isRepeated, ct);
        pending.TryRemove(principalName, out _);
        return new ProvisionedRecipient(recipient.LegacyExchangeDN, id, ProvisioningOutcome.Created);
    }

    private async Task<string> CreateAsync(GraphUser user, bool isRepeated, CancellationToken ct)
    {
        try
        {
            return (await graph.PostAsync("users", user, GraphJson.Default.GraphUser, GraphJson.Default.GraphUser, ct)).Id!;
        }
        catch (ServiceRefusal refusal) when (isRepeated && refusal.Target == "userPrincipalName")
        {
            throw ServiceRefusal.NotShownYet(user.UserPrincipalName!);
        }
    }

    private async Task<ProvisioningOutcome> FillInAsync(Recipient recipient, GraphUser user, CancellationToken ct)
    {
        var missing = Lacks(recipient, user, await tenant.GetUsageLocationAsync(ct));
        if (missing == new GraphUser()) return ProvisioningOutcome.Matched;
        await graph.SendAsync(HttpMethod.Patch, PathOf(user.Id!), missing, GraphJson.Default.GraphUser, Repetition.Allowed, ct);
        return ProvisioningOutcome.Changed;
    }

    /// <summary>What the source knows of the user and the tenant does not; everything else is null.</summary>
    public static GraphUser Lacks(Recipient recipient, GraphUser user, string usageLocation)
    {
        var wanted = Wanted(recipient, usageLocation);
        return new GraphUser(
            UsageLocation: Missing(user.UsageLocation, wanted.UsageLocation), GivenName: Missing(user.GivenName, wanted.GivenName),
            Surname: Missing(user.Surname, wanted.Surname), JobTitle: Missing(user.JobTitle, wanted.JobTitle),
            Department: Missing(user.Department, wanted.Department), CompanyName: Missing(user.CompanyName, wanted.CompanyName),
            OfficeLocation: Missing(user.OfficeLocation, wanted.OfficeLocation), BusinessPhones: user.BusinessPhones is { Count: > 0 } ? null
                : wanted.BusinessPhones,
            MobilePhone: Missing(user.MobilePhone, wanted.MobilePhone), StreetAddress: Missing(user.StreetAddress, wanted.StreetAddress),
            City: Missing(user.City, wanted.City), State: Missing(user.State, wanted.State), PostalCode: Missing(user.PostalCode, wanted.PostalCode),
            Country: Missing(user.Country, wanted.Country));
    }

    private static string? Missing(string? there, string? wanted) => string.IsNullOrEmpty(there) ? wanted : null;

    private static GraphUser Wanted(Recipient recipient, string usageLocation)
    {
        var details = recipient.Details;
        return new GraphUser(
            UsageLocation: usageLocation, GivenName: Text(details.GivenName), Surname: Text(details.Surname), JobTitle: Text(details.Title, 128),
            Department: Text(details.Department), CompanyName: Text(details.Company), OfficeLocation: Text(details.Office, 128),
            BusinessPhones: Text(details.BusinessPhone) is { } phone ? [phone] : null, MobilePhone: Text(details.MobilePhone),
            StreetAddress: Text(details.StreetAddress, 1024), City: Text(details.City, 128), State: Text(details.StateOrProvince, 128),
            PostalCode: Text(details.PostalCode, 40), Country: Text(details.Country, 128));
    }

    /// <summary>Graph refuses empty strings and those beyond the property's limit.</summary>
    private static string? Text(string? value, int limit = 64) =>
        string.IsNullOrWhiteSpace(value) ? null : value.Length > limit ? value[..limit] : value;
}
