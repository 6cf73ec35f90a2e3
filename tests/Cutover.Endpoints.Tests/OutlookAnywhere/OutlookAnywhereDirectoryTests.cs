using Cutover.Core.Recipients;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab;
using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

public sealed class OutlookAnywhereDirectoryTests
{
    private static readonly ContosoOrganisation Contoso =
        ContosoGenerator.Create(new LabOptions { WorkDirectory = Path.GetTempPath(), Mailboxes = 70, Seed = 3 });

    [Fact]
    public async Task Every_recipient_comes_as_the_organisation_has_it_hidden_ones_last()
    {
        await using var directory = await OpenAsync(Contoso);
        var recipients = await directory.GetRecipientsAsync(CancellationToken.None).ToListAsync();

        Assert.Equal(Contoso.Recipients.Count, recipients.Count);
        foreach (var expected in Contoso.Recipients)
        {
            var actual = Assert.Single(recipients, one => one.LegacyExchangeDN == expected.LegacyExchangeDN);
            Assert.Equivalent(expected, actual, strict: true);
        }
        var firstHidden = recipients.FindIndex(one => one.HiddenFromAddressLists);
        Assert.All(recipients.Skip(firstHidden), one => Assert.True(one.HiddenFromAddressLists));
    }

    [Fact]
    public async Task A_recipient_is_found_by_address_and_by_legacyExchangeDN_hidden_or_not()
    {
        await using var directory = await OpenAsync(Contoso);
        foreach (var expected in new[] { Contoso.Recipients[0], Contoso.Recipients.First(one => one.HiddenFromAddressLists) })
        {
            var byName = await directory.FindAsync(expected.LegacyExchangeDN, CancellationToken.None);
            var byAddress = await directory.FindAsync(expected.PrimarySmtpAddress, CancellationToken.None);
            Assert.Equivalent(expected, byName, strict: true);
            Assert.Equivalent(expected, byAddress, strict: true);
        }
        Assert.Null(await directory.FindAsync("nobody@contoso.com", CancellationToken.None));
        Assert.Null(await directory.FindAsync("/o=Contoso/cn=nobody", CancellationToken.None));
    }

    [Theory]
    [InlineData(RecipientType.UserMailbox)]
    [InlineData(RecipientType.SharedMailbox)]
    [InlineData(RecipientType.RoomMailbox)]
    [InlineData(RecipientType.EquipmentMailbox)]
    [InlineData(RecipientType.MailUser)]
    [InlineData(RecipientType.MailContact)]
    [InlineData(RecipientType.MailUniversalDistributionGroup)]
    [InlineData(RecipientType.MailUniversalSecurityGroup)]
    [InlineData(RecipientType.DynamicDistributionGroup)]
    public async Task Every_type_of_recipient_is_told_from_its_display_types(RecipientType type)
    {
        var recipient = Contoso.Recipients[0] with
        {
            Type = type,
            ExternalEmailAddress = type is RecipientType.MailUser or RecipientType.MailContact ? "x@fabrikam.com" : null,
        };
        await using var directory = await OpenAsync(Contoso with { Recipients = [recipient] });
        Assert.Equal([type], await directory.GetRecipientsAsync(CancellationToken.None).Select(one => one.Type).ToListAsync());
    }

