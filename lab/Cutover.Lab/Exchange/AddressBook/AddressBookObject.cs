using System.Buffers.Binary;
using System.Text;
using Cutover.Core.Recipients;
using Cutover.Lab.Organisation;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.AddressBook;

/// <summary>A recipient as the address book shows it. Source: [MS-OXOABK] 2.2.3 to 2.2.8.</summary>
/// <param name="directory">What an organisation holds beside its recipients.</param>
/// <param name="groupsOf">The groups that a legacyExchangeDN is a member of.</param>
internal sealed class AddressBookObject(uint minimalId, Recipient recipient, DirectoryDetails directory, Func<string, IEnumerable<string>> groupsOf)
{
    private const int ContainerFlagsOfGroups = 0x1 | 0x8;
    private const int ObjectTypeMailUser = 6;
    private const int ObjectTypeDistributionList = 8;
    private const uint EntryIdVersion = 1;

    private const string MailboxDatabase =
        "/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn=EX01/cn=Microsoft Private MDB";

    /// <summary>The first byte of an ephemeral entry id. Source: [MS-OXNSPI] 2.2.9.2.</summary>
    public const byte EphemeralIdType = 0x87;

    /// <summary>The provider of permanent entry ids. Source: [MS-OXNSPI] 2.2.9.3.</summary>
    public static readonly byte[] ProviderUid = Convert.FromHexString("DCA740C8C042101AB4B908002B2FE182");

    private static readonly Dictionary<ushort, Func<AddressBookObject, object?>> Values = new()
    {
        [PropertyTags.EntryId.Id] = it => it.EntryId(),
        [PropertyTags.InstanceKey.Id] = it => it.Key(),
        [PropertyTags.RecordKey.Id] = it => it.EntryId(),
        [PropertyTags.SearchKey.Id] = it => Encoding.Latin1.GetBytes($"EX:{it.Recipient.LegacyExchangeDN.ToUpperInvariant()}\0"),
        [PropertyTags.ObjectType.Id] = it => it.Recipient.IsGroup ? ObjectTypeDistributionList : ObjectTypeMailUser,
        [PropertyTags.DisplayType.Id] = it => (int)it.DisplayType(),
        [PropertyTags.DisplayTypeEx.Id] = it => it.DisplayTypeEx(),
        [PropertyTags.AddressBookContainerId.Id] = it => (int)it.MinimalId,
        [PropertyTags.TemplateId.Id] = it => it.EntryId(),
        [PropertyTags.MappingSignature.Id] = _ => ProviderUid,
        [PropertyTags.InitialDetailsPane.Id] = _ => 0,
        [PropertyTags.ContainerFlags.Id] = it => it.Recipient.IsGroup ? ContainerFlagsOfGroups : null,
        [PropertyTags.AddressBookObjectDistinguishedName.Id] = it => it.Recipient.LegacyExchangeDN,
        [PropertyTags.AddressBookDisplayNamePrintable.Id] = it => it.Recipient.DisplayName,
        [PropertyTags.AddressBookPhoneticDisplayName.Id] = it => it.PhoneticName,
        [PropertyTags.UserX509Certificate.Id] = it => it.userCertificates is { Length: > 0 } some ? some : null,
        [PropertyTags.AddressBookX509Certificate.Id] = it => it.certificates is { Length: > 0 } some ? some : null,
        [PropertyTags.SendRichInfo.Id] = it => it.Recipient.HasMailbox,
        [PropertyTags.DisplayName.Id] = it => it.Recipient.DisplayName,
        [PropertyTags.TransmittableDisplayName.Id] = it => it.Recipient.DisplayName,
        [PropertyTags.AddressType.Id] = _ => "EX",
        [PropertyTags.EmailAddress.Id] = it => it.Recipient.LegacyExchangeDN,
        [PropertyTags.SmtpAddress.Id] = it => it.Recipient.PrimarySmtpAddress,
        [PropertyTags.Account.Id] = it => it.Recipient.Alias,
        [PropertyTags.AddressBookProxyAddresses.Id] = it => it.Recipient.EmailAddresses.ToArray(),
        [PropertyTags.AddressBookTargetAddress.Id] = it => it.Recipient.ExternalEmailAddress is { } address ? $"SMTP:{address}" : null,
        [PropertyTags.AddressBookHomeMessageDatabase.Id] = it => it.Recipient.HasMailbox ? MailboxDatabase : null,
        [PropertyTags.GivenName.Id] = it => it.Recipient.Details.GivenName,
        [PropertyTags.Surname.Id] = it => it.Recipient.Details.Surname,
        [PropertyTags.Initials.Id] = it => it.Recipient.Details.Initials,
        [PropertyTags.Title.Id] = it => it.Recipient.Details.Title,
        [PropertyTags.DepartmentName.Id] = it => it.Recipient.Details.Department,
        [PropertyTags.CompanyName.Id] = it => it.Recipient.Details.Company,
        [PropertyTags.OfficeLocation.Id] = it => it.Recipient.Details.Office,
        [PropertyTags.BusinessTelephoneNumber.Id] = it => it.Recipient.Details.BusinessPhone,
        [PropertyTags.PrimaryTelephoneNumber.Id] = it => it.Recipient.Details.BusinessPhone,
        [PropertyTags.MobileTelephoneNumber.Id] = it => it.Recipient.Details.MobilePhone,
        [PropertyTags.StreetAddress.Id] = it => it.Recipient.Details.StreetAddress,
        [PropertyTags.Locality.Id] = it => it.Recipient.Details.City,
        [PropertyTags.StateOrProvince.Id] = it => it.Recipient.Details.StateOrProvince,
        [PropertyTags.PostalCode.Id] = it => it.Recipient.Details.PostalCode,
        [PropertyTags.Country.Id] = it => it.Recipient.Details.Country,
        [PropertyTags.AddressBookManager.Id] = it => it.Recipient.Manager,
        [PropertyTags.AddressBookIsMemberOfDistributionList.Id] = it => it.References(PropertyTags.AddressBookIsMemberOfDistributionList),
        [PropertyTags.AddressBookMember.Id] = it => it.References(PropertyTags.AddressBookMember),
        [PropertyTags.AddressBookOwner.Id] = it => it.References(PropertyTags.AddressBookOwner),
        [PropertyTags.AddressBookPublicDelegates.Id] = it => it.References(PropertyTags.AddressBookPublicDelegates),
    };

