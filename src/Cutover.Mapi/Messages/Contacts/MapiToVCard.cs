using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>Writes contacts as vCard 3.0, personal distribution lists as vCard 4.0, which has a word for them. Source: [MS-OXVCARD] 2.1.3.</summary>
public static class MapiToVCard
{
    public static string Write(MapiMessage message, SmtpAddresses addresses) =>
        ContentWriter.Write(DistributionLists.IsList(message) ? DistributionLists.Write(message, addresses) : Contact(message, addresses));

    private static ContentComponent Contact(MapiMessage message, SmtpAddresses addresses)
    {
        var contact = message.Properties;
        var card = new ContentComponent("VCARD").Add(ContentLine.Of("VERSION", "3.0")).Add(ContentLine.Of("PRODID", "-//Cutover//Cutover.Mapi//EN"));
        WriteNames(contact, card);
        WriteWork(contact, card);
        ContactEmails.Write(contact, addresses, card);
        ContactPhones.Write(contact, card);
        ContactAddresses.Write(contact, card);
        ContactDates.Write(contact, card);
        WriteRest(contact, card);
        ContactPhoto.Write(message, card);
        return card;
    }

    private static void WriteNames(PropertyBag contact, ContentComponent card)
    {
        PropertyTag[] parts = [PropertyTags.Surname, PropertyTags.GivenName, PropertyTags.MiddleName, PropertyTags.DisplayNamePrefix, PropertyTags.Generation];
        card.Add(ContentLine.OfText("FN", NameOf(contact)));
        card.Add(ContentLine.Of("N", ContentText.Join(parts.Select(part => contact.GetString(part) ?? ""), ';')));
        card.AddText("NICKNAME", contact.GetString(PropertyTags.Nickname));
        card.AddText("X-PHONETIC-FIRST-NAME", contact[PropertyNames.YomiFirstName] as string);
        card.AddText("X-PHONETIC-LAST-NAME", contact[PropertyNames.YomiLastName] as string);
        card.AddText("X-PHONETIC-ORG", contact[PropertyNames.YomiCompanyName] as string);
    }

    private static void WriteWork(PropertyBag contact, ContentComponent card)
    {
        var (company, department) = (contact.GetString(PropertyTags.CompanyName) ?? "", contact.GetString(PropertyTags.DepartmentName) ?? "");
        if (company.Length + department.Length > 0) card.Add(ContentLine.Of("ORG", ContentText.Join(department.Length == 0 ? [company] : [company, department], ';')));
        foreach (var (name, tag) in ContactTexts.Tags) card.AddText(name, contact.GetString(tag));
        card.AddText("NOTE", MapiBodies.Of(contact).Text);
        foreach (var child in contact[PropertyTags.ChildrensNames] as string[] ?? []) card.AddText("X-MS-CHILD", child);
    }

    private static void WriteRest(PropertyBag contact, ContentComponent card)
    {
        if (contact.GetString(PropertyTags.PersonalHomePage) is { Length: > 0 } home) card.Add(ContentLine.Of("URL", home.Trim()).With("TYPE", "HOME"));
        var work = contact.GetString(PropertyTags.BusinessHomePage) is { Length: > 0 } page ? page : contact[PropertyNames.Html] as string;
        if (!string.IsNullOrWhiteSpace(work)) card.Add(ContentLine.Of("URL", work.Trim()).With("TYPE", "WORK"));
        foreach (var (name, property) in ContactTexts.Names) card.AddText(name, contact[property] as string);
        if (contact[PropertyNames.Keywords] is string[] { Length: > 0 } keywords) card.Add(ContentLine.Of("CATEGORIES", ContentText.Join(keywords, ',')));
        card.Add(ContentLine.Of("CLASS", contact.GetInteger(PropertyTags.Sensitivity) switch { 2 => "PRIVATE", 3 => "CONFIDENTIAL", _ => "PUBLIC" }));
        if (contact[PropertyTags.LastModificationTime] is DateTime modified) card.Add(ContentLine.Of("REV", CalendarValues.Utc(modified)));
    }

    internal static string NameOf(PropertyBag contact) => FindName(contact) ?? "Unnamed";

    internal static string? FindName(PropertyBag contact)
    {
        string?[] names =
        [
            contact.GetString(PropertyTags.DisplayName),
            $"{contact.GetString(PropertyTags.GivenName)} {contact.GetString(PropertyTags.Surname)}".Trim(),
            contact.GetString(PropertyTags.Subject), contact.GetString(PropertyTags.CompanyName), ContactEmails.Of(contact).FirstOrDefault()?.EmailAddress,
        ];
        return Array.Find(names, name => !string.IsNullOrWhiteSpace(name));
    }
}
