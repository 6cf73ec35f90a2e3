using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Contacts;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.Messages.Contacts;

public sealed class VCardTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files()
    {
        if (SharedMaterial.Find("corpora/vcard") is not { } folder) return ["corpora/vcard"];
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_card_made_a_contact_and_a_card_again_is_the_same_contact(string file)
    {
        var text = File.ReadAllText(Path.Combine(SharedMaterial.Require("corpora/vcard"), file));
        ContactImport import;
        try
        {
            import = VCardToMapi.Read(text);
        }
        catch (MapiProtocolException e)
        {
            output.WriteLine($"refused: {e.Message}");
            Assert.StartsWith("Line ", e.Message);
            return;
        }
        foreach (var problem in import.Problems) output.WriteLine($"problem: {problem}");
        Assert.NotEmpty(import.Items);
        foreach (var contact in import.Items)
        {
            var again = VCardToMapi.Read(MapiToVCard.Write(contact, SmtpAddresses.None));
            Assert.Empty(again.Problems);
            Assert.Equal(Tell(contact), Tell(again.Items.Single()));
        }
    }

    [Fact]
    public void The_card_of_RFC_2426_is_read_whole()
    {
        var text = File.ReadAllText(Path.Combine(SharedMaterial.Require("corpora/vcard"), "ez-vcard/src/test/resources/ezvcard/io/text/rfc2426-example.vcf"));
        var contacts = VCardToMapi.Read(text).Items;
        Assert.Equal(["Frank Dawson", "Tim Howes"], contacts.Select(contact => contact.Properties.GetString(PropertyTags.DisplayName)));
        var frank = contacts[0].Properties;
        Assert.Equal("Lotus Development Corporation", frank.GetString(PropertyTags.CompanyName));
        Assert.Equal("+1-919-676-9515", frank.GetString(PropertyTags.BusinessTelephoneNumber));
        Assert.Equal("+1-919-676-9564", frank.GetString(PropertyTags.BusinessFaxNumber));
        Assert.Equal("6544 Battleford Drive", frank[PropertyNames.WorkAddressStreet]);
        Assert.Equal("Frank_Dawson@Lotus.com", frank[PropertyNames.Email1EmailAddress]);
        Assert.Equal("fdawson@earthlink.net", frank[PropertyNames.Email2EmailAddress]);
        Assert.Equal("http://home.earthlink.net/~fdawson", frank.GetString(PropertyTags.BusinessHomePage));
    }

    [Fact]
    public void An_Outlook_card_of_version_2_1_is_read_with_its_encodings()
    {
        var text = File.ReadAllText(Path.Combine(SharedMaterial.Require("corpora/vcard"), "ez-vcard/src/test/resources/ezvcard/io/text/outlook-2007.vcf"));
        var contact = VCardToMapi.Read(text).Items.Single();
        var bag = contact.Properties;
        Assert.Equal(("Angstadt", "Michael", "Mr.", "Jr."), (
            bag.GetString(PropertyTags.Surname), bag.GetString(PropertyTags.GivenName), bag.GetString(PropertyTags.DisplayNamePrefix), bag.GetString(PropertyTags.Generation)));
        Assert.StartsWith("This is the NOTE field\t\r\nI assume it encodes this text inside a NOTE vCard type.\r\n", bag.GetString(PropertyTags.Body));
        Assert.Equal(new DateTime(1922, 3, 10), bag[PropertyTags.Birthday]);
        Assert.Equal(new DateTime(2012, 8, 1), bag[PropertyTags.WeddingAnniversary]);
        Assert.Equal("im@aim.com", bag[PropertyNames.InstantMessagingAddress]);
        Assert.Equal(true, bag[PropertyNames.HasPicture]);
        Assert.Equal([0xFF, 0xD8], ((byte[])contact.Attachments.Single().Properties[PropertyTags.AttachDataBinary]!)[..2]);
        Assert.Equal(("222 Broadway", "New York", "USA"), ("222 Broadway", (string?)bag[PropertyNames.WorkAddressCity], (string?)bag[PropertyNames.WorkAddressCountry]));
    }

    [Theory]
    [InlineData("1980-05-04T22:00:00Z", "1980-05-05")] // midnight in Amsterdam's summer
    [InlineData("1980-05-05T08:00:00Z", "1980-05-05")] // midnight in Seattle's winter
    [InlineData("1980-05-05T00:00:00Z", "1980-05-05")]
    [InlineData("1980-05-05T11:59:00Z", "1980-05-05")] // as [MS-OXOCNTC] has it
    public void A_birthday_kept_in_UTC_is_the_day_that_was_meant(string utc, string day)
    {
        var contact = Contact().Set(PropertyTags.Birthday, DateTime.Parse(utc, null, System.Globalization.DateTimeStyles.AdjustToUniversal));
        Assert.Contains($"BDAY;VALUE=DATE:{day}\r\n", MapiToVCard.Write(new MapiMessage { Properties = contact }, SmtpAddresses.None));
    }

    [Fact]
    public void An_address_in_the_organisations_own_form_is_resolved()
    {
        const string dn = "/o=Contoso/ou=Exchange/cn=Recipients/cn=ann";
        var contact = Contact().Set(PropertyNames.Email1AddressType, PropertyType.String, "EX").Set(PropertyNames.Email1EmailAddress, PropertyType.String, dn);
        var card = MapiToVCard.Write(new MapiMessage { Properties = contact }, new SmtpAddresses(new Dictionary<string, string> { [dn] = "ann@contoso.com" }));
        Assert.Contains("EMAIL;TYPE=INTERNET,PREF:ann@contoso.com\r\n", card);
    }

    [Fact]
    public void A_distribution_list_is_a_group_and_a_list_again()
    {
        MessageAddress[] members = [MessageAddress.Smtp("Ann, \"the boss\"", "ann@contoso.com"), MessageAddress.Smtp(null, "ben@contoso.com")];
        var list = new MapiMessage();
        list.Properties.Set(PropertyTags.MessageClass, "IPM.DistList").Set(PropertyNames.DistributionListName, PropertyType.String, "Friends")
            .Set(PropertyNames.DistributionListMembers, PropertyType.MultipleBinary, members.Select(member => member.EntryId).ToArray())
            .Set(PropertyNames.DistributionListOneOffMembers, PropertyType.MultipleBinary, members.Select(member => member.EntryId).ToArray());
        var again = VCardToMapi.Read(MapiToVCard.Write(list, SmtpAddresses.None)).Items.Single();
        Assert.Equal("IPM.DistList", again.Properties.GetString(PropertyTags.MessageClass));
        Assert.Equal("Friends", again.Properties[PropertyNames.DistributionListName]);
        Assert.Equal(members, ((byte[][])again.Properties[PropertyNames.DistributionListMembers]!).Select(AddressEntryId.TryRead));
    }

    [Theory]
    [InlineData("BEGIN:VCARD\r\nFN\r\nEND:VCARD", "Line 2: there is no colon, so it has no value.")]
    [InlineData("hello", "Line 1: there is no colon, so it has no value.")]
    [InlineData("BEGIN:VCARD\r\nEND:VEVENT", "Line 2: END of another component than the one that is open, VCARD.")]
    [InlineData("", "The text holds no component: nothing begins with BEGIN.")]
    public void A_broken_card_is_refused_with_its_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<MapiProtocolException>(() => VCardToMapi.Read(text)).Message);

    private static PropertyBag Contact() => new PropertyBag().Set(PropertyTags.MessageClass, "IPM.Contact").Set(PropertyTags.DisplayName, "Ann");

    private static string Tell(MapiMessage contact) => string.Join('\n', contact.Properties
        .Select(property => $"{(object?)property.Name ?? property.Tag.ToString()} = {Tell(property.Value)}").Order(StringComparer.Ordinal)
        .Concat(contact.Attachments.Select(attachment => Tell(attachment.Properties[PropertyTags.AttachDataBinary]!))));

    private static string Tell(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        byte[][] many => string.Join(' ', many.Select(Convert.ToHexString)),
        string[] texts => string.Join('|', texts),
        _ => value.ToString() ?? "",
    };
}
