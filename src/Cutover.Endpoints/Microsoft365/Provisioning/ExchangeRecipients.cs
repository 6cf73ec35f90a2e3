using System.Text.Json.Nodes;
using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.ExchangeOnline;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>Recipients that only Exchange Online can make: shared and resource mailboxes, mail users, mail contacts and groups.</summary>
internal sealed class ExchangeRecipients(ExchangeOnlineClient exchange, TenantFacts tenant)
{
    private const int MaxNameLength = 64;

    /// <summary>Which cmdlets concern a recipient: Get-, New- and Set- of this noun.</summary>
    public static string NounOf(Recipient recipient) => recipient.Type switch
    {
        RecipientType.MailUser => "MailUser",
        RecipientType.MailContact => "MailContact",
        RecipientType.MailUniversalDistributionGroup or RecipientType.MailUniversalSecurityGroup => "DistributionGroup",
        RecipientType.DynamicDistributionGroup when FilterOf(recipient) is not null => "DynamicDistributionGroup",
        _ => "Mailbox",
    };

    /// <summary>The recipient at the target by its address or id; null when there is none of its kind.</summary>
    public Task<ExchangeObject?> FindAsync(Recipient recipient, string identity, CancellationToken ct) =>
        exchange.FindAsync($"Get-{NounOf(recipient)}", identity, ct);

    public async Task<ProvisionedRecipient> ProvisionAsync(Recipient recipient, IInitialPasswords passwords, CancellationToken ct)
    {
        if (await FindAsync(recipient, ct) is { } found)
        {
            CheckType(recipient, found);
            return new ProvisionedRecipient(recipient.LegacyExchangeDN, found.Id, ProvisioningOutcome.Matched);
        }

        var parameters = await ParametersAsync(recipient, passwords, ct);
        var created = await exchange.CreateAsync($"New-{NounOf(recipient)}", parameters, ct)
            ?? await FindAsync(recipient, ct)
            ?? throw ServiceRefusal.NotShownYet(recipient.PrimarySmtpAddress);
        if (recipient.Type == RecipientType.MailContact) await DescribeAsync(recipient, created.Id, ct);
        return new ProvisionedRecipient(recipient.LegacyExchangeDN, created.Id, ProvisioningOutcome.Created);
    }

    /// <summary>A contact's details. The country is left out: Exchange Online takes only its own names of countries.</summary>
    private Task DescribeAsync(Recipient recipient, string id, CancellationToken ct)
    {
        var details = recipient.Details;
        var parameters = new JsonObject { ["Identity"] = id };
        foreach (var (name, value) in ((string, string?)[])
            [
                ("Initials", details.Initials), ("Title", details.Title), ("Department", details.Department), ("Company", details.Company),
                ("Office", details.Office), ("Phone", details.BusinessPhone), ("MobilePhone", details.MobilePhone),
                    ("StreetAddress", details.StreetAddress),
                ("City", details.City), ("StateOrProvince", details.StateOrProvince), ("PostalCode", details.PostalCode),
            ])
            if (!string.IsNullOrWhiteSpace(value)) parameters[name] = value;
        return parameters.Count > 1 ? exchange.InvokeAsync("Set-Contact", parameters, ct) : Task.CompletedTask;
    }

    /// <summary>A mail user may be there without its address yet, known by its sign-in name alone.</summary>
    private async Task<ExchangeObject?> FindAsync(Recipient recipient, CancellationToken ct) =>
        await FindAsync(recipient, AddressOf(recipient), ct)
        ?? (recipient.Type == RecipientType.MailUser
            ? await FindAsync(recipient, (await SignInAsync(recipient, ct)).Name, ct)
            : null);

    /// <summary>A contact is known by where its mail goes; a primary address inside the organisation comes with its other addresses.</summary>
    public static string AddressOf(Recipient recipient) =>
        recipient.Type == RecipientType.MailContact ? External(recipient) : recipient.PrimarySmtpAddress;

    private async Task<JsonObject> ParametersAsync(Recipient recipient, IInitialPasswords passwords, CancellationToken ct)
    {
        var parameters = new JsonObject
        {
            ["Name"] = Name(recipient),
            ["Alias"] = UserPrincipalName.Alias(recipient.Alias),
            ["DisplayName"] = recipient.DisplayName
        };
        if (recipient.Type == RecipientType.MailContact) return WithContact(parameters, recipient);
        if (recipient.Type == RecipientType.MailUser) return await WithMailUserAsync(parameters, recipient, passwords, ct);
        await tenant.RequireVerifiedDomainAsync(recipient, ct);
        parameters["PrimarySmtpAddress"] = recipient.PrimarySmtpAddress;
        // A security group must stay one (S34): its type can't be changed later.
        if (recipient.Type == RecipientType.DynamicDistributionGroup) parameters["RecipientFilter"] = FilterOf(recipient);
        else if (recipient.IsGroup) parameters["Type"] = recipient.Type == RecipientType.MailUniversalSecurityGroup ? "Security" : "Distribution";
        else parameters[MailboxSwitch(recipient)] = true;
        return parameters;
    }

