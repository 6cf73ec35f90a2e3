using MailKit;
using MailKit.Net.Imap;
using MimeKit;

namespace Cutover.Interop.Gromox;

/// <summary>Fills a mailbox by IMAP: a corpus, folders with odd names, attachments, an embedded message, one large file, one large folder.</summary>
internal static class SeedMailbox
{
    private const int LargeFile = 20 * 1024 * 1024;
    private const int ManyMessages = 3000;
    private const int Batch = 100;

    private static readonly string[] OddNames = ["Ünïcødé & Söhne", "文件夹", "100% full", "a 'b' <c> ~d", "Ещё папка"];

    public static async Task RunAsync(GromoxServer server, string corpus, CancellationToken ct)
    {
        using var imap = await server.OpenImapAsync(ct);
        var top = imap.GetFolder(imap.PersonalNamespaces[0]);
        await CorpusAsync(await ImapSide.CreateAsync(imap, top, "Corpus", ct), corpus, ct);
        await NestedAsync(imap, await ImapSide.CreateAsync(imap, top, "Nested", ct), ct);
        var special = await ImapSide.CreateAsync(imap, top, "Special", ct);
        await special.AppendAsync(WithAttachments(), MessageFlags.Seen, ct);
        await special.AppendAsync(WithLargeFile(), MessageFlags.None, ct);
        await ManyAsync(await ImapSide.CreateAsync(imap, top, "Many", ct), ct);
    }

    private static async Task CorpusAsync(IMailFolder folder, string corpus, CancellationToken ct)
    {
        var taken = 0;
        foreach (var file in Directory.EnumerateFiles(corpus, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            try
            {
                using var message = await MimeMessage.LoadAsync(file, ct);
                await folder.AppendAsync(message, taken % 3 == 0 ? MessageFlags.Seen : MessageFlags.None, ct);
                taken++;
            }
            catch (Exception refused) when (refused is ImapCommandException or FormatException)
            {
                Console.WriteLine($"  left out: {file}: {refused.Message}");
            }
        }
        Console.WriteLine($"Corpus: {taken} messages");
    }

    private static async Task NestedAsync(ImapClient imap, IMailFolder parent, CancellationToken ct)
    {
        foreach (var name in OddNames)
        {
            parent = await ImapSide.CreateAsync(imap, parent, name, ct);
            await parent.AppendAsync(Message($"In {name}", new TextPart("plain") { Text = $"This lies in {name}.\r\n" }), MessageFlags.None, ct);
        }
    }

    private static async Task ManyAsync(IMailFolder folder, CancellationToken ct)
    {
        for (var i = 0; i < Batch; i++)
            await folder.AppendAsync(Message($"Number {i}", new TextPart("plain") { Text = $"Text {i}\r\n" }), MessageFlags.None, ct);
        await folder.OpenAsync(FolderAccess.ReadWrite, ct);
        var first = await folder.SearchAsync(MailKit.Search.SearchQuery.All, ct);
        for (var count = first.Count; count < ManyMessages; count += first.Count) await folder.CopyToAsync(first, folder, ct);
        await folder.CloseAsync(expunge: false, ct);
    }

    private static MimeMessage WithAttachments()
    {
        var builder = new BodyBuilder { TextBody = "See the files.\r\n", HtmlBody = "<p>See the <b>files</b>.</p>" };
        builder.Attachments.Add("bytes.bin", Bytes(70_000, seed: 1));
        builder.Attachments.Add("Prüfung – 测试.txt", Bytes(300, seed: 2), new ContentType("application", "octet-stream"));
        builder.Attachments.Add(new MessagePart { Message = Message("Inside", new TextPart("plain") { Text = "A message in a message.\r\n" }) });
        return Message("With attachments", builder.ToMessageBody());
    }

    private static MimeMessage WithLargeFile()
    {
        var builder = new BodyBuilder { TextBody = "One large file.\r\n" };
        builder.Attachments.Add("large.bin", Bytes(LargeFile, seed: 3));
        return Message("With a large file", builder.ToMessageBody());
    }

    public static MimeMessage Message(string subject, MimeEntity body) => new([new MailboxAddress("Dörte Groß", "doerte@contoso.test")],
        [new MailboxAddress("Anna", "anna@contoso.test")], subject, body);

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
