using System.Text;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>An attachment as a MIME part, and what decides whether the HTML shows it.</summary>
internal sealed record MapiPart(MimeEntity Entity, bool IsRendered)
{
    /// <summary>True when the HTML refers to it by content id or location, or the message says that it is rendered in the body.</summary>
    public bool IsShownBy(HtmlReferences html) =>
        IsRendered || html.Contain(Entity.ContentId) || html.Contain(Entity.Headers[HeaderId.ContentLocation]);
}

/// <summary>The attachments of a message as MIME parts. Source: [MS-OXCMAIL] 2.1.3.4, [MS-OXCMSG] 2.2.2.</summary>
internal sealed class MapiAttachments(SmtpAddresses addresses, int depth)
{
    private const int ByReferenceFirst = 2;
    private const int ByReferenceLast = 4;
    private const int Embedded = 5;
    private const int Ole = 6;
    private const int ByWebReference = 7;
    private const int RenderedInBody = 4;

    public IReadOnlyList<MapiPart> Parts(IEnumerable<MapiAttachment> attachments) => [.. attachments.SelectMany(Parts)];

    private IEnumerable<MapiPart> Parts(MapiAttachment attachment)
    {
        var isRendered = ((attachment.Properties.GetInteger(PropertyTags.AttachFlags) ?? 0) & RenderedInBody) != 0
            || attachment.Properties[PropertyTags.AttachmentHidden] is true;
        return Entities(attachment).Select(entity => new MapiPart(Describe(entity, attachment.Properties), isRendered));
    }

    private IEnumerable<MimeEntity> Entities(MapiAttachment attachment) => attachment.Properties.GetInteger(PropertyTags.AttachMethod) switch
    {
        Embedded => [EmbeddedMessage(attachment)],
        Ole => OleParts(attachment),
        ByWebReference or (>= ByReferenceFirst and <= ByReferenceLast) when ContentOf(attachment) is null => [Reference(attachment.Properties)],
        _ when attachment.EmbeddedMessage is not null => [EmbeddedMessage(attachment)],
        _ => [File(attachment)],
    };

    private MimeEntity EmbeddedMessage(MapiAttachment attachment)
    {
        if (attachment.EmbeddedMessage is not { } embedded) return File(attachment);
        if (depth >= MapiToMime.MostEmbeddings) return new TextPart("plain") { Text = "A message within too many others was left out here." };
        return new MessagePart { Message = MapiToMime.Convert(embedded, addresses, depth + 1) };
    }

    private static MimeEntity File(MapiAttachment attachment)
    {
        var type = TypeOf(attachment.Properties);
        if (type.IsMimeType("message", "rfc822") && MessageIn(attachment) is { } message) return new MessagePart { Message = message };
        if (type.MediaType == "multipart" || type.IsMimeType("message", "rfc822")) type = new ContentType("application", "octet-stream");
        return PartOf(type, ContentOf(attachment) ?? new MimeContent(Stream.Null));
    }

    // base64 keeps every byte; RFC 2046 5.2 forbids it for messages, such as message/delivery-status.
    private static MimePart PartOf(ContentType type, IMimeContent content)
    {
        var part = new MimePart(type) { Content = content, ContentTransferEncoding = ContentEncoding.Base64 };
        if (type.MediaType == "message" && content is MimeContent && part.GetBestEncoding(EncodingConstraint.SevenBit) == ContentEncoding.SevenBit)
            part.ContentTransferEncoding = ContentEncoding.SevenBit;
        return part;
    }

    private static MimeMessage? MessageIn(MapiAttachment attachment)
    {
        if (attachment.Properties[PropertyTags.AttachDataBinary] is not byte[] { Length: > 0 } bytes) return null;
        try
        {
            return new MimeParser(new MemoryStream(bytes, writable: false), MimeFormat.Entity).ParseMessage();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // The object's storage, and the picture that stands for it. Source: [MS-OXCMAIL] 2.1.3.4.3.
    private static IEnumerable<MimeEntity> OleParts(MapiAttachment attachment)
    {
        var storage = ContentOf(attachment) ?? InMemory(attachment.Properties[PropertyTags.AttachDataObject]);
        if (storage is not null) yield return PartOf(new ContentType("application", "x-ole-storage"), storage);
        if (InMemory(attachment.Properties[PropertyTags.AttachRendering]) is { } picture) yield return PartOf(new ContentType("image", "wmf"), picture);
    }

    // The content lies elsewhere; its place is told. Source: [MS-OXCMSG] 2.2.2.13 and 2.2.2.14.
    private static MimePart Reference(PropertyBag properties)
    {
        var place = properties.GetString(PropertyTags.AttachLongPathname) ?? properties.GetString(PropertyTags.AttachPathname) ?? "";
        return PartOf(new ContentType("text", "uri-list"), new MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(place + "\r\n"))));
    }

    private static IMimeContent? ContentOf(MapiAttachment attachment) =>
        attachment.Content is { } open ? new AttachmentContent(open) : InMemory(attachment.Properties[PropertyTags.AttachDataBinary]);

    private static MimeContent? InMemory(object? data) => data is byte[] bytes ? new MimeContent(new MemoryStream(bytes, writable: false)) : null;

    private static ContentType TypeOf(PropertyBag properties)
    {
        var tag = HeaderText.Clean(properties.GetString(PropertyTags.AttachMimeTag));
        if (tag.Length > 0 && ContentType.TryParse(tag, out var told)) return told;
        var guess = NameOf(properties) is { } name ? MimeTypes.GetMimeType(name) : "application/octet-stream";
        return ContentType.Parse(guess);
    }

    private static string? NameOf(PropertyBag properties)
    {
        PropertyTag[] tags =
            [PropertyTags.AttachLongFilename, PropertyTags.AttachFilename, PropertyTags.AttachTransportName, PropertyTags.DisplayName];
        return tags.Select(tag => HeaderText.Clean(properties.GetString(tag)).Trim()).FirstOrDefault(name => name.Length > 0);
    }

    private static MimeEntity Describe(MimeEntity entity, PropertyBag properties)
    {
        entity.ContentDisposition = new ContentDisposition(ContentDisposition.Attachment);
        if (NameOf(properties) is { } name && !IsNamedByItself(entity, name)) SetName(entity, name);
        if (HeaderText.Clean(properties.GetString(PropertyTags.AttachContentId)).Trim(' ', '<', '>') is { Length: > 0 } id) SetContentId(entity, id);
        if (HeaderText.Clean(properties.GetString(PropertyTags.AttachContentLocation)).Trim() is { Length: > 0 } location)
            entity.Headers.Replace(HeaderId.ContentLocation, location);
        if (entity is TextPart text && properties.GetString(PropertyTags.TextAttachmentCharset) is { Length: > 0 } charset)
            text.ContentType.Charset = HeaderText.Clean(charset);
        return entity;
    }

    private static bool IsNamedByItself(MimeEntity entity, string name) =>
        entity is MessagePart { Message: { } message } && (message.Subject ?? "").Trim() == name;

    private static void SetName(MimeEntity entity, string name)
    {
        if (entity is not MessagePart) entity.ContentType.Name = name;
        if (entity.ContentDisposition is { } disposition) disposition.FileName = name;
    }

    // As it stands: HTML refers to it byte by byte, be it an id by RFC 2392 or not.
    private static void SetContentId(MimeEntity entity, string id) => entity.Headers.Replace(new Header(Encoding.UTF8, "Content-ID", $"<{id}>"));
}
