using System.Text.Json;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Lab;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Scale;

/// <summary>How the reading process finds the lab's: written as one line of JSON to standard output when it is ready.</summary>
internal sealed record ScaleAddress(string ProxyHost, string Server, string ConnectTo, string RootPemFile, string UserName, string Password, string AdministratorDN, string MailboxDN, string MailboxAddress);

/// <summary>The lab's Exchange with one big mailbox, in a process of its own so that the reader's memory is the reader's alone.</summary>
internal static class ScaleLab
{
    private const int SmallestAttachment = 4096;
    private const int ItemsPerFolder = 100_000;

    public static async Task<int> RunAsync(ScaleOptions options, string directory)
    {
        var organisation = ContosoGenerator.Create(new LabOptions { WorkDirectory = directory, Mailboxes = ContosoGenerator.FewestMailboxes });
        var owner = organisation.Mailboxes.First();
        using var store = ExchangeStore.Open(Path.Combine(directory, "exchange.db"));
        store.CreateMailbox(organisation.Administrator.LegacyExchangeDN, "Migration", "en-US");
        Fill(store, store.CreateMailbox(owner.LegacyExchangeDN, owner.DisplayName, "en-US"), options);
        var authority = LabCertificateAuthority.Open(Path.Combine(directory, "ca"));
        await using var server = await ExchangeServer.StartAsync(ServerOptions(store, organisation, authority, options));
        var address = Address(server, organisation, authority, owner);
        Console.WriteLine(JsonSerializer.Serialize(address));
        // The reader closes our standard input when it is done.
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static ExchangeServerOptions ServerOptions(
        ExchangeStore store, ContosoOrganisation organisation, LabCertificateAuthority authority, ScaleOptions options)
    {
        var emsmdb = new EmsmdbServer(store, new EmsmdbOptions());
        return new ExchangeServerOptions
        {
            Organisation = organisation,
            Accounts = organisation.Accounts,
            Interfaces = new Dictionary<int, IRpcInterface>
            {
                [6001] = emsmdb,
                [6002] = new RfrServer($"EX01.{organisation.Domain}"),
                [6004] = new NspiServer(organisation),
            },
            MailStore = emsmdb.MailStore,
            CertificateChain = authority.Issue("exchange", $"mail.{organisation.Domain}", $"autodiscover.{organisation.Domain}"),
            OutChannelLifetime = options.ChannelLifetime,
        };
    }

    private static ScaleAddress Address(ExchangeServer server, ContosoOrganisation organisation, LabCertificateAuthority authority, Recipient owner) => new(
        $"mail.{organisation.Domain}", $"EX01.{organisation.Domain}", server.ConnectTo[0].ToString(), authority.RootPemFile,
        organisation.Administrator.UserName, organisation.Administrator.Password, organisation.Administrator.LegacyExchangeDN,
        owner.LegacyExchangeDN, owner.PrimarySmtpAddress);

    private static void Fill(ExchangeStore store, MailboxStore mailbox, ScaleOptions options)
    {
        using var bulk = store.BeginBulk();
        var random = new Random(1);
        var inbox = mailbox.FolderOf(FolderRole.Inbox);
        var folder = inbox;
        for (var n = 0; n < options.Items; n++)
        {
            if (n > 0 && n % ItemsPerFolder == 0) folder = mailbox.CreateFolder(inbox, $"Folder {n / ItemsPerFolder}", "IPF.Note");
            mailbox.SaveMessage(folder, Message(n, options.ItemBytes, random), isRead: n % 3 != 0);
        }
    }

    private static MapiMessage Message(int n, int bytes, Random random)
    {
        var content = new byte[Math.Max(16, bytes)];
        random.NextBytes(content);
        var message = new MapiMessage();
        message.Properties
            .Set(PropertyTags.MessageClass, "IPM.Note")
            .Set(PropertyTags.Subject, $"Message {n}")
            .Set(PropertyTags.Body, bytes < SmallestAttachment ? Convert.ToHexString(content.AsSpan(0, content.Length / 4)) : "See attachment.")
            .Set(PropertyTags.MessageDeliveryTime, new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(n));
        if (bytes >= SmallestAttachment) message.Attachments.Add(Attachment(content));
        return message;
    }

    private static MapiAttachment Attachment(byte[] content)
    {
        var attachment = new MapiAttachment();
        attachment.Properties.Set(PropertyTags.AttachMethod, 1).Set(PropertyTags.AttachLongFilename, "data.bin").Set(PropertyTags.AttachDataBinary, content);
        return attachment;
    }
}
