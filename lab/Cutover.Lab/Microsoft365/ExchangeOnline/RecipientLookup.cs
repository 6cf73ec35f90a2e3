using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Finds recipients as the Identity parameter does, and saves them with Exchange's own refusals.</summary>
internal sealed class RecipientLookup(Tenant tenant)
{
    /// <summary>Everyone whom Exchange Online shows: who has mail, and whose mailbox is there by now.</summary>
    public IEnumerable<TenantRecipient> All => tenant.Directory.Recipients.Where(IsVisible);

    /// <exception cref="CmdletException">Nobody, or more than one, is meant.</exception>
    public TenantRecipient Get(string identity, Func<TenantRecipient, bool>? kind = null)
    {
        var found = tenant.Directory.FindByIdentity(identity)
            .Where(recipient => IsVisible(recipient) && kind?.Invoke(recipient) != false).ToList();
        return found.Count switch
        {
            0 => throw CmdletException.NotFound(identity),
            1 => found[0],
            _ => throw CmdletException.Ambiguous(identity),
        };
    }

    public TenantRecipient? Find(Guid id) => tenant.Directory.Find(id);

    public IReadOnlyList<Guid> Ids(IEnumerable<string> identities) => [.. identities.Select(identity => Get(identity).Id).Distinct()];

    /// <summary>The names by which results refer to recipients.</summary>
    public IReadOnlyList<string> Names(IEnumerable<Guid> ids) =>
        [.. ids.Select(Find).OfType<TenantRecipient>().Select(recipient => recipient.Name)];

    /// <exception cref="CmdletException">An address or name is taken, or not of an accepted domain.</exception>
    public void Save(TenantRecipient recipient)
    {
        EmailAddressRules.Check(recipient, tenant.Directory.IsAcceptedDomain);
        try
        {
            tenant.Directory.Save(recipient);
        }
        catch (AddressInUseException e)
        {
            throw CmdletException.AddressInUse(ProxyAddress.Normalize(e.Address), e.Holder.DisplayName);
        }
    }

    /// <summary>Saves what changed; warns when nothing did, as Set- cmdlets do.</summary>
    public void SaveChange(TenantRecipient before, TenantRecipient after, CmdletCall call)
    {
        if (System.Text.Json.JsonSerializer.Serialize(before) == System.Text.Json.JsonSerializer.Serialize(after))
            call.Warnings.Add($"The command completed successfully but no settings of '{before.DisplayName}' have been modified.");
        else Save(after);
    }

    /// <exception cref="CmdletException">The name belongs to another recipient.</exception>
    public string FreeName(string name)
    {
        if (name.Length > 64)
            throw CmdletException.Validation(
                $"The length of the property is too long. The maximum length is 64 and the length of the value provided is {name.Length}.");
        if (tenant.Directory.Recipients.Any(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            throw CmdletException.NameInUse(name);
        return name;
    }

    private bool IsVisible(TenantRecipient recipient) =>
        recipient.Type != RecipientTypeDetails.User && (recipient.MailboxReady is null || recipient.MailboxReady <= tenant.Now);
}