    private static JsonObject WithContact(JsonObject parameters, Recipient recipient)
    {
        parameters["ExternalEmailAddress"] = External(recipient);
        if (recipient.Details.GivenName is { Length: > 0 } given) parameters["FirstName"] = given;
        if (recipient.Details.Surname is { Length: > 0 } surname) parameters["LastName"] = surname;
        return parameters;
    }

    private async Task<JsonObject> WithMailUserAsync(JsonObject parameters, Recipient recipient, IInitialPasswords passwords, CancellationToken ct)
    {
        var (name, isOwn) = await SignInAsync(recipient, ct);
        var password = InitialPassword.Create();
        await passwords.KeepAsync(name, password, ct);
        parameters["MicrosoftOnlineServicesID"] = name;
        parameters["Password"] = password;
        parameters["ExternalEmailAddress"] = External(recipient);
        if (isOwn) parameters["PrimarySmtpAddress"] = recipient.PrimarySmtpAddress;
        return parameters;
    }

    /// <summary>The sign-in name: the address where it is one of the organisation's own, else the alias in the tenant's first domain.</summary>
    public async Task<(string Name, bool IsOwn)> SignInAsync(Recipient recipient, CancellationToken ct)
    {
        var domain = RecipientAddresses.DomainOf(recipient.PrimarySmtpAddress);
        var accepted = await tenant.GetAcceptedDomainsAsync(ct);
        return accepted.Contains(domain)
            ? (UserPrincipalName.Of(recipient.PrimarySmtpAddress, domain), true)
            : (UserPrincipalName.Of(recipient.Alias, await tenant.GetInitialDomainAsync(ct)), false);
    }

    private static string MailboxSwitch(Recipient recipient) => recipient.Type switch
    {
        RecipientType.SharedMailbox => "Shared",
        RecipientType.RoomMailbox => "Room",
        _ => "Equipment",
    };

    /// <exception cref="MigrationFault">What is there under the address is of another kind.</exception>
    public static void CheckType(Recipient recipient, ExchangeObject found)
    {
        if (found.Text("RecipientTypeDetails") is not { } type || type == recipient.Type.ToString()) return;
        throw new MigrationFault(FaultScope.Item, $"{recipient.PrimarySmtpAddress} is a {recipient.Type} at the source, but the tenant has a {type} of that address.",
            "Remove or rename the one in the tenant, or make it the same kind, then run again.");
    }

    /// <summary>The name must be one of its kind in the organisation; the alias is.</summary>
    private static string Name(Recipient recipient) => recipient.Alias.Length > MaxNameLength ? recipient.Alias[..MaxNameLength] : recipient.Alias;

    private static string External(Recipient recipient)
    {
        var address = recipient.ExternalEmailAddress ?? recipient.PrimarySmtpAddress;
        return address.StartsWith("SMTP:", StringComparison.OrdinalIgnoreCase) ? address["SMTP:".Length..] : address;
    }

    /// <summary>A dynamic distribution group's filter as Exchange Online takes it.</summary>
    /// <exception cref="MigrationFault">The administrator gave none, or it can't be carried.</exception>
    public static string FilterOf(Recipient recipient)
    {
        if (recipient.RecipientFilter is not { Length: > 0 } filter)
            throw new MigrationFault(FaultScope.Item, $"The dynamic distribution group {recipient.PrimarySmtpAddress} can't be carried: the address book does not show its filter.",
                "Read it with Get-DynamicDistributionGroup | fl RecipientFilter and give it as recipientFilter in the decisions' file, or make the group in Exchange Online with New-DynamicDistributionGroup.");
        var (translated, why) = DynamicGroupFilter.Translate(filter);
        return translated ?? throw new MigrationFault(FaultScope.Item, $"The dynamic distribution group {recipient.PrimarySmtpAddress} can't be carried: {why}.",
            "Give another recipientFilter in the decisions' file, or make the group in Exchange Online with New-DynamicDistributionGroup.");
    }
}
