using System.Buffers.Binary;
using Cutover.Core.Recipients;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>Reads a recipient from a row of the address book. Source: [MS-OXOABK] 2.2.</summary>
internal static class AddressBookRecipients
{
    private const string SmtpPrefix = "smtp:";

    // Object-valued properties have a second form: the legacyExchangeDNs of what they refer to, hidden objects too.
    private static readonly PropertyTag MemberNames = PropertyTags.AddressBookMember.WithType(PropertyType.MultipleString);
    private static readonly PropertyTag MemberOfNames = PropertyTags.AddressBookIsMemberOfDistributionList.WithType(PropertyType.MultipleString);
    private static readonly PropertyTag OwnerNames = PropertyTags.AddressBookOwner.WithType(PropertyType.MultipleString);
    private static readonly PropertyTag DelegateNames = PropertyTags.AddressBookPublicDelegates.WithType(PropertyType.MultipleString);

    /// <summary>The columns that a recipient is read from.</summary>
    public static readonly IReadOnlyList<PropertyTag> Columns =
    [
        PropertyTags.EmailAddress, PropertyTags.InstanceKey, PropertyTags.DisplayType, PropertyTags.DisplayTypeEx, PropertyTags.DisplayName,
        PropertyTags.Account, PropertyTags.SmtpAddress, PropertyTags.AddressBookProxyAddresses, PropertyTags.AddressBookTargetAddress,
        PropertyTags.AddressBookHomeMessageDatabase, PropertyTags.AddressBookManagerDistinguishedName, MemberNames, MemberOfNames, OwnerNames,
        DelegateNames, PropertyTags.GivenName, PropertyTags.Surname, PropertyTags.Initials, PropertyTags.Title, PropertyTags.DepartmentName,
        PropertyTags.CompanyName, PropertyTags.OfficeLocation, PropertyTags.BusinessTelephoneNumber, PropertyTags.MobileTelephoneNumber,
        PropertyTags.StreetAddress, PropertyTags.Locality, PropertyTags.StateOrProvince, PropertyTags.PostalCode, PropertyTags.Country,
    ];

    public static string? LegacyExchangeDN(PropertyBag row) => row.GetString(PropertyTags.EmailAddress);

    /// <summary>The object's minimal id, which its instance key is; null where the server gives another key. Source: [MS-OXOABK] 2.2.3.6.</summary>
    public static uint? MinimalId(PropertyBag row) =>
        row[PropertyTags.InstanceKey] is byte[] { Length: sizeof(uint) } key ? BinaryPrimitives.ReadUInt32LittleEndian(key) : null;

    /// <summary>The groups that the recipient says it belongs to: a hidden group shows only there.</summary>
    public static IReadOnlyList<string> MemberOf(PropertyBag row) => Names(row, PropertyTags.AddressBookIsMemberOfDistributionList);

    /// <summary>The recipient; null for what is none, such as a public folder, or has no address.</summary>
    public static Recipient? Read(PropertyBag row, bool isHidden)
    {
        var primary = PrimarySmtpAddress(row);
        if (LegacyExchangeDN(row) is not { } legacyExchangeDN || TypeOf(row) is not { } type || primary is null) return null;
        var alias = Text(row, PropertyTags.Account) ?? primary[..primary.IndexOf('@')];
        return new Recipient(
            legacyExchangeDN, type, Text(row, PropertyTags.DisplayName) ?? alias, alias, primary, Addresses(row, primary),
            External(row, type, primary), isHidden, Text(row, PropertyTags.AddressBookManagerDistinguishedName),
            Names(row, PropertyTags.AddressBookMember), Names(row, PropertyTags.AddressBookOwner),
            Names(row, PropertyTags.AddressBookPublicDelegates), Details(row));
    }

    private static RecipientType? TypeOf(PropertyBag row)
    {
        var extended = row.GetInteger(PropertyTags.DisplayTypeEx);
        return (AddressBookDisplayType?)row.GetInteger(PropertyTags.DisplayType) switch
        {
            AddressBookDisplayType.MailUser => MailboxTypeOf(row, extended),
            AddressBookDisplayType.DistributionList => GroupTypeOf(extended),
            AddressBookDisplayType.Agent => RecipientType.DynamicDistributionGroup,
            AddressBookDisplayType.RemoteMailUser => ExternalTypeOf(extended),
            _ => null,
        };
    }

