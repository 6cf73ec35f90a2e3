using Cutover.Lab;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;

namespace Cutover.Interop.Tests;

/// <summary>A MAPI client written apart from this project reads Contoso's mailboxes and address book from the lab's Exchange.</summary>
public sealed class ImpacketMailboxTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-interop-").FullName;
    private readonly List<Exception> errors = [];
    private ContosoOrganisation organisation = null!;
    private ExchangeStore store = null!;
    private ExchangeServer server = null!;

    private string[] SignIn => [$"{server.Port}", "EX01.contoso.com", organisation.Administrator.UserName, organisation.Administrator.Password];

    public async ValueTask InitializeAsync()
    {
        await Python.RequireImpacketAsync();
        var options = new LabOptions { WorkDirectory = directory, Mailboxes = 5, ItemsPerMailbox = 30 };
        organisation = ContosoGenerator.Create(options);
        store = ExchangeStore.Open(Path.Combine(directory, "exchange.db"));
        ContosoMail.Fill(store, organisation, options);
        server = await ExchangeServer.StartAsync(new ExchangeServerOptions
        {
            Organisation = organisation,
            Interfaces = new Dictionary<int, IRpcInterface>
            {
                [6001] = new EmsmdbServer(store, new EmsmdbOptions()),
                [6002] = new RfrServer("EX01.contoso.com"),
                [6004] = new NspiServer(organisation),
            },
            CertificateChain = LabCertificateAuthority.Open(directory).Issue("exchange", "localhost"),
            OnError = errors.Add,
        });
    }

    [Fact]
    public async Task A_whole_mailbox_is_read_by_tables_and_by_synchronisation_and_both_agree()
    {
        var mailbox = store.FindMailbox(organisation.Mailboxes.First().LegacyExchangeDN)!;

        var facts = await Python.RunScriptAsync("mailbox.py", "", [.. SignIn, organisation.Administrator.LegacyExchangeDN, mailbox.LegacyExchangeDN]);

        var top = mailbox.FolderOf(SpecialFolder.IpmSubtree);
        var folders = mailbox.Folders.Where(folder => IsBelow(mailbox, folder, top)).ToList();
        Assert.Equal(
            [
                "connect 0", $"hierarchy {folders.Count} True", $"hierarchy sync {folders.Count}", $"items {folders.Sum(folder => folder.ItemCount)}",
                "several payloads a call True", "disconnect 0", "xor True",
            ],
            facts);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_address_book_is_read_row_by_row_without_its_hidden_recipients()
    {
        var first = organisation.Mailboxes.First();

        var facts = await Python.RunScriptAsync("addressbook.py", "", [.. SignIn, first.LegacyExchangeDN, first.PrimarySmtpAddress]);

        var rows = facts.Where(fact => fact.StartsWith("row ", StringComparison.Ordinal)).Select(fact => fact[4..]);
        Assert.Equal(Visible().Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["RfrGetNewDSA EX01.contoso.com", "resolved [2, 0]", $"legacyDN {first.LegacyExchangeDN}", "DNToMId [16, 0]", "columns True", "hierarchy True", "unbound"],
            facts.Where(fact => !fact.StartsWith("row ", StringComparison.Ordinal)));
        Assert.Empty(errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        store?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private IEnumerable<string> Visible() =>
        organisation.Recipients.Where(recipient => !recipient.HiddenFromAddressLists).Select(recipient => recipient.PrimarySmtpAddress);

    private static bool IsBelow(MailboxStore mailbox, StoredFolder folder, long top) =>
        folder.Parent == top || (mailbox.FindFolder(folder.Parent) is { } parent && IsBelow(mailbox, parent, top));
}