    /// <summary>The columns that a client gets who names none. Source: [MS-OXNSPI] 3.1.4.1.8 constraint 5.</summary>
    public static readonly PropertyTag[] DefaultColumns =
    [
        PropertyTags.AddressBookContainerId, PropertyTags.ObjectType, PropertyTags.DisplayType,
        PropertyTags.DisplayName.WithType(PropertyType.String8), PropertyTags.PrimaryTelephoneNumber.WithType(PropertyType.String8),
        PropertyTags.DepartmentName.WithType(PropertyType.String8), PropertyTags.OfficeLocation.WithType(PropertyType.String8),
    ];

    private byte[][] certificates = directory.CertificatesOf(recipient);
    private byte[][] userCertificates = [];

    public uint MinimalId { get; } = minimalId;

    public Recipient Recipient { get; private set; } = recipient;

    /// <summary>How the name is spoken; null when nobody said.</summary>
    public string? PhoneticName { get; } = directory.PhoneticNames.GetValueOrDefault(recipient.Alias);

    /// <summary>The tags of all properties that objects here may have, with Unicode strings.</summary>
    public static IEnumerable<PropertyTag> Columns(AddressBookObject sample) =>
        Values.Select(entry => new PropertyTag(entry.Key, NativeType(entry.Value(sample)) ?? PropertyType.String));

    /// <summary>Replaces what a property refers to, for the members of a group and the delegates of a mailbox.</summary>
    public void Refer(PropertyTag property, IReadOnlyList<string> names) =>
        Recipient = property.Id == PropertyTags.AddressBookMember.Id ? Recipient with { Members = names } : Recipient with { Delegates = names };

    /// <summary>Replaces the certificates of one of the two properties that hold them; false for another property.</summary>
    public bool Certify(PropertyTag property, byte[][] values)
    {
        if (property.Id == PropertyTags.AddressBookX509Certificate.Id) certificates = values;
        else if (property.Id == PropertyTags.UserX509Certificate.Id) userCertificates = values;
        else return false;
        return true;
    }

    /// <summary>What the properties that this object has are.</summary>
    public IEnumerable<PropertyTag> Columns() =>
        Values.Select(entry => (entry.Key, Type: NativeType(entry.Value(this)))).Where(entry => entry.Type is not null)
            .Select(entry => new PropertyTag(entry.Key, entry.Type!.Value));

    /// <summary>The columns in their order; one without a value has the type ErrorCode.</summary>
    /// <param name="issuer">The server whose ephemeral entry id is asked for; null for the permanent one.</param>
    public PropertyBag Row(IEnumerable<PropertyTag> columns, Guid? issuer = null) => new(columns.Select(tag =>
        issuer is { } server && tag == PropertyTags.EntryId ? new PropertyValue(tag, EphemeralEntryId(server)) : Column(tag)));

    /// <summary>The columns of an object that is not there. Source: [MS-OXNSPI] 3.1.4.1.7 constraint 11.</summary>
    public static PropertyBag NoRow(IEnumerable<PropertyTag> columns) => new(columns.Select(Missing));

