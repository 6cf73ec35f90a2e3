using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>The contacts and lists of a file, and the lines that no contact has a place for.</summary>
public sealed record ContactImport(IReadOnlyList<MapiMessage> Items, IReadOnlyList<string> Problems);

/// <summary>Makes contacts of vCards 2.1, 3.0 and 4.0. Source: [MS-OXVCARD] 2.1.3.</summary>
public static class VCardToMapi
{
    /// <exception cref="MapiProtocolException">The text is no vCard; the message tells the line.</exception>
    public static ContactImport Read(string text)
    {
        var cards = ContentReader.Read(text).Where(component => component.Name == "VCARD").ToList();
        if (cards.Count == 0) throw new MapiProtocolException("The text holds no VCARD.");
        var problems = new List<string>();
        return new ContactImport([.. cards.Select(card => DistributionLists.IsList(card) ? DistributionLists.Read(card, problems) : Contact(card, problems))], problems);
    }

    private static MapiMessage Contact(ContentComponent card, List<string> problems)
    {
        var message = new MapiMessage();
        var contact = message.Properties.Set(PropertyTags.MessageClass, "IPM.Contact").Set(PropertyTags.Sensitivity, 0);
        ReadNames(card, contact);
        var name = MapiToVCard.FindName(contact);
        foreach (var line in card.Lines)
            if (!TryReadLine(line, name, message)) problems.Add($"{name ?? "Unnamed"}: the contact has no place left for {line.Name} ({string.Join(',', line.Parameters.SelectMany(parameter => parameter.Values))}).");
        SetDisplayName(contact, MapiToVCard.NameOf(contact));
        return message;
    }

    private static void ReadNames(ContentComponent card, PropertyBag contact)
    {
        PropertyTag[] tags = [PropertyTags.Surname, PropertyTags.GivenName, PropertyTags.MiddleName, PropertyTags.DisplayNamePrefix, PropertyTags.Generation];
        var parts = card.Line("N") is { } line ? VCardValues.Parts(line) : [];
        for (var i = 0; i < Math.Min(tags.Length, parts.Count); i++) SetText(contact, tags[i], parts[i]);
        if (card.Line("FN") is { } formatted) SetText(contact, PropertyTags.DisplayName, VCardValues.Text(formatted).Trim());
    }

    private static void SetDisplayName(PropertyBag contact, string name)
    {
        var (surname, given) = (contact.GetString(PropertyTags.Surname), contact.GetString(PropertyTags.GivenName));
        var fileUnder = surname is not null && given is not null ? $"{surname}, {given}" : name;
        contact.Set(PropertyTags.DisplayName, name).Set(PropertyTags.Subject, name).Set(PropertyTags.NormalizedSubject, name).Set(PropertyTags.SubjectPrefix, "");
        contact.Set(PropertyNames.FileUnder, PropertyType.String, fileUnder);
    }

    // False when there is no place left; lines that no property is for are passed over.
    private static bool TryReadLine(ContentLine line, string? name, MapiMessage message)
    {
        var contact = message.Properties;
        switch (line.Name)
        {
            case "EMAIL": return ContactEmails.TryRead(line, name, contact);
            case "TEL" or "X-MS-TEL": return ContactPhones.TryRead(line, contact);
            case "ADR": return ContactAddresses.TryRead(line, contact);
            case "URL": return TryReadUrl(line, contact);
            case "ORG": ReadOrganisation(line, contact); break;
            case "NOTE": SetText(contact, PropertyTags.Body, VCardValues.Text(line)); break;
            case "NICKNAME": SetText(contact, PropertyTags.Nickname, VCardValues.Text(line).Trim()); break;
            case "BDAY": if (VCardValues.Date(line) is { } birthday) ContactDates.SetBirthday(contact, birthday); break;
            case "X-MS-ANNIVERSARY" or "ANNIVERSARY" or "X-ANNIVERSARY":
                if (VCardValues.Date(line) is { } anniversary) ContactDates.SetAnniversary(contact, anniversary);
                break;
            case "CATEGORIES": AddKeywords(line, contact); break;
            case "CLASS": SetSensitivity(VCardValues.Text(line), contact); break;
            case "PHOTO": ContactPhoto.Read(line, message); break;
            case "X-MS-CHILD": contact.Set(PropertyTags.ChildrensNames, (string[])[.. contact[PropertyTags.ChildrensNames] as string[] ?? [], VCardValues.Text(line)]); break;
            case "IMPP": SetName(contact, PropertyNames.InstantMessagingAddress, VCardValues.Text(line)); break;
            case "X-PHONETIC-FIRST-NAME": SetName(contact, PropertyNames.YomiFirstName, VCardValues.Text(line)); break;
            case "X-PHONETIC-LAST-NAME": SetName(contact, PropertyNames.YomiLastName, VCardValues.Text(line)); break;
            case "X-PHONETIC-ORG": SetName(contact, PropertyNames.YomiCompanyName, VCardValues.Text(line)); break;
            default: return TryReadText(line, contact);
        }
        return true;
    }

    private static bool TryReadText(ContentLine line, PropertyBag contact)
    {
        var text = VCardValues.Text(line);
        foreach (var (_, tag) in ContactTexts.Tags.Where(entry => entry.Name == line.Name))
        {
            SetText(contact, tag, text);
            return true;
        }
        var places = ContactTexts.Names.Where(entry => entry.Name == line.Name).Select(entry => entry.Property).ToList();
        if (places.Count == 0) return true;
        if (places.Find(place => contact[place] is null) is not { } free) return false;
        SetName(contact, free, text);
        return true;
    }

    private static bool TryReadUrl(ContentLine line, PropertyBag contact)
    {
        PropertyTag[] places = line.Has("TYPE", "HOME") ? [PropertyTags.PersonalHomePage, PropertyTags.BusinessHomePage] : [PropertyTags.BusinessHomePage, PropertyTags.PersonalHomePage];
        var free = places.Where(place => contact[place] is null).Cast<PropertyTag?>().FirstOrDefault();
        if (free is { } tag) SetText(contact, tag, VCardValues.Text(line).Trim());
        return free is not null;
    }

    private static void ReadOrganisation(ContentLine line, PropertyBag contact)
    {
        var parts = VCardValues.Parts(line);
        SetText(contact, PropertyTags.CompanyName, parts[0]);
        if (parts.Count > 1) SetText(contact, PropertyTags.DepartmentName, string.Join(", ", parts.Skip(1).Where(part => part.Length > 0)));
    }

    private static void AddKeywords(ContentLine line, PropertyBag contact)
    {
        var words = ContentText.Split(VCardValues.Decoded(line), ',').Select(word => word.Trim()).Where(word => word.Length > 0);
        contact.Set(PropertyNames.Keywords, PropertyType.MultipleString, ((string[])(contact[PropertyNames.Keywords] ?? Array.Empty<string>())).Concat(words).Distinct().ToArray());
    }

    private static void SetSensitivity(string text, PropertyBag contact) =>
        contact.Set(PropertyTags.Sensitivity, text.Trim().ToUpperInvariant() switch { "PRIVATE" => 2, "CONFIDENTIAL" => 3, _ => 0 });

    // The first line of a name counts, and an empty one says nothing.
    private static void SetText(PropertyBag contact, PropertyTag tag, string text)
    {
        if (text.Length > 0 && contact[tag] is null) contact.Set(tag, text);
    }

    private static void SetName(PropertyBag contact, PropertyName name, string text)
    {
        if (text.Length > 0 && contact[name] is null) contact.Set(name, PropertyType.String, text);
    }
}
