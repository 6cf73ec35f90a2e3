using System.Text;
using MimeKit;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>
/// text/vcard of contacts and personal distribution lists. A card that somebody attached to a mail stays an attachment: only a part that we wrote
/// for an item says so. Source: [MS-OXVCARD] 2.1.3, RFC 6350 10.1.
/// </summary>
internal sealed class ContactPart : IItemPart
{
    private const string ItemMark = "x-item-class";

    public bool Covers(string messageClass) =>
        Is(messageClass, "IPM.Contact") || Is(messageClass, DistributionLists.MessageClass);

    public bool Covers(ContentType type) => type.IsMimeType("text", "vcard") && type.Parameters.Contains(ItemMark);

    public MimePart Write(MapiMessage message, SmtpAddresses addresses)
    {
        var part = new MimePart("text", "vcard")
        {
            Content = new MimeKit.MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(MapiToVCard.Write(message, addresses)))),
            ContentTransferEncoding = ContentEncoding.Base64,
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "contact.vcf" },
        };
        part.ContentType.Charset = "utf-8";
        part.ContentType.Parameters.Add(ItemMark, DistributionLists.IsList(message) ? DistributionLists.MessageClass : "IPM.Contact");
        return part;
    }

    public bool TryRead(MimePart part, MapiMessage message)
    {
        var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        try
        {
            if (VCardToMapi.Read(Encoding.UTF8.GetString(bytes.ToArray())).Items is not [var item]) return false;
            ItemOverlay.Apply(item, message);
            return true;
        }
        catch (MapiProtocolException)
        {
            return false;
        }
    }

    private static bool Is(string messageClass, string ancestor) => messageClass.Equals(ancestor, StringComparison.OrdinalIgnoreCase)
        || messageClass.StartsWith(ancestor + ".", StringComparison.OrdinalIgnoreCase);
}
