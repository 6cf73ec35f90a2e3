using System.CommandLine;
using Cutover.Lab;
using Cutover.Lab.Organisation;
using Cutover.Server;

namespace Cutover.Cli.Commands;

/// <summary>The options that say what the lab is made of, shared by <c>demo</c> and <c>lab start</c>.</summary>
internal sealed class LabOptionsBinding
{
    private readonly Option<int> mailboxes = Number("--mailboxes", "Mailboxes", 12, ContosoGenerator.FewestMailboxes, 2000);
    private readonly Option<int> items = Number("--items", "Items per mailbox, on average", 200, 0, 1_000_000);
    private readonly Option<string?> corpus = new("--corpus") { Description = "A folder of .eml files to fill the mailboxes with" };
    private readonly Option<int> seed = Number("--seed", "Another seed makes another organisation", 1, int.MinValue, int.MaxValue);
    private readonly Option<string[]> users = UserNames();
    private readonly Option<string[]> publicFolders = new("--public-folder")
    {
        Description = "NAME: an empty public folder at the top of the tree (repeatable)",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string[]> mailPublicFolders = Several("--mail-public-folder", "NAME: a public folder that takes mail, shown in the address book (repeatable)");
    private readonly Option<string[]> contacts = Several("--contact", "NAME: one more mail contact (repeatable)");
    private readonly Option<string[]> groups = Pairs("--group", "NAME:OWNER: an empty distribution group and the user who owns it (repeatable)");
    private readonly Option<string[]> dynamicGroups = Several("--dynamic-group", "NAME: a dynamic distribution group (repeatable)");
    private readonly Option<string[]> certificates = Several("--certificate", "USER: gets a certificate in the directory (repeatable)");
    private readonly Option<string[]> phoneticNames = Pairs("--phonetic-name", "USER:NAME: how a user's name is spoken (repeatable)");
    private readonly Option<string[]> directoryAdministrators = Several("--directory-administrator", "USER: may change the address book (repeatable)");
    private readonly Option<bool> mapiHttp = new("--mapi-http") { Description = "An Exchange 2016 that announces MAPI over HTTP, instead of an Exchange 2010" };
    private readonly Option<string?> work = new("--work") { Description = "Where state is kept; run again on it to go on (default: a new temporary folder)" };
    private readonly Option<int> exchangePort = Port("--exchange-port");
    private readonly Option<int> microsoft365Port = Port("--microsoft365-port");
    private readonly Option<int> dnsPort = Port("--dns-port");
    private readonly Option<int> smtpPort = Port("--smtp-port");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { mailboxes, items, corpus, seed, users, publicFolders, mailPublicFolders, contacts, groups, dynamicGroups, certificates, phoneticNames,
                     directoryAdministrators, mapiHttp, work, exchangePort, microsoft365Port, dnsPort, smtpPort })
            command.Add(option);
    }

    /// <summary>The work folder that was named, or a new temporary one.</summary>
    public string WorkDirectory(ParseResult parsed) => parsed.GetValue(work) ?? Directory.CreateTempSubdirectory("cutover-").FullName;

    /// <exception cref="InvalidSettingsException">The corpus folder is not there.</exception>
    public LabOptions Read(ParseResult parsed, string workDirectory)
    {
        var folder = parsed.GetValue(corpus);
        if (folder is not null && !Directory.Exists(folder))
            throw new InvalidSettingsException($"There is no corpus folder {Path.GetFullPath(folder)}. Name one that holds .eml files, or leave --corpus out.");
        return new LabOptions
        {
            WorkDirectory = Path.Combine(workDirectory, "lab"),
            Mailboxes = parsed.GetValue(mailboxes),
            ItemsPerMailbox = parsed.GetValue(items),
            CorpusDirectory = folder,
            Seed = parsed.GetValue(seed),
            Users = [.. parsed.GetValue(users)!.Select(LabUser.Parse).OfType<LabUser>()],
            PublicFolders = parsed.GetValue(publicFolders)!,
            MailPublicFolders = parsed.GetValue(mailPublicFolders)!,
            Contacts = parsed.GetValue(contacts)!,
            Groups = PairsIn(parsed, groups),
            DynamicGroups = parsed.GetValue(dynamicGroups)!,
            CertificateHolders = parsed.GetValue(certificates)!,
            PhoneticNames = PairsIn(parsed, phoneticNames),
            DirectoryAdministrators = parsed.GetValue(directoryAdministrators)!,
            MapiHttp = parsed.GetValue(mapiHttp),
            ExchangePort = parsed.GetValue(exchangePort),
            Microsoft365Port = parsed.GetValue(microsoft365Port),
            DnsPort = parsed.GetValue(dnsPort),
            SmtpPort = parsed.GetValue(smtpPort),
        };
    }

    private static Option<string[]> Several(string name, string description) => new(name) { Description = description, DefaultValueFactory = _ => [] };

    private static Option<string[]> Pairs(string name, string description)
    {
        var option = Several(name, description);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => LabPair.Parse(token.Value) is null))
                result.AddError($"{name} takes two names with a colon between them, not {token.Value}.");
        });
        return option;
    }

    private static IReadOnlyList<LabPair> PairsIn(ParseResult parsed, Option<string[]> option) => [.. parsed.GetValue(option)!.Select(LabPair.Parse).OfType<LabPair>()];

    private static Option<string[]> UserNames()
    {
        var option = new Option<string[]>("--user") { Description = "NAME:PASSWORD: one more mailbox, for a client that is set up by hand (repeatable)", DefaultValueFactory = _ => [] };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => LabUser.Parse(token.Value) is null))
                result.AddError("--user takes NAME:PASSWORD; the name holds letters, digits, dots, hyphens and underscores.");
        });
        return option;
    }

    private static Option<int> Port(string name) => Number(name, "A port of the lab; 0 takes a free one", 0, 0, ushort.MaxValue);

    private static Option<int> Number(string name, string description, int otherwise, int fewest, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            // What is no number at all, the parser itself refuses.
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var number) && (number < fewest || number > most))
                result.AddError($"{name} takes {fewest} to {most}, not {number}.");
        });
        return option;
    }
}
