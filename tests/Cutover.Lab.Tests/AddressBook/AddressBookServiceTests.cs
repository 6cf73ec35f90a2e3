using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Organisation;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Tests.AddressBook;

/// <summary>What the address book answers beside names and rows: entry ids, templates, references and changes. Source: [MS-OXNSPI] 3.1.4.1.</summary>
public sealed class AddressBookServiceTests : IDisposable
{
    private const string Group = "Projectgroep";
    private readonly string folder = Directory.CreateTempSubdirectory("cutover-nspi-").FullName;
    private readonly ContosoOrganisation contoso;
    private readonly AddressBookService addressBook;

    public AddressBookServiceTests()
    {
        contoso = ContosoGenerator.Create(new LabOptions
        {
            WorkDirectory = folder,
            Mailboxes = 5,
            Users = [new("Eva", "geheim"), new("Finn", "geheim")],
            Groups = [new(Group, "Eva")],
            Contacts = ["Buiten"],
            DynamicGroups = ["Iedereen"],
            MailPublicFolders = ["Postvak"],
            CertificateHolders = ["Eva"],
            PhoneticNames = [new("Eva", "ee-fa")],
        });
        addressBook = new AddressBookService(contoso);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("Eva", AddressBookDisplayType.MailUser)]
    [InlineData(Group, AddressBookDisplayType.DistributionList)]
    [InlineData("Iedereen", AddressBookDisplayType.Agent)]
    [InlineData("Postvak", AddressBookDisplayType.Forum)]
    [InlineData("Buiten", AddressBookDisplayType.RemoteMailUser)]
    public void What_was_asked_for_is_shown_as_what_it_is(string name, AddressBookDisplayType expected) =>
        Assert.Equal((int)expected, Props(name, PropertyTags.DisplayType)[PropertyTags.DisplayType]);

    [Fact]
    public void Public_folders_in_the_address_book_are_no_recipients() =>
        Assert.DoesNotContain(contoso.Recipients, recipient => recipient.DisplayName == "Postvak");

    [Fact]
    public void An_ephemeral_entry_id_names_its_server_and_the_minimal_id()
    {
        var id = IdOf("Eva");
        var row = Answer<NspiGetPropsResponse>(new NspiGetPropsRequest(Session("Eva"), 2, new NspiStat { CurrentRec = id }, [PropertyTags.EntryId])).Row!;
        var entryId = (byte[])row[PropertyTags.EntryId]!;
        Assert.Equal((0x87, 32, id), (entryId[0], entryId.Length, BitConverter.ToUInt32(entryId, 28)));
    }

    [Fact]
    public void An_object_that_is_not_there_has_none_of_the_properties()
    {
        var answer = Answer<NspiGetPropsResponse>(new NspiGetPropsRequest(Session("Eva"), 0, new NspiStat { CurrentRec = 9999 }, [PropertyTags.DisplayName]));
        Assert.Equal((NspiStatus.ErrorsReturned, PropertyType.ErrorCode), (answer.Status, Assert.Single(answer.Row!).Tag.Type));
    }

    [Fact]
    public void An_SMTP_address_can_be_made_by_a_template()
    {
        var table = Answer<NspiGetSpecialTableResponse>(
            new NspiGetSpecialTableRequest(Session("Eva"), NspiGetSpecialTableRequest.AddressCreationTemplates, new NspiStat(), 0)).Rows!;
        var row = Assert.Single(table);
        Assert.Equal("SMTP", row.Find(value => value.Tag.Id == PropertyTags.AddressType.Id)!.Value);
    }

    [Theory]
    [InlineData(0u, 0x409u, NspiStatus.Success)]
    [InlineData(0u, 0x413u, NspiStatus.InvalidLocale)]
    [InlineData(99u, 0x409u, NspiStatus.InvalidLocale)]
    public void Details_have_templates_in_English(uint displayType, uint locale, uint expected) => Assert.Equal(
        expected, Answer<NspiGetPropsResponse>(new NspiGetTemplateInfoRequest(Session("Eva"), 1, displayType, null, 1252, locale)).Status);

