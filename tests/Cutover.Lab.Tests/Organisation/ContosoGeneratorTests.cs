using Cutover.Core.Recipients;
using Cutover.Lab.Organisation;

namespace Cutover.Lab.Tests.Organisation;

public sealed class ContosoGeneratorTests
{
    private readonly ContosoOrganisation contoso = ContosoGenerator.Create(Options());

    [Fact]
    public void The_same_seed_makes_the_same_organisation() =>
        Assert.Equal(Describe(contoso), Describe(ContosoGenerator.Create(Options())));

    [Fact]
    public void Another_seed_makes_other_passwords() =>
        Assert.NotEqual(contoso.Administrator.Password, ContosoGenerator.Create(Options(seed: 2)).Administrator.Password);

    [Fact]
    public void A_user_that_was_asked_for_has_that_name_and_password()
    {
        var organisation = ContosoGenerator.Create(Options() with { Users = [LabUser.Parse("tester_01:Pass:word")!] });

        var account = organisation.Accounts[^1];

        Assert.Equal(("tester_01", "Pass:word", "tester_01@contoso.com"), (account.UserName, account.Password, account.EmailAddress));
        Assert.EndsWith("/cn=Recipients/cn=tester_01", account.LegacyExchangeDN, StringComparison.Ordinal);
        Assert.Contains(organisation.Mailboxes, mailbox => mailbox.LegacyExchangeDN == account.LegacyExchangeDN);
    }

    [Theory]
    [InlineData("tester")]
    [InlineData(":secret")]
    [InlineData("tester:")]
    [InlineData("two words:secret")]
    public void A_user_without_a_proper_name_or_password_is_refused(string text) => Assert.Null(LabUser.Parse(text));

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(400)]
    public void Every_name_and_address_is_used_once(int mailboxes)
    {
        var organisation = ContosoGenerator.Create(Options(mailboxes));
        Assert.Equal(mailboxes, organisation.Mailboxes.Count());
        Assert.Distinct(organisation.Recipients.Select(recipient => recipient.LegacyExchangeDN), StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(organisation.Recipients.SelectMany(recipient => recipient.EmailAddresses), StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(organisation.Accounts.Select(account => account.UserName), StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    public void Every_reference_names_a_recipient(int mailboxes)
    {
        var recipients = ContosoGenerator.Create(Options(mailboxes)).Recipients;
        var known = recipients.Select(recipient => recipient.LegacyExchangeDN).ToHashSet();
        var named = recipients.SelectMany(recipient => recipient.Members.Concat(recipient.ManagedBy).Concat(recipient.Delegates).Append(recipient.Manager!));
        Assert.All(named.Where(name => name is not null), name => Assert.Contains(name, known));
    }

    [Fact]
    public void Contoso_has_what_a_migration_finds_hard()
    {
        var recipients = contoso.Recipients;
        Assert.Single(recipients, recipient => recipient.Type == RecipientType.SharedMailbox);
        Assert.Single(recipients, recipient => recipient.Type == RecipientType.RoomMailbox);
        Assert.Equal(3, recipients.Count(recipient => recipient.Type == RecipientType.MailUser));
        Assert.Equal(4, recipients.Count(recipient => recipient.Type == RecipientType.MailContact));
        Assert.Single(recipients, recipient => recipient.Type == RecipientType.MailUniversalSecurityGroup);
        Assert.Contains(recipients, recipient => recipient.Alias.Length == 64);
        Assert.Contains(recipients, recipient => recipient.PrimarySmtpAddress.Contains('\''));
        Assert.Contains(recipients, recipient => recipient.EmailAddresses.Any(address => address.StartsWith("x500:", StringComparison.Ordinal)));
        var hidden = recipients.Single(recipient => recipient is { HasMailbox: true, HiddenFromAddressLists: true });
        var contacts = recipients.Where(recipient => recipient.Type == RecipientType.MailContact).Select(contact => contact.LegacyExchangeDN);
        Assert.Contains(recipients, group => group.Members.Contains(hidden.LegacyExchangeDN) && group.Members.Intersect(contacts).Any());
        var groups = recipients.Where(recipient => recipient.IsGroup).Select(group => group.LegacyExchangeDN).ToHashSet();
        Assert.Contains(recipients, group => group.Members.Any(groups.Contains));
    }

    [Fact]
    public void Managers_form_a_chain_that_ends() => Assert.All(contoso.Mailboxes, mailbox =>
    {
        var length = 0;
        for (var manager = mailbox.Manager; manager is not null; length++)
        {
            Assert.True(length < 10, "The chain of managers runs in a circle.");
            manager = contoso.Recipients.Single(recipient => recipient.LegacyExchangeDN == manager).Manager;
        }
    });

    [Fact]
    public void Too_small_a_Contoso_is_refused() => Assert.Throws<ArgumentException>(() => ContosoGenerator.Create(Options(mailboxes: 4)));

    private static LabOptions Options(int mailboxes = 12, int seed = 1) => new() { WorkDirectory = ".", Mailboxes = mailboxes, Seed = seed };

    private static string Describe(ContosoOrganisation organisation) => System.Text.Json.JsonSerializer.Serialize(organisation);
}
