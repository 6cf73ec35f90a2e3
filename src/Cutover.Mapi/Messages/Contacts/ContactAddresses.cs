using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>The three postal addresses of a contact. Source: [MS-OXVCARD] 2.1.3.3, [MS-OXOCNTC] 2.2.1.3.</summary>
internal static class ContactAddresses
{
    private const int PartsOfAnAddress = 7;

    private static readonly PostalAddress Home = new(1, "HOME", PropertyNames.HomeAddress, PropertyTags.HomeAddressPostOfficeBox, PropertyTags.HomeAddressStreet,
        PropertyTags.HomeAddressCity, PropertyTags.HomeAddressStateOrProvince, PropertyTags.HomeAddressPostalCode, PropertyTags.HomeAddressCountry);

    private static readonly PostalAddress Work = new(2, "WORK", PropertyNames.WorkAddress, PropertyNames.WorkAddressPostOfficeBox, PropertyNames.WorkAddressStreet,
        PropertyNames.WorkAddressCity, PropertyNames.WorkAddressState, PropertyNames.WorkAddressPostalCode, PropertyNames.WorkAddressCountry);

    private static readonly PostalAddress Other = new(3, "POSTAL", PropertyNames.OtherAddress, PropertyTags.OtherAddressPostOfficeBox, PropertyTags.OtherAddressStreet,
        PropertyTags.OtherAddressCity, PropertyTags.OtherAddressStateOrProvince, PropertyTags.OtherAddressPostalCode, PropertyTags.OtherAddressCountry);

    public static void Write(PropertyBag contact, ContentComponent card)
    {
        foreach (var address in (PostalAddress[])[Work, Home, Other]) address.Write(contact, card);
    }

    /// <summary>False when the place of the address's kind is taken.</summary>
    public static bool TryRead(ContentLine line, PropertyBag contact)
    {
        var parts = VCardValues.Parts(line);
        if (parts.All(part => part.Length == 0)) return true;
        var wanted = line.Has("TYPE", "HOME") ? Home : line.Has("TYPE", "WORK") ? Work : Other;
        return wanted.TryRead(parts, line.Has("TYPE", "PREF"), contact) || Other.TryRead(parts, line.Has("TYPE", "PREF"), contact);
    }

    /// <summary>Where one address is kept: fields are tags, or names for the one at work.</summary>
    /// <param name="Id">What PidLidPostalAddressId says when it is the mailing address.</param>
    private sealed record PostalAddress(int Id, string Type, PropertyName Whole, params object[] Fields)
    {
        public void Write(PropertyBag contact, ContentComponent card)
        {
            var fields = Fields.Select(field => Get(contact, field)).ToList();
            if (fields.TrueForAll(field => field is null)) return;
            string[] types = contact[PropertyNames.PostalAddressId] as int? == Id ? [Type, "PREF"] : [Type];
            // Post-office box, extended address, street and the rest.
            var parts = new[] { fields[0], null }.Concat(fields.Skip(1)).Select(part => part ?? "");
            card.Add(ContentLine.Of("ADR", ContentText.Join(parts, ';')).With("TYPE", types));
        }

        public bool TryRead(IReadOnlyList<string> parts, bool isPreferred, PropertyBag contact)
        {
            if (Fields.Any(field => Get(contact, field) is not null)) return false;
            var whole = parts.Concat(Enumerable.Repeat("", PartsOfAnAddress)).Take(PartsOfAnAddress).ToArray();
            var street = whole[1].Length == 0 ? whole[2] : whole[2].Length == 0 ? whole[1] : $"{whole[1]}\r\n{whole[2]}";
            string[] values = [whole[0], street, .. whole[3..]];
            for (var i = 0; i < values.Length; i++)
                if (values[i].Length > 0) Set(contact, Fields[i], values[i]);
            contact.Set(Whole, PropertyType.String, Written(values));
            if (isPreferred) contact.Set(PropertyNames.PostalAddressId, PropertyType.Integer32, Id);
            return true;
        }

        private static string Written(string[] values)
        {
            var place = string.Join(' ', new[] { values[4], values[2], values[3] }.Where(part => part.Length > 0));
            return string.Join("\r\n", new[] { values[0], values[1], place, values[5] }.Where(line => line.Length > 0));
        }

        private static string? Get(PropertyBag contact, object field) =>
            (field is PropertyName name ? contact[name] : contact[(PropertyTag)field]) is string { Length: > 0 } text ? text : null;

        private static void Set(PropertyBag contact, object field, string value)
        {
            if (field is PropertyName name) contact.Set(name, PropertyType.String, value);
            else contact.Set((PropertyTag)field, value);
        }
    }
}
