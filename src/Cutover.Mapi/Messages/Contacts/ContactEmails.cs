using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>The three electronic addresses of a contact. Source: [MS-OXOCNTC] 2.2.1.2, [MS-OXVCARD] 2.1.3.4.2.</summary>
internal static class ContactEmails
{
    private static readonly (PropertyName DisplayName, PropertyName Type, PropertyName Address, PropertyName OriginalName, PropertyName EntryId)[] Places =
    [
        (PropertyNames.Email1DisplayName, PropertyNames.Email1AddressType, PropertyNames.Email1EmailAddress, PropertyNames.Email1OriginalDisplayName, PropertyNames.Email1OriginalEntryId),
        (PropertyNames.Email2DisplayName, PropertyNames.Email2AddressType, PropertyNames.Email2EmailAddress, PropertyNames.Email2OriginalDisplayName, PropertyNames.Email2OriginalEntryId),
        (PropertyNames.Email3DisplayName, PropertyNames.Email3AddressType, PropertyNames.Email3EmailAddress, PropertyNames.Email3OriginalDisplayName, PropertyNames.Email3OriginalEntryId),
    ];

    /// <summary>Whom the contact's addresses name, in order.</summary>
    public static IEnumerable<MessageAddress> Of(PropertyBag contact)
    {
        foreach (var place in Places)
        {
            if (contact[place.Address] is not string { Length: > 0 } address) continue;
            var type = (contact[place.Type] as string ?? "SMTP").ToUpperInvariant();
            var original = contact[place.OriginalName] as string;
            // Of an address in the organisation's own form Outlook keeps the SMTP address as the original display name.
            var smtp = type == "SMTP" ? address : original is not null && original.Contains('@', StringComparison.Ordinal) && !original.Contains(' ', StringComparison.Ordinal) ? original : null;
            yield return new MessageAddress(contact[place.DisplayName] as string ?? address, type, address, smtp);
        }
    }

    public static void Write(PropertyBag contact, SmtpAddresses addresses, ContentComponent card)
    {
        string[] types = ["INTERNET", "PREF"];
        foreach (var address in Of(contact).Select(addresses.Find).OfType<string>())
        {
            card.Add(ContentLine.OfText("EMAIL", address).With("TYPE", types));
            types = ["INTERNET"];
        }
    }

    /// <summary>False when the contact has three already.</summary>
    public static bool TryRead(ContentLine line, string? name, PropertyBag contact)
    {
        var address = VCardValues.Text(line).Trim();
        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)) address = address[7..];
        if (address.Length == 0) return true;
        var place = Places.FirstOrDefault(candidate => contact[candidate.Address] is null);
        if (place.Address is null) return false;
        contact.Set(place.DisplayName, PropertyType.String, name is null || name == address ? address : $"{name} ({address})");
        contact.Set(place.Type, PropertyType.String, "SMTP");
        contact.Set(place.Address, PropertyType.String, address);
        contact.Set(place.OriginalName, PropertyType.String, address);
        contact.Set(place.EntryId, PropertyType.Binary, AddressEntryId.OneOff(name ?? address, "SMTP", address));
        return true;
    }
}
