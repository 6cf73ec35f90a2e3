using System.CommandLine;
using Cutover.Lab;
using Cutover.Server;

namespace Cutover.Cli.Commands;

/// <summary>The options that say what the lab is made of, shared by <c>demo</c> and <c>lab start</c>.</summary>
internal sealed class LabOptionsBinding
{
    private readonly Option<int> mailboxes = new("--mailboxes") { Description = "Mailboxes", DefaultValueFactory = _ => 12 };
    private readonly Option<int> items = new("--items") { Description = "Items per mailbox, on average", DefaultValueFactory = _ => 200 };
    private readonly Option<string?> corpus = new("--corpus") { Description = "A folder of .eml files to fill the mailboxes with" };
    private readonly Option<int> seed = new("--seed") { Description = "Another seed makes another organisation", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> work = new("--work") { Description = "Where state is kept; run again on it to go on (default: a new temporary folder)" };
    private readonly Option<int> exchangePort = Port("--exchange-port");
    private readonly Option<int> microsoft365Port = Port("--microsoft365-port");
    private readonly Option<int> dnsPort = Port("--dns-port");
    private readonly Option<int> smtpPort = Port("--smtp-port");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { mailboxes, items, corpus, seed, work, exchangePort, microsoft365Port, dnsPort, smtpPort })
            command.Add(option);
        const int Fewest = 5;
        mailboxes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < Fewest or > 2000) result.AddError($"--mailboxes takes {Fewest} to 2000.");
        });
        items.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 1_000_000) result.AddError("--items takes 0 to 1000000.");
        });
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
            ExchangePort = parsed.GetValue(exchangePort),
            Microsoft365Port = parsed.GetValue(microsoft365Port),
            DnsPort = parsed.GetValue(dnsPort),
            SmtpPort = parsed.GetValue(smtpPort),
        };
    }

    private static Option<int> Port(string name) => new(name) { Description = "A port of the lab; 0 takes a free one" };
}
