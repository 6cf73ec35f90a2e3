using System.Text;
using MimeKit;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>
/// text/vcard of contacts and personal distribution lists. A card in a mail that comes in is an attachment like any other: people sign with them.
/// Source: [MS-OXVCARD] 2.1.3, RFC 6350 10.1.
/// </summary>
internal sealed class ContactPart : IItemPart
{
    public bool Covers(string messageClass) =>
        Is(messageClass, "IPM.Contact") || Is(messageClass, DistributionLists.MessageClass);

    public bool Covers(ContentType type) => false;

    public MimePart Write(MapiMessage message, SmtpAddresses addresses)
    {
        var part = new MimePart("text", "vcard")
        {
            Content = new MimeKit.MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(MapiToVCard.Write(message, addresses)))),
            ContentTransferEncoding = ContentEncoding.Base64,
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "contact.vcf" },
        };
        part.ContentType.Charset = "utf-8";
        return part;
    }

    public bool TryRead(MimePart part, MapiMessage message) => false;

    private static bool Is(string messageClass, string ancestor) => messageClass.Equals(ancestor, StringComparison.OrdinalIgnoreCase)
        || messageClass.StartsWith(ancestor + ".", StringComparison.OrdinalIgnoreCase);
}
