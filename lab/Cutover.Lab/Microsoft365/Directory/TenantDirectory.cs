using System.Text.Json;
using Dapper;

namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>
/// The tenant's one directory of users, contacts and groups. Addresses and user principal names are unique over all of them. Thread-safe;
/// what is saved survives the process.
/// </summary>
public sealed class TenantDirectory
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, TenantRecipient> recipients;
    private readonly TenantDatabase database;
    private readonly TenantDomains domains;
    private readonly Microsoft365Options options;

    internal TenantDirectory(TenantDatabase database, TenantDomains domains, Microsoft365Options options)
    {
        (this.database, this.domains, this.options) = (database, domains, options);
        recipients = database.Read(connection => connection.Query<string>("SELECT document FROM recipient"))
            .Select(document => JsonSerializer.Deserialize<TenantRecipient>(document)!)
            .ToDictionary(recipient => recipient.Id);
    }

    /// <summary>Every object, in the order of creation.</summary>
    public IReadOnlyList<TenantRecipient> Recipients
    {
        get
        {
            lock (gate) return [.. recipients.Values.OrderBy(recipient => recipient.Created).ThenBy(recipient => recipient.Name)];
        }
    }

    public TenantRecipient? Find(Guid id)
    {
        lock (gate) return recipients.GetValueOrDefault(id);
    }

    /// <summary>The recipient that holds this address, with or without prefix.</summary>
    public TenantRecipient? FindByAddress(string address)
    {
        lock (gate) return HolderOf(ProxyAddress.Normalize(address), Guid.Empty);
    }

    /// <summary>The recipient whose mailbox this is.</summary>
    public TenantRecipient? FindByMailbox(Guid exchangeGuid)
    {
        lock (gate) return recipients.Values.FirstOrDefault(recipient => recipient.ExchangeGuid == exchangeGuid);
    }

    /// <summary>The user with this object id or user principal name.</summary>
    public TenantRecipient? FindUser(string idOrPrincipalName)
    {
        lock (gate)
        {
            if (Guid.TryParse(idOrPrincipalName, out var id))
                return recipients.GetValueOrDefault(id) is { IsUser: true } user ? user : null;
            return recipients.Values.FirstOrDefault(recipient => Same(recipient.UserPrincipalName, idOrPrincipalName));
        }
    }

    /// <summary>Everyone whom Exchange's Identity parameter could mean by this text.</summary>
    internal IReadOnlyList<TenantRecipient> FindByIdentity(string identity)
    {
        lock (gate)
        {
            var exact = recipients.Values.Where(recipient => IsNamedExactly(recipient, identity)).ToList();
            return exact.Count > 0 ? exact : [.. recipients.Values.Where(recipient => Same(recipient.DisplayName, identity))];
        }
    }

    /// <summary>Adds or replaces the object.</summary>
    /// <exception cref="AddressInUseException">One of its addresses or names belongs to another object.</exception>
    internal void Save(TenantRecipient recipient)
    {
        lock (gate)
        {
            CheckUnique(recipient);
            var document = JsonSerializer.Serialize(recipient);
            database.Write(connection => connection.Execute(
                "INSERT INTO recipient VALUES(@id, @document) ON CONFLICT(id) DO UPDATE SET document = @document",
                new { id = recipient.Id.ToString(), document }));
            recipients[recipient.Id] = recipient;
        }
    }

    /// <summary>Changes the object as it is now, so that two changes at once don't undo each other.</summary>
    internal TenantRecipient Change(Guid id, Func<TenantRecipient, TenantRecipient> change)
    {
        lock (gate)
        {
            var changed = change(recipients[id]);
            Save(changed);
            return changed;
        }
    }

    /// <summary>Removes the object and every reference to it.</summary>
    internal void Remove(Guid id)
    {
        lock (gate)
        {
            database.Write(connection =>
            {
                connection.Execute("DELETE FROM recipient WHERE id = @id", new { id = id.ToString() });
                recipients.Remove(id);
                foreach (var other in recipients.Values.Where(other => Refers(other, id)).ToList()) Save(Without(other, id));
            });
        }
    }

    /// <summary>A proxy address below the initial domain that nobody holds: Exchange Online gives one to every mailbox and group.</summary>
    internal string FreeInitialAddress(string alias)
    {
        lock (gate)
        {
            var number = 0;
            string address;
            do address = $"smtp:{alias}{(number == 0 ? "" : number)}@{options.InitialDomain}";
            while (HolderOf(address, Guid.Empty) is not null && number++ < 10_000);
            return address;
        }
    }

    /// <summary>Seats of the product in use.</summary>
    internal int ConsumedUnits(Guid skuId)
    {
        lock (gate) return recipients.Values.Count(recipient => recipient.Licences.Any(licence => licence.SkuId == skuId));
    }

    internal bool IsAcceptedDomain(string domain) => domains.IsVerified(domain);

    private void CheckUnique(TenantRecipient recipient)
    {
        foreach (var address in recipient.EmailAddresses)
            if (HolderOf(address, recipient.Id) is { } holder) throw new AddressInUseException(address, holder);
        if (recipient.UserPrincipalName is not { } name) return;
        if (recipients.Values.FirstOrDefault(other => other.Id != recipient.Id && Same(other.UserPrincipalName, name)) is { } namesake)
            throw new AddressInUseException(name, namesake);
    }

    private TenantRecipient? HolderOf(string proxyAddress, Guid except) => recipients.Values.FirstOrDefault(recipient =>
        recipient.Id != except
        && (recipient.EmailAddresses.Contains(proxyAddress, StringComparer.OrdinalIgnoreCase)
            || (proxyAddress.StartsWith("x500:", StringComparison.OrdinalIgnoreCase)
                && Same(recipient.LegacyExchangeDN, proxyAddress[5..]))));

    private static bool IsNamedExactly(TenantRecipient recipient, string identity) =>
        (Guid.TryParse(identity, out var id) && (recipient.Id == id || recipient.ExchangeGuid == id))
        || Same(recipient.Name, identity)
        || Same(recipient.Alias, identity)
        || Same(recipient.UserPrincipalName, identity)
        || Same(recipient.LegacyExchangeDN, identity)
        || recipient.EmailAddresses.Contains(ProxyAddress.Normalize(identity), StringComparer.OrdinalIgnoreCase);

    private static bool Refers(TenantRecipient recipient, Guid id) =>
        recipient.Manager == id || recipient.Members.Contains(id) || recipient.ManagedBy.Contains(id)
            || recipient.GrantSendOnBehalfTo.Contains(id)
        || recipient.MailboxPermissions.Any(right => right.Trustee == id)
            || recipient.RecipientPermissions.Any(right => right.Trustee == id);

    private static TenantRecipient Without(TenantRecipient recipient, Guid id) => recipient with
    {
        Manager = recipient.Manager == id ? null : recipient.Manager,
        Members = [.. recipient.Members.Where(member => member != id)],
        ManagedBy = [.. recipient.ManagedBy.Where(owner => owner != id)],
        GrantSendOnBehalfTo = [.. recipient.GrantSendOnBehalfTo.Where(trustee => trustee != id)],
        MailboxPermissions = [.. recipient.MailboxPermissions.Where(right => right.Trustee != id)],
        RecipientPermissions = [.. recipient.RecipientPermissions.Where(right => right.Trustee != id)],
    };

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
