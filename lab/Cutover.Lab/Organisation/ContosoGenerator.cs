using System.Security.Cryptography;
using System.Text;
using Cutover.Core.Recipients;

namespace Cutover.Lab.Organisation;

/// <summary>Makes Contoso: the same options and seed give the same organisation, recipient by recipient.</summary>
public static class ContosoGenerator
{
    public const string Domain = "contoso.com";

    /// <summary>One each of what an organisation must have to be worth a test: two people, a shared mailbox, a room, the administrator.</summary>
    public const int FewestMailboxes = 5;

    /// <summary>The NetBIOS name of the on-premises domain.</summary>
    public const string NetBiosName = "CONTOSO";

    private const int MailboxesThatAreNoPeople = 3;

    /// <exception cref="ArgumentException">Fewer mailboxes are asked for than <see cref="FewestMailboxes"/>.</exception>
    public static ContosoOrganisation Create(LabOptions options)
    {
        if (options.Mailboxes < FewestMailboxes)
            throw new ArgumentException($"Contoso needs at least {FewestMailboxes} mailboxes, {options.Mailboxes} were asked for.", nameof(options));
        var random = new Random(options.Seed);
        var people = ContosoPeople.Take(options.Mailboxes - MailboxesThatAreNoPeople, random);
        var recipients = new ContosoRecipients(options.Seed, random);
        var mailboxes = recipients.Mailboxes(people);
        var users = options.Users.Select(recipients.User).ToList();
        var outside = recipients.OutsideRecipients(mailboxes[0]);
        var groups = recipients.Groups(mailboxes, outside);
        var administrator = Account(mailboxes[^1], options.Seed, hasFullAccessToAll: true);
        return new ContosoOrganisation(Domain, [.. mailboxes, .. users, .. outside, .. groups, .. recipients.Asked(options)], administrator)
        {
            Directory = recipients.Directory(options),
            Accounts =
            [
                administrator,
                .. Users(mailboxes).Select(mailbox => Account(mailbox, options.Seed, hasFullAccessToAll: false)),
                .. users.Zip(options.Users, (mailbox, user) => Account(mailbox, options.Seed, hasFullAccessToAll: false) with { UserName = user.Name, Password = user.Password }),
            ],
        };
    }

    private static IEnumerable<Recipient> Users(IReadOnlyList<Recipient> mailboxes) =>
        mailboxes.SkipLast(1).Where(mailbox => mailbox.Type == RecipientType.UserMailbox);

    private static LabAccount Account(Recipient mailbox, int seed, bool hasFullAccessToAll) =>
        new(UserName(mailbox), mailbox.PrimarySmtpAddress, Password(mailbox, seed), mailbox.LegacyExchangeDN, hasFullAccessToAll);

    // A sAMAccountName has 20 characters at most; the aliases below the limit are short enough to serve the lab as they are.
    private static string UserName(Recipient mailbox) => mailbox.Alias.Length < 64 ? mailbox.Alias : mailbox.Alias[..20];

    private static string Password(Recipient mailbox, int seed) =>
        "Lab-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{mailbox.LegacyExchangeDN}")))[..16] + "!";
}
