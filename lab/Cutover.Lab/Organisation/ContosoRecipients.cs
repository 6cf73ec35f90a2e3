using System.Security.Cryptography;
using System.Text;
using Cutover.Core.Recipients;

namespace Cutover.Lab.Organisation;

/// <summary>The recipients of Contoso, as Exchange would have made them.</summary>
internal sealed class ContosoRecipients(int seed, Random random)
{
    private const string Domain = ContosoGenerator.Domain;
    private const string Company = "Contoso";
    private const string RecipientsContainer = "/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=";
    private const string OldContainer = "/o=Contoso Holding/ou=First Administrative Group/cn=Recipients/cn=";

    private static readonly (string Department, string Title)[] Jobs =
    [
        ("Directie", "Algemeen directeur"), ("Verkoop", "Accountmanager"), ("Sales", "Account Manager"), ("Financiën", "Controller"),
        ("IT", "Systeembeheerder"), ("R&D", "Engineer"), ("Inkoop", "Inkoper"), ("HR", "HR Business Partner"),
    ];

    /// <summary>One mailbox each for the people, then shared, room and administrator. The second person is hidden from address lists.</summary>
    public IReadOnlyList<Recipient> Mailboxes(IReadOnlyList<ContosoPerson> people)
    {
        var mailboxes = people.Select(Person).ToList();
        for (var i = 1; i < mailboxes.Count; i++) mailboxes[i] = mailboxes[i] with { Manager = mailboxes[ManagerOf(i)].LegacyExchangeDN };
        // The director's assistant, and somebody who answers for the shared mailbox.
        mailboxes[0] = mailboxes[0] with { Delegates = [mailboxes[^1].LegacyExchangeDN] };
        mailboxes[1] = mailboxes[1] with { HiddenFromAddressLists = true };
        mailboxes.Add(Make(RecipientType.SharedMailbox, "Info Contoso", "info", country: "Netherlands") with
        {
            Delegates = [.. mailboxes.Take(3).Select(mailbox => mailbox.LegacyExchangeDN)],
        });
        mailboxes.Add(Make(RecipientType.RoomMailbox, "Vergaderzaal Rembrandt (8 pers.)", "zaal.rembrandt", country: "Netherlands") with
        {
            Details = new RecipientDetails(Office: "Amsterdam", City: "Amsterdam", Country: "Netherlands", BusinessPhone: "+31 20 555 0199"),
        });
        mailboxes.Add(Make(RecipientType.UserMailbox, "Migration Administrator", "migadmin", country: "United Kingdom"));
        return mailboxes;
    }

    /// <summary>A user that was asked for by name; the legacyExchangeDN ends in the name alone, so that it can be written down beforehand.</summary>
    public Recipient User(LabUser user) => Make(RecipientType.UserMailbox, user.Name, user.Name, country: "United Kingdom", isOld: true);

    /// <summary>The contacts and groups that were asked for by name.</summary>
    public IEnumerable<Recipient> Asked(LabOptions options) =>
    [
        .. options.Contacts.Select(name => Make(RecipientType.MailContact, name, name, $"{name}@fabrikam.com", isOld: true)),
        .. options.Groups.Select(group => Make(RecipientType.MailUniversalDistributionGroup, group.Name, group.Name, isOld: true) with
        {
            ManagedBy = [LegacyExchangeDN(group.Value, isOld: true)],
        }),
        .. options.DynamicGroups.Select(name => Make(RecipientType.DynamicDistributionGroup, name, name, isOld: true)),
    ];

    /// <summary>The rest of the directory that was asked for.</summary>
    public DirectoryDetails Directory(LabOptions options) => new()
    {
        PhoneticNames = options.PhoneticNames.ToDictionary(pair => pair.Name, pair => pair.Value),
        Certificates = options.CertificateHolders.ToDictionary(name => name, DirectoryDetails.Certificate),
        PublicFolders = [.. options.MailPublicFolders.Select(name => Make(RecipientType.MailContact, name, name, $"{name}@{Domain}", isOld: true))],
        Administrators = [.. options.DirectoryAdministrators.Select(name => LegacyExchangeDN(name, isOld: true))],
    };

    /// <summary>Three mail users, then four mail contacts.</summary>
    public IReadOnlyList<Recipient> OutsideRecipients(Recipient director) =>
    [
        Make(RecipientType.MailUser, "Pieter Post (extern)", "pieter.post", "pieter@fabrikam.com") with { Manager = director.LegacyExchangeDN },
        Make(RecipientType.MailUser, "Grace Adeyemi", "grace.adeyemi", "grace.adeyemi@adatum.com"),
        Make(RecipientType.MailUser, "Jiří Dvořák", "jiri.dvorak", "j.dvorak@northwindtraders.com"),
        Contact("Loes van der Meer - Accountant", "loes.vandermeer", "loes@fourthcoffee.com"),
        Contact("Tailspin Toys Support", "tailspin-support", "support@tailspintoys.com"),
        Contact("D'Angelo, Matteo", "matteo.dangelo", "matteo.d'angelo@wingtiptoys.com"),
        Contact("Персонал Litware", "litware-staff", "staff+contoso@litwareinc.com") with { HiddenFromAddressLists = true },
    ];

