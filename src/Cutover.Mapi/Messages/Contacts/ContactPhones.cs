using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>Telephone numbers: which property is which TEL. Source: [MS-OXVCARD] 2.1.3.4.1, [MS-OXOCNTC] 2.2.1.4.</summary>
internal static class ContactPhones
{
    /// <summary>Two properties of the same types are the first and the second such number.</summary>
    private static readonly (PropertyTag Tag, string Name, string[] Types)[] Numbers =
    [
        (PropertyTags.PrimaryTelephoneNumber, "TEL", ["PREF", "VOICE"]),
        (PropertyTags.BusinessTelephoneNumber, "TEL", ["WORK", "VOICE"]),
        (PropertyTags.Business2TelephoneNumber, "TEL", ["WORK", "VOICE"]),
        (PropertyTags.BusinessFaxNumber, "TEL", ["WORK", "FAX"]),
        (PropertyTags.HomeTelephoneNumber, "TEL", ["HOME", "VOICE"]),
        (PropertyTags.Home2TelephoneNumber, "TEL", ["HOME", "VOICE"]),
        (PropertyTags.HomeFaxNumber, "TEL", ["HOME", "FAX"]),
        (PropertyTags.MobileTelephoneNumber, "TEL", ["CELL", "VOICE"]),
        (PropertyTags.PagerTelephoneNumber, "TEL", ["PAGER", "VOICE"]),
        (PropertyTags.CarTelephoneNumber, "TEL", ["CAR", "VOICE"]),
        (PropertyTags.PrimaryFaxNumber, "TEL", ["FAX"]),
        (PropertyTags.OtherTelephoneNumber, "TEL", ["VOICE"]),
        (PropertyTags.AssistantTelephoneNumber, "X-MS-TEL", ["VOICE", "ASSISTANT"]),
        (PropertyTags.CallbackTelephoneNumber, "X-MS-TEL", ["VOICE", "CALLBACK"]),
        (PropertyTags.CompanyMainTelephoneNumber, "X-MS-TEL", ["VOICE", "COMPANY"]),
        (PropertyTags.RadioTelephoneNumber, "X-MS-TEL", ["VOICE", "RADIO"]),
    ];

    public static void Write(PropertyBag contact, ContentComponent card)
    {
        foreach (var (tag, name, types) in Numbers)
            if (contact.GetString(tag) is { Length: > 0 } number) card.Add(ContentLine.OfText(name, number).With("TYPE", types));
    }

    /// <summary>False when all properties of the number's kind are taken.</summary>
    public static bool TryRead(ContentLine line, PropertyBag contact)
    {
        var number = Number(line);
        if (number.Length == 0) return true;
        var tag = Candidates(line).Where(candidate => contact[candidate] is null).Cast<PropertyTag?>().FirstOrDefault();
        if (tag is { } free) contact.Set(free, number);
        return tag is not null;
    }

    // The best kind first, then the places where a person would still look for it.
    private static IEnumerable<PropertyTag> Candidates(ContentLine line)
    {
        bool Is(string type) => line.Has("TYPE", type);
        if (line.Name == "X-MS-TEL") return Numbers.Where(entry => entry.Name == "X-MS-TEL" && Is(entry.Types[^1])).Select(entry => entry.Tag);
        if (Is("FAX")) return Is("HOME") ? [PropertyTags.HomeFaxNumber, PropertyTags.PrimaryFaxNumber] : Is("WORK")
            ? [PropertyTags.BusinessFaxNumber, PropertyTags.PrimaryFaxNumber] : [PropertyTags.PrimaryFaxNumber, PropertyTags.BusinessFaxNumber];
        if (Is("PAGER")) return [PropertyTags.PagerTelephoneNumber, PropertyTags.OtherTelephoneNumber];
        if (Is("CAR")) return [PropertyTags.CarTelephoneNumber, PropertyTags.OtherTelephoneNumber];
        if (Is("CELL") || Is("IPHONE")) return [PropertyTags.MobileTelephoneNumber, PropertyTags.OtherTelephoneNumber];
        if (Is("WORK")) return [PropertyTags.BusinessTelephoneNumber, PropertyTags.Business2TelephoneNumber, PropertyTags.OtherTelephoneNumber];
        if (Is("HOME")) return [PropertyTags.HomeTelephoneNumber, PropertyTags.Home2TelephoneNumber, PropertyTags.OtherTelephoneNumber];
        return Is("PREF") || Is("MAIN")
            ? [PropertyTags.PrimaryTelephoneNumber, PropertyTags.OtherTelephoneNumber]
            : [PropertyTags.OtherTelephoneNumber, PropertyTags.PrimaryTelephoneNumber, PropertyTags.Home2TelephoneNumber];
    }

    private static string Number(ContentLine line)
    {
        var text = VCardValues.Text(line).Trim();
        return text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
    }
}
