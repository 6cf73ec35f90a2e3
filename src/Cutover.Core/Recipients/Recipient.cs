namespace Cutover.Core.Recipients;

/// <summary>What a recipient is, in Exchange's words (RecipientTypeDetails).</summary>
public enum RecipientType
{
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

/// <summary>A person's or thing's details that the address book holds; null where it holds none.</summary>
public sealed record RecipientDetails(
    string? GivenName = null, string? Surname = null, string? Initials = null, string? Title = null, string? Department = null,
    string? Company = null, string? Office = null, string? BusinessPhone = null, string? MobilePhone = null, string? StreetAddress = null,
    string? City = null, string? StateOrProvince = null, string? PostalCode = null, string? Country = null);

/// <summary>A recipient of the source organisation.</summary>
/// <param name="LegacyExchangeDN">The X.500 name that old mail knows it by; names the recipient for good.</param>
/// <param name="PrimarySmtpAddress">For a mail user or contact its own address in the organisation when it has one, else the external one.</param>
/// <param name="EmailAddresses">Every proxy address with its prefix, the primary as SMTP:, others as smtp:, x500:, …</param>
/// <param name="ExternalEmailAddress">Where mail goes: mail users and mail contacts only.</param>
/// <param name="HiddenFromAddressLists">Missed by Microsoft's tool (S77); ours finds it.</param>
/// <param name="Manager">The manager's legacyExchangeDN.</param>
/// <param name="Members">The members' legacyExchangeDNs: groups only.</param>
/// <param name="ManagedBy">The owners' legacyExchangeDNs: groups only.</param>
/// <param name="Delegates">The legacyExchangeDNs that may send on behalf.</param>
public sealed record Recipient(
    string LegacyExchangeDN,
    RecipientType Type,
    string DisplayName,
    string Alias,
    string PrimarySmtpAddress,
    IReadOnlyList<string> EmailAddresses,
    string? ExternalEmailAddress,
    bool HiddenFromAddressLists,
    string? Manager,
    IReadOnlyList<string> Members,
    IReadOnlyList<string> ManagedBy,
    IReadOnlyList<string> Delegates,
    RecipientDetails Details)
{
    /// <summary>The primary SMTP address that it has at the source, where the administrator decided on another one for the target.</summary>
    public string SourceAddress { get => field ?? PrimarySmtpAddress; init; }

    /// <summary>Whom a dynamic distribution group holds, as the administrator gave it; the address book does not show it.</summary>
    public string? RecipientFilter { get; init; }

    public bool HasMailbox => Type is RecipientType.UserMailbox or RecipientType.SharedMailbox or RecipientType.RoomMailbox
        or RecipientType.EquipmentMailbox;

    public bool IsGroup => Type is RecipientType.MailUniversalDistributionGroup or RecipientType.MailUniversalSecurityGroup
        or RecipientType.DynamicDistributionGroup;
}
