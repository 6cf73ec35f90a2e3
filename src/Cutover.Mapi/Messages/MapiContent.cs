using System.Text;
using Cutover.Mapi.Messages.Tnef;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>
/// Bodies and attachments as a MIME tree: mixed( alternative( text, related( HTML, what it shows ), RTF, item part ), attachments ).
/// Source: [MS-OXCMAIL] 2.1.3.3 and 2.1.3.4.
/// </summary>
internal sealed class MapiContent(MapiMessage message, SmtpAddresses addresses, int depth)
{
    private const int ExceptionFlag = 0x2; // afException of PidTagAttachmentFlags

    public MimeEntity Body()
    {
        var bodies = MapiBodies.Of(message.Properties);
        var itemPart = ItemPart();
        // The part of a series tells its exceptions.
        var attachments = itemPart is null ? message.Attachments : message.Attachments.Where(attachment => !IsException(attachment));
        var parts = new MapiAttachments(addresses, depth).Parts(attachments);
        var html = bodies.Html is null ? null : new HtmlReferences(bodies.Html.Text);
        var shown = html is null ? [] : parts.Where(part => part.IsShownBy(html)).ToList();
        var beside = parts.Except(shown).Select(part => part.Entity).ToList();
        if (itemPart?.IsAttachment == true) beside.Insert(0, itemPart);
        if (NeedsTnef(itemPart) && TnefPart.Of(message) is { } tnef) beside.Add(tnef);
        return Mixed(Alternative(bodies, shown, itemPart), beside);
    }

    private MimePart? ItemPart()
    {
        try
        {
            return ItemParts.For(MapiToMime.ClassOf(message))?.Write(message, addresses);
        }
        catch (MapiProtocolException)
        {
            return null; // the properties still go along as TNEF
        }
    }

    // Source: [MS-OXCMAIL] 2.1.3.1: what neither a MIME part nor mail can hold.
    private bool NeedsTnef(MimePart? itemPart)
    {
        if (message.Properties[PropertyNames.UseTnef] is true) return true;
        var messageClass = MapiToMime.ClassOf(message);
        return itemPart is null ? !MailClass.IsPlain(messageClass) : !MailClass.IsStandardItem(messageClass);
    }

    // Source: [MS-OXOCAL] 2.2.10.1.2.
    private static bool IsException(MapiAttachment attachment) =>
        ((attachment.Properties.GetInteger(PropertyTags.AttachmentFlags) ?? 0) & ExceptionFlag) != 0;

    /// <summary>The forms of the text, without attachments.</summary>
    public static MimeEntity Alternative(MapiBodies bodies) => Alternative(bodies, [], null);

    private static MimeEntity Alternative(MapiBodies bodies, IReadOnlyList<MapiPart> shown, MimePart? itemPart)
    {
        var forms = new List<MimeEntity>();
        if (bodies.Text is { } text) forms.Add(TextOf(text, bodies.Html?.Encoding));
        if (bodies.Html is { } html) forms.Add(Related(HtmlOf(html), shown));
        if (bodies.Rtf is { } rtf) forms.Add(RtfOf(rtf));
        if (itemPart is { IsAttachment: false }) forms.Add(itemPart);
        return forms.Count switch
        {
            0 => TextOf("", null),
            1 => forms[0],
            _ => Whole(new MultipartAlternative(), forms),
        };
    }

    private static MimeEntity Related(MimeEntity html, IReadOnlyList<MapiPart> shown)
    {
        if (shown.Count == 0) return html;
        foreach (var part in shown) part.Entity.ContentDisposition?.Disposition = ContentDisposition.Inline;
        return Whole(new MultipartRelated(), [html, .. shown.Select(part => part.Entity)]);
    }

    private static MimeEntity Mixed(MimeEntity body, IReadOnlyList<MimeEntity> beside) =>
        beside.Count == 0 ? body : Whole(new Multipart("mixed"), [body, .. beside]);

    private static Multipart Whole(Multipart multipart, IEnumerable<MimeEntity> parts)
    {
        foreach (var part in parts) multipart.Add(part);
        return multipart;
    }

    // In the code page of the HTML when it has all characters, as the message came.
    private static MimePart TextOf(string text, Encoding? preferred)
    {
        var canPrefer = preferred is not null && preferred.GetString(preferred.GetBytes(text)) == text;
        var encoding = Ascii.IsValid(text) ? Encoding.ASCII : (canPrefer ? preferred : null) ?? Encoding.UTF8;
        return Text("plain", encoding.GetBytes(text), encoding);
    }

    private static MimePart HtmlOf(HtmlBody html) => Text("html", html.Bytes, html.Encoding);

    private static MimePart RtfOf(byte[] rtf)
    {
        var part = new MimePart("application", "rtf") { Content = new MimeContent(new MemoryStream(rtf, writable: false)) };
        part.ContentTransferEncoding = part.GetBestEncoding(EncodingConstraint.SevenBit);
        return part;
    }

    private static TextPart Text(string subtype, byte[] bytes, Encoding encoding)
    {
        var part = new TextPart(subtype) { Content = new MimeContent(new MemoryStream(bytes, writable: false)) };
        part.ContentType.Charset = encoding.WebName;
        part.ContentTransferEncoding = part.GetBestEncoding(EncodingConstraint.SevenBit);
        return part;
    }
}
