using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>MIME parts as attachments of a message. Source: [MS-OXCMAIL] 2.2.3.4, [MS-OXCMSG] 2.2.2.</summary>
internal sealed class MimeAttachments(MapiMessage mapi, int depth)
{
    private const int ByValue = 1;
    private const int Embedded = 5;
    private const int RenderedInBody = 4;
    private const int NotRendered = -1;

    // CRLF, as signatures are made over.
    private static readonly FormatOptions OnTheWire = MakeOnTheWire();

    /// <summary>The part's content, its transfer encoding taken off.</summary>
    public static byte[] Bytes(MimePart part)
    {
        var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        return bytes.ToArray();
    }

    public void AddFile(MimePart part, bool isInline, string? fallbackName = null)
    {
        var properties = Add(ByValue, NameOf(part) ?? fallbackName ?? MakeName(part));
        properties.Set(PropertyTags.AttachDataBinary, Bytes(part));
        Describe(part, properties, isInline);
        if (part is TextPart && part.ContentType.Charset is { Length: > 0 } charset) properties.Set(PropertyTags.TextAttachmentCharset, MimeHeaders.Text(charset));
    }

    public void AddMessage(MessagePart part, bool isInline)
    {
        if (part.Message is null || depth >= MimeToMapi.MostEmbeddings)
        {
            AddMessageFile(part, isInline);
            return;
        }
        var embedded = MimeToMapi.Convert(part.Message, depth + 1);
        var subject = embedded.Properties.GetString(PropertyTags.Subject);
        var properties = Add(Embedded, NameOf(part) ?? (string.IsNullOrEmpty(subject) ? "Untitled" : subject), embedded);
        Describe(part, properties, isInline);
    }

    /// <summary>Attaches a message that came in base64, which RFC 2046 forbids and programs do.</summary>
    public void AddEncodedMessage(MimePart part, bool isInline)
    {
        try
        {
            var message = new MessagePart { Message = MimeToMapi.Parse(Bytes(part)), ContentDisposition = part.ContentDisposition };
            if (part.ContentId is { } id) message.ContentId = id;
            AddMessage(message, isInline);
        }
        catch (NotAMessageException)
        {
            AddFile(part, isInline);
        }
    }

    /// <summary>Attaches an entity with its own header, byte for byte: what a signature covers. Source: [MS-OXOSMIME] 2.1.3.2.2.</summary>
    public void AddWhole(MimeEntity entity, string mimeType)
    {
        var bytes = new MemoryStream();
        entity.WriteTo(OnTheWire, bytes);
        var properties = Add(ByValue, mimeType == "multipart/signed" ? "smime.p7m" : "part.eml");
        properties.Set(PropertyTags.AttachDataBinary, bytes.ToArray());
        properties.Set(PropertyTags.AttachMimeTag, mimeType);
    }

    private void AddMessageFile(MessagePart part, bool isInline)
    {
        var bytes = new MemoryStream();
        part.Message?.WriteTo(OnTheWire, bytes);
        var properties = Add(ByValue, NameOf(part) ?? "message.eml");
        properties.Set(PropertyTags.AttachDataBinary, bytes.ToArray());
        Describe(part, properties, isInline);
    }

    private PropertyBag Add(int method, string name, MapiMessage? embedded = null)
    {
        var properties = new PropertyBag
        {
            new(PropertyTags.AttachMethod, method),
            new(PropertyTags.RenderingPosition, NotRendered),
            new(PropertyTags.DisplayName, name),
            new(PropertyTags.AttachLongFilename, name),
            new(PropertyTags.AttachFilename, ShortName(name)),
            new(PropertyTags.AttachExtension, ExtensionOf(name)),
            new(PropertyTags.AttachFlags, 0),
            new(PropertyTags.AttachmentHidden, false),
        };
        mapi.Attachments.Add(new MapiAttachment { Properties = properties, EmbeddedMessage = embedded });
        return properties;
    }

    private static void Describe(MimeEntity entity, PropertyBag properties, bool isInline)
    {
        properties.Set(PropertyTags.AttachMimeTag, MimeHeaders.Text(entity.ContentType.MimeType));
        if (entity.ContentId is { Length: > 0 } contentId) properties.Set(PropertyTags.AttachContentId, MimeHeaders.Text(contentId));
        if (entity.Headers[HeaderId.ContentLocation] is { Length: > 0 } location)
            properties.Set(PropertyTags.AttachContentLocation, MimeHeaders.Text(location));
        if (!isInline) return;
        properties.Set(PropertyTags.AttachFlags, RenderedInBody);
        properties.Set(PropertyTags.AttachmentHidden, true);
    }

    private static string? NameOf(MimeEntity entity)
    {
        var name = entity.ContentDisposition?.FileName ?? entity.ContentType.Name;
        if (string.IsNullOrWhiteSpace(name)) return null;
        var leaf = MimeHeaders.Text(name).Trim();
        leaf = leaf[(leaf.LastIndexOfAny(['/', '\\']) + 1)..];
        return leaf.Length == 0 ? null : leaf;
    }

    // ATT00001 and so on, as Exchange names what came without a name. Source: [MS-OXCMAIL] 2.2.3.4.1.1.
    private string MakeName(MimePart part) => $"ATT{mapi.Attachments.Count + 1:D5}{Extension(part)}";

    private static string Extension(MimePart part) => MimeTypes.TryGetExtension(part.ContentType.MimeType, out var extension) ? extension : ".dat";

    private static string ExtensionOf(string name) => name.LastIndexOf('.') is var dot and > 0 ? name[dot..] : "";

    // The 8.3 name for old clients, in ASCII. Source: [MS-OXCMSG] 2.2.2.11.
    private static string ShortName(string name)
    {
        var extension = Plain(ExtensionOf(name));
        var stem = Plain(name[..^ExtensionOf(name).Length]);
        var shortStem = stem.Length switch { 0 => "FILE", > 8 => stem[..6] + "~1", _ => stem };
        return extension.Length == 0 ? shortStem : $"{shortStem}.{extension[..Math.Min(3, extension.Length)]}";
    }

    private static FormatOptions MakeOnTheWire()
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return options;
    }

    private static string Plain(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit));
}
