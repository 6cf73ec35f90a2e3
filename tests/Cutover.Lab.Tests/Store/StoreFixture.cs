using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Tests.Store;

/// <summary>A store in a file of its own that goes with the test.</summary>
public sealed class StoreFixture : IDisposable
{
    public const string AnnaDN = "/o=Contoso/ou=Exchange Administrative Group/cn=Recipients/cn=anna";
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-store-").FullName;

    public StoreFixture()
    {
        Store = ExchangeStore.Open(File);
        Anna = Store.CreateMailbox(AnnaDN, "Anna de Vries", "nl-NL");
    }

    public string File => Path.Combine(directory, "exchange.db");

    public ExchangeStore Store { get; private set; }

    public MailboxStore Anna { get; private set; }

    public static LabAccount Account(string name, bool hasFullAccessToAll = false) => new(
        name, $"{name}@contoso.com", "secret", $"/o=Contoso/ou=Exchange Administrative Group/cn=Recipients/cn={name}", hasFullAccessToAll);

    public static MapiMessage Message(string subject, int attachmentSize = 0)
    {
        var message = new MapiMessage();
        message.Properties
            .Set(new PropertyTag(0x001A001F), "IPM.Note")
            .Set(new PropertyTag(0x0037001F), subject)
            .Set(new PropertyTag(0x1000001F), $"The body of {subject}.\r\n")
            .Set(new PropertyTag(0x0E060040), new DateTime(2026, 3, 2, 8, 0, 0, DateTimeKind.Utc));
        message.Recipients.Add(new PropertyBag()
            .Set(new PropertyTag(0x0C150003), 1)
            .Set(new PropertyTag(0x3001001F), "Boris Bakker")
            .Set(new PropertyTag(0x3003001F), "boris@contoso.com"));
        if (attachmentSize > 0) message.Attachments.Add(Attachment(attachmentSize));
        return message;
    }

    public static MapiAttachment Attachment(int size)
    {
        var attachment = new MapiAttachment();
        attachment.Properties
            .Set(new PropertyTag(0x37050003), 1)
            .Set(new PropertyTag(0x3707001F), "figures.bin")
            .Set(new PropertyTag(0x37010102), Enumerable.Range(0, size).Select(i => (byte)(i * 31)).ToArray());
        return attachment;
    }

    /// <summary>Copies the files of the open store and returns the copy's name.</summary>
    public string CopyFiles()
    {
        var copy = Path.Combine(directory, "copy.db");
        foreach (var suffix in (string[])["", "-wal"]) System.IO.File.Copy(File + suffix, copy + suffix);
        return copy;
    }

    public void Reopen()
    {
        Store.Dispose();
        Store = ExchangeStore.Open(File);
        Anna = Store.FindMailbox(AnnaDN)!;
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