    /// <summary>The groups: one in another, one with a contact and the hidden mailbox, one security group.</summary>
    public IReadOnlyList<Recipient> Groups(IReadOnlyList<Recipient> mailboxes, IReadOnlyList<Recipient> outside)
    {
        var users = mailboxes.Where(mailbox => mailbox.Type == RecipientType.UserMailbox).SkipLast(1).ToList();
        var director = users[0].LegacyExchangeDN;
        var hidden = mailboxes.First(mailbox => mailbox.HiddenFromAddressLists);
        var contact = outside.First(recipient => recipient.Type == RecipientType.MailContact);
        var management = Group("Directie & Management", "directie", [.. users.Take(3)], director);
        var sales = Group("Verkoop", "verkoop", [.. users.Where(user => user.Details.Department is "Verkoop" or "Sales"), outside[0]], director);
        return
        [
            management,
            sales,
            Group("Alle medewerkers", "alle.medewerkers", [management, sales, .. users], director),
            Group("Projectteam Verhuizing 2026", "verhuizing", [hidden, contact, outside[1], mailboxes[^2]], hidden.LegacyExchangeDN),
            Group("Leveranciers (verborgen)", "leveranciers", [.. outside.Skip(3)], director) with { HiddenFromAddressLists = true },
            Group("SG Financiën", "sg-financien", [users[0], users[^1]], director) with { Type = RecipientType.MailUniversalSecurityGroup },
        ];
    }

    private Recipient Person(ContosoPerson person, int index)
    {
        var (department, title) = Jobs[index % Jobs.Length];
        var recipient = Make(RecipientType.UserMailbox, person.DisplayName, person.Alias, country: person.Country, isOld: index % 4 == 0);
        return recipient with
        {
            EmailAddresses = [.. recipient.EmailAddresses, .. Aliases(person, index)],
            Details = Details(person, department, title, index),
        };
    }

    private static IEnumerable<string> Aliases(ContosoPerson person, int index)
    {
        if (index % 2 == 0) yield return $"smtp:medewerker{index + 1:D4}@{Domain}";
        if (index % 5 == 0) yield return $"smtp:{Ascii(person.Alias)[..Math.Min(3, person.Alias.Length)]}{index}@{Domain}";
        // Exchange keeps the legacyExchangeDN that the mailbox had before an earlier migration, so that replies to old mail arrive.
        if (index % 3 == 0) yield return $"x500:{OldContainer}{Ascii(person.Alias)}";
    }

    private RecipientDetails Details(ContosoPerson person, string department, string title, int index) => new(
        person.GivenName, person.Surname, person.GivenName[..1] + ".", title, department, Company, index % 2 == 0 ? "Amsterdam" : "Utrecht",
        $"+31 20 555 {100 + index:D4}", index % 3 == 0 ? null : $"+31 6 {random.Next(10_000_000, 99_999_999)}",
        $"Herengracht {1 + index}", "Amsterdam", "Noord-Holland", $"{1015 + index % 80} BK", person.Country);

    private Recipient Contact(string name, string alias, string address) => Make(RecipientType.MailContact, name, alias, address);

    private Recipient Group(string name, string alias, IReadOnlyList<Recipient> members, string owner) =>
        Make(RecipientType.MailUniversalDistributionGroup, name, alias) with
        {
            Members = [.. members.Select(member => member.LegacyExchangeDN).Distinct()],
            ManagedBy = [owner],
        };

    private Recipient Make(
        RecipientType type, string name, string alias, string? external = null, string? country = null, bool isOld = false)
    {
        // A contact is known by its own address; a mail user has one of the organisation too.
        var primary = type == RecipientType.MailContact ? external! : $"{alias}@{Domain}";
        return new Recipient(
            LegacyExchangeDN(alias, isOld), type, name, alias, primary, [$"SMTP:{primary}"], external,
            HiddenFromAddressLists: false, Manager: null, Members: [], ManagedBy: [], Delegates: [], new RecipientDetails(Company: Company, Country: country));
    }

    // Exchange 2010 SP1 and later put 32 hexadecimal digits before the alias; what came from Exchange 2003 or 2007 has the alias alone.
    private string LegacyExchangeDN(string alias, bool isOld) => isOld
        ? RecipientsContainer + Ascii(alias)
        : RecipientsContainer + Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{seed}/{alias}"))) + "-" + Ascii(alias)[..Math.Min(3, alias.Length)];

    private static string Ascii(string alias) => alias.Replace("'", "", StringComparison.Ordinal);

    private static int ManagerOf(int index) => (index - 1) / 3;
}
