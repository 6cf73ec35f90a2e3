using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.ExchangeOnline;
using Cutover.Endpoints.Microsoft365.Graph;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>
/// Finds out what provisioning would do, before anything is written: who is there already, what they lack, and which names and addresses collide, with each
/// other and with the tenant's.
/// </summary>
internal sealed class RecipientPlanner(GraphClient graph, ExchangeOnlineClient exchange, TenantFacts tenant)
{
    private const int MaxNameLength = 64;
    private const string Smtp = "smtp:";

    public async Task<IReadOnlyList<PlannedRecipient>> PlanAsync(
        IReadOnlyList<Recipient> recipients, IReadOnlyCollection<string> domainsToCome, CancellationToken ct)
    {
        var there = await TenantRecipients.ReadAsync(graph, exchange, ct);
        var domains = (await tenant.GetAcceptedDomainsAsync(ct)).Concat(domainsToCome).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var location = await tenant.GetUsageLocationAsync(ct);
        var initial = await tenant.GetInitialDomainAsync(ct);
        var named = recipients.Select(recipient => (Recipient: recipient, SignInName: SignInName(recipient, domains, initial))).ToList();
        var clashes = new Clashes(named);
        return [.. named.Select(one => Plan(one.Recipient, one.SignInName, there, domains, clashes, location))];
    }

    private static PlannedRecipient Plan(
        Recipient recipient, string? signInName, TenantRecipients there, HashSet<string> domains, Clashes clashes, string usageLocation)
    {
        if (recipient.Type == RecipientType.DynamicDistributionGroup && Refused(() => ExchangeRecipients.FilterOf(recipient)) is { } noFilter)
            return new PlannedRecipient(recipient, PlannedAction.ByHand, null, [], [Finding("S37", noFilter, new Settlement(SettlementKind.GiveFilter))]);
        var user = signInName is null ? null : there.FindUser(signInName) ?? there.FindUser(recipient.PrimarySmtpAddress);
        var found = there.FindByAddress(ExchangeRecipients.AddressOf(recipient));
        var conflicts = Conflicts(recipient, user, found, there, domains).Concat(clashes.Of(recipient, signInName)).ToList();
        var addresses = RecipientAddresses.Of(recipient, found?.Texts("EmailAddresses") ?? user?.ProxyAddresses ?? [], domains);
        var findings = Advice(recipient, signInName, user, addresses).ToList();
        if (conflicts.Count > 0) return new PlannedRecipient(recipient, PlannedAction.Conflict, signInName, [], [.. conflicts, .. findings]);
        if (user is null && found is null) return new PlannedRecipient(recipient, PlannedAction.Create, signInName, [], findings);
        var changes = Changes(recipient, user, found, addresses, usageLocation).ToList();
        if (recipient.HasMailbox && signInName is null && there.FindUser(recipient.PrimarySmtpAddress)?.AccountEnabled == true) changes.Add("block its sign-in");
        var action = changes.Count > 0 ? PlannedAction.Change : PlannedAction.Match;
        return new PlannedRecipient(recipient, action, user?.UserPrincipalName ?? signInName, changes, findings);
    }

    /// <summary>Accounts only: resources and shared mailboxes have one that nobody uses, named by the service.</summary>
    private static string? SignInName(Recipient recipient, HashSet<string> domains, string initialDomain)
    {
        var domain = RecipientAddresses.DomainOf(recipient.PrimarySmtpAddress);
        return recipient.Type switch
        {
            RecipientType.UserMailbox => UserPrincipalName.Of(recipient.PrimarySmtpAddress, domain),
            RecipientType.MailUser => domains.Contains(domain)
                ? UserPrincipalName.Of(recipient.PrimarySmtpAddress, domain) : UserPrincipalName.Of(recipient.Alias, initialDomain),
            _ => null,
        };
    }

