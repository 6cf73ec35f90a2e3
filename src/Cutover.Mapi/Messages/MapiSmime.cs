using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>Signed and encrypted messages: their one attachment is the body, which nobody may change. Source: [MS-OXOSMIME] 2.1.</summary>
internal static class MapiSmime
{
    /// <summary>The body, or null when the message is no S/MIME message, or lacks its attachment.</summary>
    public static MimeEntity? Body(MapiMessage message)
    {
        var messageClass = MapiToMime.ClassOf(message);
        if (message.Attachments is not [{ EmbeddedMessage: null } only]) return null;
        if (MailClass.IsClearSigned(messageClass)) return (MimeEntity?)ClearSigned(only) ?? Opaque(only);
        return MailClass.IsOpaqueSmime(messageClass) ? Opaque(only) : null;
    }

    private static WholeEntity? ClearSigned(MapiAttachment attachment) =>
        Bytes(attachment) is { } bytes && WholeEntity.Of(bytes) is { } entity && entity.ContentType.IsMimeType("multipart", "signed") ? entity : null;

    private static MimePart? Opaque(MapiAttachment attachment)
    {
        if (Bytes(attachment) is not { } bytes) return null;
        var tag = HeaderText.Clean(attachment.Properties.GetString(PropertyTags.AttachMimeTag));
        var type = ContentType.TryParse(tag, out var told) && told.MediaSubtype.EndsWith("pkcs7-mime", StringComparison.OrdinalIgnoreCase)
            ? told : new ContentType("application", "pkcs7-mime");
        if (SmimeType(bytes) is { } kind && type.Parameters["smime-type"] is null) type.Parameters["smime-type"] = kind;
        type.Name = "smime.p7m";
        return new MimePart(type)
        {
            Content = new MimeContent(new MemoryStream(bytes, writable: false)),
            ContentTransferEncoding = ContentEncoding.Base64,
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "smime.p7m" },
        };
    }

    private static byte[]? Bytes(MapiAttachment attachment)
    {
        if (attachment.Content is not { } open) return attachment.Properties[PropertyTags.AttachDataBinary] as byte[];
        using var content = open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    // The content type of the CMS structure stands near its beginning: 1.2.840.113549.1.7.n. Source: RFC 5652 4, RFC 8551 3.2.2.
    private static string? SmimeType(ReadOnlySpan<byte> cms)
    {
        ReadOnlySpan<byte> pkcs7 = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07];
        var at = cms[..Math.Min(cms.Length, 32)].IndexOf(pkcs7);
        if (at < 0 || at + pkcs7.Length >= cms.Length) return null;
        return cms[at + pkcs7.Length] switch { 2 => "signed-data", 3 => "enveloped-data", _ => null };
    }
}