    [Fact]
    public async Task Tables_show_no_hidden_recipient_but_names_and_properties_do()
    {
        await using var addressBook = await AddressBookClient.BindAsync(new InProcessRpc(new NspiServer(Contoso), Contoso.Administrator), CancellationToken.None);
        var hidden = Contoso.Recipients.First(one => one.HiddenFromAddressLists);
        var names = await addressBook.GetRowsAsync([PropertyTags.EmailAddress], CancellationToken.None)
            .Select(row => row.GetString(PropertyTags.EmailAddress)).ToListAsync();
        Assert.Equal(Contoso.Recipients.Count(one => !one.HiddenFromAddressLists), names.Count);
        Assert.DoesNotContain(hidden.LegacyExchangeDN, names);
        var resolved = await addressBook.ResolveAsync([$"=SMTP:{hidden.PrimarySmtpAddress}"], [PropertyTags.EmailAddress], CancellationToken.None);
        Assert.Null(Assert.Single(resolved));

        var ids = await addressBook.GetMinimalIdsAsync([hidden.LegacyExchangeDN, "/o=nobody"], CancellationToken.None);
        Assert.Equal(0u, ids[1]);
        var row = await addressBook.GetPropertiesAsync(ids[0], [PropertyTags.DisplayName.WithType(PropertyType.String8)], CancellationToken.None);
        Assert.Equal(hidden.DisplayName, row!.GetString(PropertyTags.DisplayName));
        Assert.Null(await addressBook.GetPropertiesAsync(0xFFFF, [PropertyTags.DisplayName], CancellationToken.None));
    }

    [Fact]
    public async Task Names_resolve_as_a_user_would_type_them()
    {
        await using var addressBook = await AddressBookClient.BindAsync(new InProcessRpc(new NspiServer(Contoso), Contoso.Administrator), CancellationToken.None);
        var found = await addressBook.ResolveAsync(["Verkoop", "nobody-xyz", "=SMTP:info@contoso.com", "a"], [PropertyTags.DisplayName], CancellationToken.None);
        Assert.Equal(["Verkoop", null, "Info Contoso", null], found.Select(row => row?.GetString(PropertyTags.DisplayName)));
        Assert.Equal("Global Address List", (await addressBook.GetContainersAsync(CancellationToken.None))[0].GetString(PropertyTags.DisplayName));
        Assert.Contains(PropertyTags.AddressBookProxyAddresses, await addressBook.GetColumnsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_session_that_the_server_does_not_know_is_refused()
    {
        var rpc = new InProcessRpc(new NspiServer(Contoso), Contoso.Administrator);
        var request = new NspiQueryColumnsRequest(new(0, Guid.NewGuid()), 0, 0);
        var error = await Assert.ThrowsAsync<MapiException>(() => rpc.CallAsync((ushort)NspiOperation.QueryColumns, request.ToStub(), CancellationToken.None));
        Assert.Equal(0x1C00001Au, error.ErrorCode);
        error = await Assert.ThrowsAsync<MapiException>(() => rpc.CallAsync((ushort)NspiOperation.QueryRows, new byte[3], CancellationToken.None));
        Assert.Equal(0x6F7u, error.ErrorCode);
    }

    [Fact]
    public async Task A_restriction_finds_what_meets_it()
    {
        var rpc = new InProcessRpc(new NspiServer(Contoso), Contoso.Administrator);
        var bind = NspiBindResponse.Read((await rpc.CallAsync(0, new NspiBindRequest(0, new(), null).ToStub(), CancellationToken.None)).Span);
        var filter = new AddressBookRestriction.AllOf(
        [
            new AddressBookRestriction.Compares(4, new(PropertyTags.DisplayType, (int)AddressBookDisplayType.DistributionList)),
            new AddressBookRestriction.NotThat(new AddressBookRestriction.Like(1, new(PropertyTags.DisplayName, "financiën"))),
        ]);
        var request = new NspiGetMatchesRequest(bind.Context, 0, new NspiStat(), filter, 50, [PropertyTags.DisplayName]);
        var stub = await rpc.CallAsync((ushort)NspiOperation.GetMatches, request.ToStub(), CancellationToken.None);
        var answer = NspiGetMatchesResponse.Read(stub.Span);
        Assert.Equal(["Alle medewerkers", "Directie & Management", "Projectteam Verhuizing 2026", "Verkoop"],
            answer.Rows!.Select(row => row.GetString(PropertyTags.DisplayName)));
    }

    private static async Task<IRecipientDirectory> OpenAsync(ContosoOrganisation organisation) =>
        new OutlookAnywhereDirectory(
            await AddressBookClient.BindAsync(new InProcessRpc(new NspiServer(organisation), organisation.Administrator), CancellationToken.None));
}