    private static IEnumerable<ProvisioningFinding> Conflicts(
        Recipient recipient, GraphUser? user, ExchangeObject? found, TenantRecipients there, HashSet<string> domains)
    {
        var domain = RecipientAddresses.DomainOf(recipient.PrimarySmtpAddress);
        if (!domains.Contains(domain) && recipient.Type is not (RecipientType.MailContact or RecipientType.MailUser))
            yield return new ProvisioningFinding("S37", $"{recipient.PrimarySmtpAddress} can't be made: {domain} is not a verified domain of the tenant.",
                $"Add and verify {domain} at the tenant, or give the recipient a primary address in a verified domain.")
            {
                Settlement = new Settlement(SettlementKind.OtherPrimaryAddress),
            };
        if (recipient.Type == RecipientType.UserMailbox && Refused(() => CheckUser(recipient, user)) is { } other)
            yield return Finding("S27", other, new Settlement(SettlementKind.LeaveBehind));
        else if (found is not null && Refused(() => CheckRecipient(recipient, found)) is { } kind)
            yield return Finding("S37", kind, new Settlement(SettlementKind.LeaveBehind));
        foreach (var (address, holder) in Held(recipient, user, found, there))
            yield return new ProvisioningFinding("S37", $"{recipient.PrimarySmtpAddress} can't have its address {address}: it is {holder}'s in the tenant.",
                $"Take {address} off {holder}, or off the recipient at the source.")
            {
                Settlement = Without(recipient, address),
            };
        if (user is null && found is null && there.FindByAlias(UserPrincipalName.Alias(recipient.Alias)) is { } namesake)
            yield return new ProvisioningFinding("S37",
                $"{recipient.PrimarySmtpAddress} can't have its alias {recipient.Alias}: it is {NameOf(namesake)}'s in the tenant.",
                $"Change the alias of {NameOf(namesake)} in the tenant, or of the recipient at the source.")
            {
                Settlement = new Settlement(SettlementKind.OtherAlias),
            };
    }

    /// <summary>What takes an address off a recipient: another primary one where it is that.</summary>
    private static Settlement Without(Recipient recipient, string address) => address.Equals(recipient.PrimarySmtpAddress, StringComparison.OrdinalIgnoreCase)
        ? new Settlement(SettlementKind.OtherPrimaryAddress) : new Settlement(SettlementKind.WithoutAddress, address);

    private static void CheckUser(Recipient recipient, GraphUser? user)
    {
        if (user is not null) UserAccounts.CheckMatch(recipient, user);
    }

    private static void CheckRecipient(Recipient recipient, ExchangeObject found)
    {
        // A licence makes a mail user's object a user mailbox; that one is compared as a user.
        if (recipient.Type != RecipientType.UserMailbox) ExchangeRecipients.CheckType(recipient, found);
    }

    private static MigrationFault? Refused(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (MigrationFault fault)
        {
            return fault;
        }
    }

    /// <summary>Addresses of the recipient that somebody else has in the tenant.</summary>
    private static IEnumerable<(string Address, string Holder)> Held(Recipient recipient, GraphUser? user, ExchangeObject? found, TenantRecipients there)
    {
        foreach (var address in recipient.EmailAddresses.Where(IsSmtp).Select(address => address[Smtp.Length..]))
        {
            if (there.FindByAddress(address) is not { } holder || holder.Id == found?.Id) continue;
            if (user?.Id is { } id && id.Equals(holder.Id, StringComparison.OrdinalIgnoreCase)) continue;
            yield return (address, NameOf(holder));
        }
    }

    private static IEnumerable<ProvisioningFinding> Advice(Recipient recipient, string? signInName, GraphUser? user, RecipientAddresses addresses)
    {
        if (signInName is not null && user is null && !signInName.Equals(recipient.PrimarySmtpAddress, StringComparison.OrdinalIgnoreCase)
            && recipient.Type == RecipientType.UserMailbox)
            yield return new ProvisioningFinding("S35", $"{recipient.PrimarySmtpAddress} will sign in as {signInName}: a sign-in name takes no other characters and 64 before the @.",
                "Tell the user, or change the primary address at the source first.");
        if (recipient.Alias.Length > MaxNameLength)
            yield return new ProvisioningFinding("S35", $"{recipient.PrimarySmtpAddress} has an alias of {recipient.Alias.Length} characters; {MaxNameLength} remain.",
                "Shorten the alias at the source if the rest matters.");
        foreach (var address in addresses.LeftOut.Where(address => !address.Equals(recipient.PrimarySmtpAddress, StringComparison.OrdinalIgnoreCase)))
            yield return new ProvisioningFinding("S37", $"{recipient.PrimarySmtpAddress} can't keep its address {address}: the tenant accepts no mail for that domain.",
                "Add and verify the domain at the tenant, or leave the address behind if nobody writes to it.");
    }

