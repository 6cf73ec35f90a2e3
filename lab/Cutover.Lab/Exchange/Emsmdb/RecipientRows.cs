using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Recipients as bags of properties and as the rows of ROPs. Source: [MS-OXCDATA] 2.8.3, [MS-OXCMSG] 2.2.3.1.2.</summary>
internal static class RecipientRows
{
    private const int MaximumRows = byte.MaxValue;
    private const int TypeMask = 0x0F;
    private const int Resend = 0x10000000;
    private const int Submitted = unchecked((int)0x80000000);
    private const byte ResendInRow = 0x10;
    private const byte SubmittedInRow = 0x80;
    private const ushort CodePage = 1252;
    private const string ExchangeType = "EX";
    private const string SmtpType = "SMTP";

    // These have a place of their own in a row.
    private static readonly HashSet<ushort> RowIds =
    [
        PropertyTags.AddressType.Id, PropertyTags.EmailAddress.Id, PropertyTags.DisplayName.Id, PropertyTags.SimpleDisplayName.Id,
        PropertyTags.TransmittableDisplayName.Id, PropertyTags.RecipientType.Id, PropertyTags.Rowid.Id,
    ];

    /// <summary>The columns that the client named when it wrote recipients, else what any of them has beside the usual. Source: [MS-OXCMSG] 2.2.3.5.1.</summary>
    public static IReadOnlyList<PropertyTag> ColumnsOf(MessageObject message) => message.RecipientColumns ??
        [.. message.Recipients.SelectMany(recipient => recipient).Where(property => property.Name is null && !RowIds.Contains(property.Tag.Id))
            .Select(property => property.Tag).DistinctBy(tag => tag.Id)];

    /// <summary>The first recipients, as many as fit into so many bytes and into one count.</summary>
    public static IReadOnlyList<OpenRecipientRow> Fitting(IEnumerable<PropertyBag> recipients, IReadOnlyList<PropertyTag> columns, int room)
    {
        const int rowHeader = 7;
        var rows = new List<OpenRecipientRow>();
        foreach (var row in recipients.Select(recipient => Open(recipient, columns)))
        {
            room -= rowHeader + row.Row.Length;
            if (room < 0 || rows.Count == MaximumRows) break;
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>The recipient that a client sends in a row.</summary>
    public static PropertyBag Read(ModifyRecipientRow change, IReadOnlyList<PropertyTag> columns)
    {
        var row = change.ReadRow(columns);
        var bag = row.Properties.ToBag(columns).Set(PropertyTags.Rowid, (int)change.RowId).Set(PropertyTags.RecipientType, TypeOf(change.RecipientType));
        AddAddress(bag, row);
        if (row.DisplayName is { } name) bag.Set(PropertyTags.DisplayName, name);
        if (row.SimpleDisplayName is { } simple) bag.Set(PropertyTags.SimpleDisplayName, simple);
        var transmittable = row.IsTransmittableNameSame ? row.DisplayName : row.TransmittableDisplayName;
        if (transmittable is not null) bag.Set(PropertyTags.TransmittableDisplayName, transmittable);
        return bag;
    }

    private static void AddAddress(PropertyBag bag, RecipientRow row)
    {
        var type = row.Kind switch
        {
            RecipientAddressKind.X500DN => ExchangeType,
            RecipientAddressKind.Smtp => SmtpType,
            RecipientAddressKind.Fax => "FAX",
            RecipientAddressKind.MicrosoftMail => "MS",
            RecipientAddressKind.PersonalDistributionList1 or RecipientAddressKind.PersonalDistributionList2 => "MAPIPDL",
            _ => row.AddressType,
        };
        if (type is not null) bag.Set(PropertyTags.AddressType, type);
        if ((row.Kind == RecipientAddressKind.X500DN ? row.X500DN : row.EmailAddress) is { } address) bag.Set(PropertyTags.EmailAddress, address);
        if (!row.EntryId.IsEmpty) bag.Set(PropertyTags.EntryId, row.EntryId.ToArray());
        if (!row.SearchKey.IsEmpty) bag.Set(PropertyTags.SearchKey, row.SearchKey.ToArray());
        if (row.Kind == RecipientAddressKind.X500DN && bag[PropertyTags.DisplayType] is null) bag.Set(PropertyTags.DisplayType, (int)row.DisplayType);
    }

    private static OpenRecipientRow Open(PropertyBag recipient, IReadOnlyList<PropertyTag> columns)
    {
        var writer = new RopWriter();
        RowOf(recipient, columns).Write(writer, columns);
        return new OpenRecipientRow(TypeInRow(recipient.GetInteger(PropertyTags.RecipientType) ?? 1), CodePage, writer.Written);
    }

    private static RecipientRow RowOf(PropertyBag recipient, IReadOnlyList<PropertyTag> columns)
    {
        var type = recipient.GetString(PropertyTags.AddressType);
        var address = recipient.GetString(PropertyTags.EmailAddress);
        var name = recipient.GetString(PropertyTags.DisplayName);
        var transmittable = recipient.GetString(PropertyTags.TransmittableDisplayName);
        var isExchange = string.Equals(type, ExchangeType, StringComparison.OrdinalIgnoreCase) && address is not null;
        var isSmtp = string.Equals(type, SmtpType, StringComparison.OrdinalIgnoreCase);
        var kind = isExchange ? RecipientAddressKind.X500DN : isSmtp ? RecipientAddressKind.Smtp : RecipientAddressKind.None;
        return new RecipientRow(kind, PropertyRow.Of(recipient, columns))
        {
            X500DN = isExchange ? address : null,
            DisplayType = isExchange ? (byte)(recipient.GetInteger(PropertyTags.DisplayType) ?? 0) : (byte)0,
            AddressType = kind == RecipientAddressKind.None ? type : null,
            EmailAddress = isExchange ? null : address,
            DisplayName = name,
            SimpleDisplayName = recipient.GetString(PropertyTags.SimpleDisplayName),
            TransmittableDisplayName = transmittable == name ? null : transmittable,
            IsTransmittableNameSame = transmittable is not null && transmittable == name,
        };
    }

    private static int TypeOf(byte type) =>
        type & TypeMask | ((type & ResendInRow) != 0 ? Resend : 0) | ((type & SubmittedInRow) != 0 ? Submitted : 0);

    private static byte TypeInRow(int type) =>
        (byte)(type & TypeMask | ((type & Resend) != 0 ? ResendInRow : 0) | ((type & Submitted) != 0 ? SubmittedInRow : 0));
}