    private static RecipientType MailboxTypeOf(PropertyBag row, int? extended)
    {
        if (Text(row, PropertyTags.AddressBookTargetAddress) is not null && row[PropertyTags.AddressBookHomeMessageDatabase] is null)
            return RecipientType.MailUser;
        // Exchange 2003 has no extended type. A shared mailbox's account is disabled, so it can't stand in an access control list.
        if (extended is not { } type) return RecipientType.UserMailbox;
        return DisplayTypeEx.Local(type) switch
        {
            AddressBookDisplayType.Room => RecipientType.RoomMailbox,
            AddressBookDisplayType.Equipment => RecipientType.EquipmentMailbox,
            _ => (type & DisplayTypeEx.AclCapable) == 0 ? RecipientType.SharedMailbox : RecipientType.UserMailbox,
        };
    }

    private static RecipientType GroupTypeOf(int? extended) =>
        extended is { } type && DisplayTypeEx.Local(type) == AddressBookDisplayType.SecurityDistributionList
            ? RecipientType.MailUniversalSecurityGroup
            : RecipientType.MailUniversalDistributionGroup;

    private static RecipientType ExternalTypeOf(int? extended) =>
        extended is { } type && (type & (DisplayTypeEx.RemoteValid | DisplayTypeEx.AclCapable)) != 0 ? RecipientType.MailUser : RecipientType.MailContact;

    private static string? PrimarySmtpAddress(PropertyBag row)
    {
        var primary = Names(row, PropertyTags.AddressBookProxyAddresses).FirstOrDefault(address => address.StartsWith("SMTP:", StringComparison.Ordinal));
        var address = primary?[SmtpPrefix.Length..] ?? row.GetString(PropertyTags.SmtpAddress);
        return address?.Contains('@') == true ? address : null;
    }

    private static IReadOnlyList<string> Addresses(PropertyBag row, string primary)
    {
        var addresses = Names(row, PropertyTags.AddressBookProxyAddresses);
        var hasPrimary = addresses.Any(address => address.Equals(SmtpPrefix + primary, StringComparison.OrdinalIgnoreCase));
        return hasPrimary ? addresses : [$"SMTP:{primary}", .. addresses];
    }

    private static string? External(PropertyBag row, RecipientType type, string primary)
    {
        if (type is not (RecipientType.MailUser or RecipientType.MailContact)) return null;
        var target = Text(row, PropertyTags.AddressBookTargetAddress);
        return target?.StartsWith(SmtpPrefix, StringComparison.OrdinalIgnoreCase) == true ? target[SmtpPrefix.Length..] : primary;
    }

    private static IReadOnlyList<string> Names(PropertyBag row, PropertyTag property) => row[property] switch
    {
        string[] names => names,
        string name => [name],
        _ => [],
    };

    private static RecipientDetails Details(PropertyBag row) => new(
        GivenName: Text(row, PropertyTags.GivenName),
        Surname: Text(row, PropertyTags.Surname),
        Initials: Text(row, PropertyTags.Initials),
        Title: Text(row, PropertyTags.Title),
        Department: Text(row, PropertyTags.DepartmentName),
        Company: Text(row, PropertyTags.CompanyName),
        Office: Text(row, PropertyTags.OfficeLocation),
        BusinessPhone: Text(row, PropertyTags.BusinessTelephoneNumber),
        MobilePhone: Text(row, PropertyTags.MobileTelephoneNumber),
        StreetAddress: Text(row, PropertyTags.StreetAddress),
        City: Text(row, PropertyTags.Locality),
        StateOrProvince: Text(row, PropertyTags.StateOrProvince),
        PostalCode: Text(row, PropertyTags.PostalCode),
        Country: Text(row, PropertyTags.Country));

    // A server that holds nothing may say so with an empty string. See docs/protocols/gromox.md
    private static string? Text(PropertyBag row, PropertyTag tag) => row.GetString(tag) is { Length: > 0 } text ? text : null;
}
