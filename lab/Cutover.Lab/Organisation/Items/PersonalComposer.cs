using Cutover.Core.Recipients;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Organisation.Items;

/// <summary>Writes contacts, tasks and sticky notes. Source: [MS-OXOCNTC], [MS-OXOTASK], [MS-OXONOTE].</summary>
internal sealed class PersonalComposer(Recipient owner, Random random)
{
    private static readonly string[] GivenNames = ["Katrin", "Marie-Hélène", "Matteo", "Hanako", "Loes", "Pieter", "Grace", "Jiří", "Åsa", "Mustafa"];
    private static readonly string[] Surnames = ["Weiß", "Dufour", "D'Angelo", "Satō", "van der Meer", "Post", "Adeyemi", "Dvořák", "Lindqvist", "Öztürk"];
    private static readonly string[] Companies = ["Fabrikam", "Adatum", "Fourth Coffee", "Litware", "Northwind Traders", "Tailspin Toys"];
    private readonly ItemWords words = ItemWords.For(ContosoOrganisation.LanguageOf(owner));

    public MapiMessage Contact(DateTime made)
    {
        var (given, surname, company) = (Pick(GivenNames), Pick(Surnames), Pick(Companies));
        var message = MapiItem.New("IPM.Contact", "", $"{given} {surname}", made, words.LocaleId, random);
        var properties = message.Properties;
        properties.Set(PropertyTags.DisplayName, $"{given} {surname}").Set(PropertyTags.GivenName, given).Set(PropertyTags.Surname, surname);
        properties.Set(PropertyTags.CompanyName, company).Set(PropertyTags.Title, "Accountmanager");
        properties.Set(PropertyTags.BusinessTelephoneNumber, $"+31 20 555 {random.Next(1000, 9999)}");
        if (random.Next(2) == 0) properties.Set(PropertyTags.MobileTelephoneNumber, $"+31 6 555 {random.Next(10000, 99999)}");
        if (random.Next(3) == 0) properties.Set(PropertyTags.Birthday, new DateTime(1960, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(14_000)));
        properties.Add(PropertyNames.FileUnder, PropertyType.String, $"{surname}, {given}");
        properties.Add(PropertyNames.FileUnderId, PropertyType.Integer32, 0x8017); // "Last, First"
        SetEmail(properties, $"{given} {surname}", $"contact{random.Next(100_000)}@{company.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant()}.com");
        SetWorkAddress(properties);
        if (random.Next(3) == 0) message.SetRtf(Pick(words.Sentences));
        if (random.Next(6) == 0) AddPhoto(message);
        return message;
    }

    public MapiMessage Task(DateTime made)
    {
        const int notStarted = 0, inProgress = 1, complete = 2;
        var status = random.Next(3);
        var message = MapiItem.New("IPM.Task", "", Pick(words.Tasks), made, words.LocaleId, random);
        var due = made.Date.AddDays(random.Next(1, 60));
        var properties = message.Properties;
        properties.Add(PropertyNames.TaskStatus, PropertyType.Integer32, status);
        properties.Add(PropertyNames.PercentComplete, PropertyType.Floating64, status switch { notStarted => 0.0, inProgress => 0.5, complete => 1.0, _ => 0.0 });
        properties.Add(PropertyNames.TaskComplete, PropertyType.Boolean, status == complete);
        properties.Add(PropertyNames.TaskStartDate, PropertyType.Time, made.Date);
        properties.Add(PropertyNames.TaskDueDate, PropertyType.Time, due);
        properties.Add(PropertyNames.CommonStart, PropertyType.Time, made.Date);
        properties.Add(PropertyNames.CommonEnd, PropertyType.Time, due);
        properties.Add(PropertyNames.TaskOwner, PropertyType.String, owner.DisplayName);
        properties.Add(PropertyNames.ReminderSet, PropertyType.Boolean, false);
        if (status == complete) properties.Add(PropertyNames.TaskDateCompleted, PropertyType.Time, due);
        message.SetRtf(Pick(words.Sentences));
        return message;
    }

    public MapiMessage Note(DateTime made)
    {
        var text = Pick(words.Notes);
        var message = MapiItem.New("IPM.StickyNote", "", text, made, words.LocaleId, random);
        message.SetText(text + "\r\n");
        message.Properties.Set(PropertyTags.IconIndex, 0x303); // yellow
        message.Properties.Add(PropertyNames.NoteColor, PropertyType.Integer32, 3);
        message.Properties.Add(PropertyNames.NoteWidth, PropertyType.Integer32, 200);
        message.Properties.Add(PropertyNames.NoteHeight, PropertyType.Integer32, 166);
        message.Properties.Add(PropertyNames.NoteX, PropertyType.Integer32, random.Next(1000));
        message.Properties.Add(PropertyNames.NoteY, PropertyType.Integer32, random.Next(700));
        return message;
    }

    private static void SetEmail(PropertyBag properties, string name, string address)
    {
        properties.Add(PropertyNames.Email1DisplayName, PropertyType.String, $"{name} ({address})");
        properties.Add(PropertyNames.Email1AddressType, PropertyType.String, "SMTP");
        properties.Add(PropertyNames.Email1EmailAddress, PropertyType.String, address);
        properties.Add(PropertyNames.Email1OriginalDisplayName, PropertyType.String, address);
        properties.Add(PropertyNames.Email1OriginalEntryId, PropertyType.Binary, AddressEntryId.OneOff(name, "SMTP", address));
    }

    private void SetWorkAddress(PropertyBag properties)
    {
        var street = $"Keizersgracht {random.Next(1, 700)}";
        properties.Add(PropertyNames.WorkAddress, PropertyType.String, $"{street}\r\n1015 CJ  Amsterdam\r\nNederland");
        properties.Add(PropertyNames.WorkAddressStreet, PropertyType.String, street);
        properties.Add(PropertyNames.WorkAddressCity, PropertyType.String, "Amsterdam");
        properties.Add(PropertyNames.WorkAddressPostalCode, PropertyType.String, "1015 CJ");
        properties.Add(PropertyNames.WorkAddressCountry, PropertyType.String, "Nederland");
    }

    // Source: [MS-OXOCNTC] 2.2.1.8.
    private void AddPhoto(MapiMessage message)
    {
        var picture = new byte[random.Next(1000, 6000)];
        random.NextBytes(picture);
        message.Properties.Add(PropertyName.Of(PropertySets.Address, 0x8015), PropertyType.Boolean, true); // PidLidHasPicture
        message.Attachments.Add(new MapiAttachment
        {
            Properties =
            {
                { PropertyTags.AttachMethod, 1 },
                { PropertyTags.AttachLongFilename, "ContactPicture.jpg" },
                { PropertyTags.AttachFilename, "ContactPicture.jpg" },
                { PropertyTags.AttachExtension, ".jpg" },
                { PropertyTags.RenderingPosition, -1 },
                { PropertyTags.AttachmentContactPhoto, true },
                { PropertyTags.AttachDataBinary, picture },
            },
        });
    }

    private string Pick(string[] list) => list[random.Next(list.Length)];

    private string Pick(IReadOnlyList<string> list) => list[random.Next(list.Count)];
}