    /// <summary>The value of a property in the type that it is kept in; null when there is none.</summary>
    public object? Value(ushort id) => Values.TryGetValue(id, out var value) ? value(this) : null;

    /// <summary>The legacyExchangeDNs that a property refers to; null when it refers to nothing.</summary>
    public string[]? References(PropertyTag property)
    {
        IEnumerable<string>? names = property.Id switch
        {
            0x8005 => Recipient.Manager is { } manager ? [manager] : [],
            0x8008 => groupsOf(Recipient.LegacyExchangeDN),
            0x8009 => Recipient.Members,
            0x800C => Recipient.ManagedBy,
            0x8015 => Recipient.Delegates,
            _ => null,
        };
        return names?.ToArray() is { Length: > 0 } some ? some : null;
    }

    private PropertyValue Column(PropertyTag tag)
    {
        var value = Value(tag.Id);
        var type = tag.Type == PropertyType.Unspecified ? NativeType(value) ?? PropertyType.ErrorCode : tag.Type;
        return Fitting(value, type) is { } fitting
            ? new PropertyValue(tag.WithType(type), fitting)
            : Missing(tag);
    }

    private static PropertyValue Missing(PropertyTag tag) => new(tag.WithType(PropertyType.ErrorCode), unchecked((int)NspiStatus.NotFound));

    private static object? Fitting(object? value, PropertyType type) => (type, value) switch
    {
        (PropertyType.String or PropertyType.String8, string text) => text,
        (PropertyType.MultipleString or PropertyType.MultipleString8, string[] texts) => texts,
        (PropertyType.MultipleString or PropertyType.MultipleString8, string text) => new[] { text },
        (PropertyType.Integer32, int number) => number,
        (PropertyType.Boolean, bool flag) => flag,
        (PropertyType.Binary, byte[] bytes) => bytes,
        (PropertyType.MultipleBinary, byte[][] several) => several,
        _ => null,
    };

    private static PropertyType? NativeType(object? value) => value switch
    {
        string => PropertyType.String,
        string[] => PropertyType.MultipleString,
        int => PropertyType.Integer32,
        bool => PropertyType.Boolean,
        byte[] => PropertyType.Binary,
        byte[][] => PropertyType.MultipleBinary,
        _ => null,
    };

    /// <summary>What a client shows the object as.</summary>
    public AddressBookDisplayType DisplayType() => directory.IsPublicFolder(Recipient) ? AddressBookDisplayType.Forum : Recipient.Type switch
    {
        RecipientType.MailUniversalDistributionGroup or RecipientType.MailUniversalSecurityGroup => AddressBookDisplayType.DistributionList,
        RecipientType.DynamicDistributionGroup => AddressBookDisplayType.Agent,
        RecipientType.MailContact or RecipientType.MailUser => AddressBookDisplayType.RemoteMailUser,
        _ => AddressBookDisplayType.MailUser,
    };

    private int DisplayTypeEx() => directory.IsPublicFolder(Recipient) ? (int)AddressBookDisplayType.Forum : Recipient.Type switch
    {
        RecipientType.UserMailbox => Mapi.AddressBook.DisplayTypeEx.AclCapable,
        RecipientType.RoomMailbox => (int)AddressBookDisplayType.Room,
        RecipientType.EquipmentMailbox => (int)AddressBookDisplayType.Equipment,
        RecipientType.MailUser => Mapi.AddressBook.DisplayTypeEx.RemoteValid | (int)AddressBookDisplayType.RemoteMailUser,
        RecipientType.MailUniversalSecurityGroup => Mapi.AddressBook.DisplayTypeEx.AclCapable | (int)AddressBookDisplayType.SecurityDistributionList,
        _ => (int)DisplayType(),
    };

    private byte[] Key()
    {
        var key = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(key, MinimalId);
        return key;
    }

    // EphemeralEntryID: type and three zeros, the server that issued it, version, display type, minimal id. Source: [MS-OXNSPI] 2.2.9.2.
    private byte[] EphemeralEntryId(Guid server)
    {
        Span<byte> numbers = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(numbers, EntryIdVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[4..], (uint)DisplayType());
        return [EphemeralIdType, 0, 0, 0, .. server.ToByteArray(), .. numbers, .. Key()];
    }

    // PermanentEntryID: flags, provider, version, display type, distinguished name. Source: [MS-OXNSPI] 2.2.9.3.
    private byte[] EntryId()
    {
        Span<byte> numbers = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(numbers, EntryIdVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[4..], (uint)DisplayType());
        return [0, 0, 0, 0, .. ProviderUid, .. numbers, .. Encoding.Latin1.GetBytes(Recipient.LegacyExchangeDN), 0];
    }
}