    [Fact]
    public void An_owner_changes_a_group_and_nobody_else_does()
    {
        var (group, finn) = (IdOf(Group), EntryIdOf("Finn"));
        var member = PropertyTags.AddressBookMember;

        Assert.Equal(NspiStatus.AccessDenied, Change("Finn", new NspiModLinkAttRequest(Session("Finn"), 0, member, group, [finn])));
        Assert.Equal(NspiStatus.Success, Change("Eva", new NspiModLinkAttRequest(Session("Eva"), 0, member, group, [finn])));
        Assert.Equal([IdOf("Finn")], Referred(group, member));
        Assert.Equal([group], Referred(IdOf("Finn"), PropertyTags.AddressBookIsMemberOfDistributionList));
        Assert.Equal(NspiStatus.Success, Change("Eva", new NspiModLinkAttRequest(Session("Eva"), 1, member, group, [finn])));
        Assert.Empty(Referred(group, member));
    }

    [Fact]
    public void Users_publish_their_own_certificates()
    {
        var (eva, tag) = (IdOf("Eva"), PropertyTags.UserX509Certificate);
        byte[][] certificates = [[1, 2, 3]];
        Assert.NotEmpty((byte[][])Props("Eva", PropertyTags.AddressBookX509Certificate)[PropertyTags.AddressBookX509Certificate]!);

        uint Publish(string who) => Change(
            who, new NspiModPropsRequest(Session(who), 0, new NspiStat { CurrentRec = eva }, [tag], [new PropertyValue(tag, certificates)]));

        Assert.Equal((NspiStatus.AccessDenied, NspiStatus.Success), (Publish("Finn"), Publish("Eva")));
        Assert.Equal(certificates, Props("Eva", tag)[tag]);
    }

    [Fact]
    public void A_position_is_sought_in_the_whole_book_when_the_table_is_empty()
    {
        var target = new PropertyValue(PropertyTags.DisplayName, "Finn");
        var found = Answer<NspiRowsResponse>(new NspiSeekEntriesRequest(Session("Eva"), 0, new NspiStat { Delta = 3 }, target, [], [PropertyTags.DisplayName]));
        Assert.Equal(("Finn", 3), (found.Rows![0][PropertyTags.DisplayName], found.Stat.Delta));
    }

    private IReadOnlyList<uint> Referred(uint id, PropertyTag property) => Answer<NspiGetMatchesResponse>(
        new NspiGetMatchesRequest(Session("Eva"), 0, new NspiStat { CurrentRec = id, ContainerId = property.Value }, null, 100, null)).MinimalIds!;

    private uint Change(string who, NspiRequest request) => ((NspiStatusResponse)addressBook.Answer(Account(who), request)).Status;

    private byte[] EntryIdOf(string name) => (byte[])Props(name, PropertyTags.EntryId)[PropertyTags.EntryId]!;

    private PropertyBag Props(string name, PropertyTag tag) =>
        Answer<NspiGetPropsResponse>(new NspiGetPropsRequest(Session("Eva"), 0, new NspiStat { CurrentRec = IdOf(name) }, [tag])).Row!;

    private uint IdOf(string name)
    {
        var recipient = contoso.Recipients.Concat(contoso.Directory.PublicFolders).Single(recipient => recipient.DisplayName == name);
        return Answer<NspiNumbersResponse>(new NspiDNToMIdRequest(Session("Eva"), 0, [recipient.LegacyExchangeDN])).Numbers![0];
    }

    private T Answer<T>(NspiRequest request) where T : NspiAnswer => Assert.IsType<T>(addressBook.Answer(Account("Eva"), request));

    private RpcContextHandle Session(string who) => ((NspiBindResponse)addressBook.Answer(Account(who), new NspiBindRequest(0, new NspiStat(), null))).Context;

    private LabAccount Account(string who) => contoso.Accounts.Single(account => account.UserName == who);
}
