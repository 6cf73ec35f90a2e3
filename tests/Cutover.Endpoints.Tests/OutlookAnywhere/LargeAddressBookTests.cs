using Cutover.Core.Recipients;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab;
using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Organisation;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>An address book of 20,000 recipients with a group of 5,000.</summary>
public sealed class LargeAddressBookTests
{
    private const int Size = 20_000;
    private const int GroupSize = 5_000;

    [Fact]
    public async Task Twenty_thousand_recipients_come_whole_in_a_bounded_number_of_calls()
    {
        var organisation = Create();
        var rpc = new InProcessRpc(new NspiServer(organisation), organisation.Administrator);
        await using var directory = new OutlookAnywhereDirectory(await AddressBookClient.BindAsync(rpc, default));
        var recipients = await directory.GetRecipientsAsync(default).ToDictionaryAsync(one => one.LegacyExchangeDN);
        Assert.Equal(organisation.Recipients.Count, recipients.Count);
        foreach (var expected in organisation.Recipients.Where((_, i) => i % 97 == 0))
            Assert.Equivalent(expected, recipients[expected.LegacyExchangeDN], strict: true);
        var everyone = recipients.Values.Single(one => one.Alias == "everyone");
        Assert.Equal(GroupSize, everyone.Members.Distinct().Count());
        // 50 rows a call for the list and for the group; the rest are lists and hidden recipients.
        Assert.InRange(rpc.Calls, Size / 50, Size / 50 + GroupSize / 50 + 600);
    }

    [Fact]
    public async Task A_name_that_many_bear_is_ambiguous_and_an_exact_address_is_not()
    {
        var organisation = Create();
        await using var addressBook = await AddressBookClient.BindAsync(new InProcessRpc(new NspiServer(organisation), organisation.Administrator), default);
        var found = await addressBook.ResolveAsync(["Employee", "=SMTP:employee00042@contoso.com"], [PropertyTags.DisplayName], default);
        Assert.Equal([null, "Employee 00042"], found.Select(row => row?.GetString(PropertyTags.DisplayName)));
    }

    private static ContosoOrganisation Create()
    {
        var contoso = ContosoGenerator.Create(new LabOptions { WorkDirectory = Path.GetTempPath(), Mailboxes = 70, Seed = 3 });
        var person = contoso.Recipients.First(one => one.Type == RecipientType.UserMailbox && !one.HiddenFromAddressLists);
        var people = Enumerable.Range(0, Size - contoso.Recipients.Count - 1).Select(number => Employee(person, number)).ToList();
        var everyone = contoso.Recipients.First(one => one.Type == RecipientType.MailUniversalDistributionGroup) with
        {
            LegacyExchangeDN = "/o=Contoso/ou=Exchange Administrative Group/cn=Recipients/cn=everyone",
            DisplayName = "Everyone",
            Alias = "everyone",
            PrimarySmtpAddress = "everyone@contoso.com",
            EmailAddresses = ["SMTP:everyone@contoso.com"],
            HiddenFromAddressLists = false,
            Members = [.. people.Take(GroupSize).Select(one => one.LegacyExchangeDN)],
        };
        return contoso with { Recipients = [.. contoso.Recipients, .. people, everyone] };
    }

    private static Recipient Employee(Recipient person, int number) => person with
    {
        LegacyExchangeDN = $"/o=Contoso/ou=Exchange Administrative Group/cn=Recipients/cn=employee{number:00000}",
        DisplayName = $"Employee {number:00000}",
        Alias = $"employee{number:00000}",
        PrimarySmtpAddress = $"employee{number:00000}@contoso.com",
        EmailAddresses = [$"SMTP:employee{number:00000}@contoso.com", $"x500:/o=Old/cn=employee{number:00000}"],
        Delegates = [],
    };
}