    private static IEnumerable<string> Changes(
        Recipient recipient, GraphUser? user, ExchangeObject? found, RecipientAddresses addresses, string usageLocation)
    {
        if (user is not null && Filled(UserAccounts.Lacks(recipient, user, usageLocation)) is { Count: > 0 } filled)
            yield return $"fill in {string.Join(", ", filled)}";
        var current = found?.Texts("EmailAddresses") ?? user?.ProxyAddresses ?? [];
        if (addresses.Addresses.Except(current, StringComparer.OrdinalIgnoreCase).ToList() is { Count: > 0 } added)
            yield return $"add {string.Join(", ", added)}";
        else if (!addresses.AreIn(current)) yield return $"make {recipient.PrimarySmtpAddress} the primary address";
        if (found is not null && found.Flag("HiddenFromAddressListsEnabled") != recipient.HiddenFromAddressLists)
            yield return recipient.HiddenFromAddressLists ? "hide it from address lists" : "show it in address lists";
        if (found is null && recipient.Type == RecipientType.UserMailbox) yield return "give it a licence and wait for its mailbox";
    }

    private static List<string> Filled(GraphUser lacks)
    {
        (string Name, object? Value)[] fields =
        [
            ("usage location", lacks.UsageLocation), ("first name", lacks.GivenName), ("last name", lacks.Surname), ("job title", lacks.JobTitle),
            ("department", lacks.Department), ("company", lacks.CompanyName), ("office", lacks.OfficeLocation), ("business phone", lacks.BusinessPhones),
            ("mobile phone", lacks.MobilePhone), ("street", lacks.StreetAddress), ("city", lacks.City), ("state or province", lacks.State),
            ("postal code", lacks.PostalCode), ("country", lacks.Country),
        ];
        return [.. fields.Where(field => field.Value is not null).Select(field => field.Name)];
    }

    private static bool IsSmtp(string address) => address.StartsWith(Smtp, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(ExchangeObject holder) => holder.Text("PrimarySmtpAddress") ?? holder.Text("DisplayName") ?? holder.Id;

    private static ProvisioningFinding Finding(string requirement, MigrationFault fault, Settlement settlement) =>
        new(requirement, fault.Message, fault.NextStep) { Settlement = settlement };

    /// <summary>Sign-in names, aliases and addresses that several recipients of the source would get.</summary>
    private sealed class Clashes(IReadOnlyList<(Recipient Recipient, string? SignInName)> named)
    {
        private readonly ILookup<string, Recipient> bySignInName = named.Where(one => one.SignInName is not null)
            .ToLookup(one => one.SignInName!, one => one.Recipient, StringComparer.OrdinalIgnoreCase);
        private readonly ILookup<string, Recipient> byAlias =
            named.ToLookup(one => UserPrincipalName.Alias(one.Recipient.Alias), one => one.Recipient, StringComparer.OrdinalIgnoreCase);
        private readonly ILookup<string, Recipient> byAddress = named.Select(one => one.Recipient)
            .SelectMany(recipient => recipient.EmailAddresses.Where(IsSmtp).Distinct(StringComparer.OrdinalIgnoreCase).Select(address => (address, recipient)))
            .ToLookup(pair => pair.address[Smtp.Length..], pair => pair.recipient, StringComparer.OrdinalIgnoreCase);

        public IEnumerable<ProvisioningFinding> Of(Recipient recipient, string? signInName) =>
        [
            .. Of(recipient, "sign-in name", signInName is null ? [] : [signInName], bySignInName, _ => new Settlement(SettlementKind.OtherPrimaryAddress)),
            .. Of(recipient, "alias", [UserPrincipalName.Alias(recipient.Alias)], byAlias, _ => new Settlement(SettlementKind.OtherAlias)),
            .. Of(recipient, "address", recipient.EmailAddresses.Where(IsSmtp).Select(address => address[Smtp.Length..]), byAddress, address => Without(recipient, address)),
        ];

        private static IEnumerable<ProvisioningFinding> Of(
            Recipient recipient, string what, IEnumerable<string> names, ILookup<string, Recipient> holders, Func<string, Settlement> settle) =>
            from name in names
            let others = holders[name].Where(other => !ReferenceEquals(other, recipient)).Select(other => other.PrimarySmtpAddress).ToList()
            where others.Count > 0
            select new ProvisioningFinding("S37", $"{recipient.PrimarySmtpAddress} would get the same {what} as {string.Join(", ", others)}: {name}.",
                "Change one of them at the source.")
            {
                Settlement = settle(name),
            };
    }
}
