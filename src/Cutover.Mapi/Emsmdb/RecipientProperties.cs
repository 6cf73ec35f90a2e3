using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <summary>The properties that a recipient row stands for. Source: [MS-OXCDATA] 2.8.3.</summary>
internal static class RecipientProperties
{
    private static readonly PropertyTag SimpleDisplayName = new(0x39FF001F);
    private const int TypeMask = 0x0F;
    private const byte ResendInRow = 0x10;
    private const byte SubmittedInRow = 0x80;
    private const int Resend = 0x10000000;
    private const int Submitted = unchecked((int)0x80000000);

    /// <param name="dnPrefix">What a short X500 DN leaves out, as the session was told it.</param>
    public static PropertyBag Of(OpenRecipientRow recipient, IReadOnlyList<PropertyTag> columns, string dnPrefix)
    {
        var row = recipient.ReadRow(columns);
        var bag = row.Properties.ToBag(columns.Take(row.Properties.Values.Count).ToList());
        bag.Set(PropertyTags.RecipientType, TypeOf(recipient.RecipientType));
        Set(bag, PropertyTags.AddressType, AddressTypeOf(row));
        Set(bag, PropertyTags.EmailAddress, AddressOf(row, dnPrefix));
        Set(bag, PropertyTags.DisplayName, row.DisplayName);
        Set(bag, SimpleDisplayName, row.SimpleDisplayName);
        Set(bag, PropertyTags.TransmittableDisplayName, row.IsTransmittableNameSame ? row.DisplayName : row.TransmittableDisplayName);
        if (!row.EntryId.IsEmpty) bag.Set(PropertyTags.EntryId, row.EntryId.ToArray());
        if (!row.SearchKey.IsEmpty) bag.Set(PropertyTags.SearchKey, row.SearchKey.ToArray());
        if (row.Kind == RecipientAddressKind.X500DN && bag[PropertyTags.DisplayType] is null) bag.Set(PropertyTags.DisplayType, (int)row.DisplayType);
        return bag;
    }

    private static string? AddressTypeOf(RecipientRow row) => row.Kind switch
    {
        RecipientAddressKind.X500DN => "EX",
        RecipientAddressKind.Smtp => "SMTP",
        RecipientAddressKind.Fax => "FAX",
        RecipientAddressKind.MicrosoftMail => "MS",
        RecipientAddressKind.PersonalDistributionList1 or RecipientAddressKind.PersonalDistributionList2 => "MAPIPDL",
        _ => row.AddressType,
    };

    private static string? AddressOf(RecipientRow row, string dnPrefix) => row.Kind == RecipientAddressKind.X500DN
        ? dnPrefix[..Math.Min(row.AddressPrefixUsed, dnPrefix.Length)] + row.X500DN
        : row.EmailAddress;

    private static int TypeOf(byte type) =>
        type & TypeMask | ((type & ResendInRow) != 0 ? Resend : 0) | ((type & SubmittedInRow) != 0 ? Submitted : 0);

    private static void Set(PropertyBag bag, PropertyTag tag, string? value)
    {
        if (value is not null) bag.Set(tag, value);
    }
}
