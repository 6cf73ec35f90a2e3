using System.Text.Json.Serialization;

namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>What an object of the tenant's directory is, in Exchange's words.</summary>
public enum RecipientTypeDetails
{
    /// <summary>A user without mail.</summary>
    User,
    UserMailbox,
    SharedMailbox,
    RoomMailbox,
    EquipmentMailbox,
    MailUser,
    MailContact,
    MailUniversalDistributionGroup,
    MailUniversalSecurityGroup,
    DynamicDistributionGroup,
}

/// <summary>A licence of a user.</summary>
public sealed record AssignedLicence(Guid SkuId, IReadOnlyList<Guid> DisabledPlans, DateTimeOffset Assigned);

/// <summary>A right on a mailbox (FullAccess) or recipient (SendAs).</summary>
public sealed record RecipientRight(Guid Trustee, string AccessRight, bool AutoMapping = true);

/// <summary>A user, contact or group of the tenant: one directory, seen through Graph and through Exchange Online.</summary>
public sealed record TenantRecipient
{
    public required Guid Id { get; init; }

    public required RecipientTypeDetails Type { get; init; }

    /// <summary>Unique among contacts and groups.</summary>
    public required string Name { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>Graph's mailNickname.</summary>
    public required string Alias { get; init; }

    public required string LegacyExchangeDN { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Users only.</summary>
    public string? UserPrincipalName { get; init; }

    /// <summary>Proxy addresses with their prefixes; the primary as SMTP:.</summary>
    public IReadOnlyList<string> EmailAddresses { get; init; } = [];

    /// <summary>Mail users and mail contacts: where mail goes.</summary>
    public string? ExternalEmailAddress { get; init; }

    public bool HiddenFromAddressLists { get; init; }

    public bool AccountEnabled { get; init; }

    /// <summary>Synchronised from on-premises: not writable in the cloud.</summary>
    public bool OnPremisesSyncEnabled { get; init; }

    /// <summary>Other attributes by Graph's names, such as givenName and usageLocation.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<AssignedLicence> Licences { get; init; } = [];

    /// <summary>The mailbox; null for who has none.</summary>
    public Guid? ExchangeGuid { get; init; }

    /// <summary>From when on the mailbox answers.</summary>
    public DateTimeOffset? MailboxReady { get; init; }

    public Guid? Manager { get; init; }

    public IReadOnlyList<Guid> Members { get; init; } = [];

    public IReadOnlyList<Guid> ManagedBy { get; init; } = [];

    public IReadOnlyList<Guid> GrantSendOnBehalfTo { get; init; } = [];

    /// <summary>FullAccess on the mailbox.</summary>
    public IReadOnlyList<RecipientRight> MailboxPermissions { get; init; } = [];

    /// <summary>SendAs on the recipient.</summary>
    public IReadOnlyList<RecipientRight> RecipientPermissions { get; init; } = [];

    /// <summary>The mailbox's automatic replies as Graph's JSON; null before somebody set them.</summary>
    public string? AutomaticReplies { get; init; }

    /// <summary>The mailbox's other settings (timeZone, language, workingHours) by Graph's names, as JSON.</summary>
    public IReadOnlyDictionary<string, string> MailboxSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>The categories as Graph's JSON, each with its id.</summary>
    public IReadOnlyList<string> MasterCategories { get; init; } = [];

    /// <summary>The Inbox's rules as Graph's JSON, each with its id.</summary>
    public IReadOnlyList<string> MessageRules { get; init; } = [];

    /// <summary>Rights on the mailbox's folders, beside those that every folder has.</summary>
    public IReadOnlyList<FolderRight> FolderPermissions { get; init; } = [];

    /// <summary>What cmdlets set that the lab only keeps, such as AutomateProcessing, by parameter name, as JSON text.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    [JsonIgnore]
    public string? PrimarySmtpAddress => ProxyAddress.PrimarySmtp(EmailAddresses);

    [JsonIgnore]
    public bool IsUser => UserPrincipalName is not null;

    [JsonIgnore]
    public bool HasMailbox => ExchangeGuid is not null;

    [JsonIgnore]
    public bool IsGroup => Type is RecipientTypeDetails.MailUniversalDistributionGroup or RecipientTypeDetails.MailUniversalSecurityGroup;

    public string? Attribute(string name) => Attributes.GetValueOrDefault(name);

    /// <summary>The same recipient with an attribute set, or removed when the value is null or empty.</summary>
    public TenantRecipient With(string attribute, string? value)
    {
        var attributes = new Dictionary<string, string>(Attributes);
        if (string.IsNullOrEmpty(value)) attributes.Remove(attribute);
        else attributes[attribute] = value;
        return this with { Attributes = attributes };
    }
}
