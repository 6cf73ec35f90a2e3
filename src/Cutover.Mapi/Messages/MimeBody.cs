using System.Text;
using Cutover.Mapi.Messages.Rtf;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>The MIME tree of one message as bodies and attachments: nothing of it is dropped. Source: [MS-OXCMAIL] 2.2.3.2, [MS-OXOSMIME] 2.1.</summary>
internal sealed class MimeBody(MapiMessage mapi, int depth)
{
    private const int Utf8 = 65001;
    private const int NativeText = 1;
    private const int NativeRtf = 2;
    private const int NativeHtml = 3;

    private readonly MimeAttachments attachments = new(mapi, depth);
    private readonly List<(IItemPart Kind, MimePart Part)> itemParts = [];

    private string? tnefClass;

    private PropertyBag Properties => mapi.Properties;

    public void Convert(MimeEntity? body)
    {
        if (body is null) return;
        Add(body);
        SetNativeBody();
        foreach (var (kind, part) in itemParts)
            if (!kind.TryRead(part, mapi)) attachments.AddFile(part, isInline: false);
        if (tnefClass is not null) Properties.Set(PropertyTags.MessageClass, tnefClass);
    }

    private void Add(MimeEntity body)
    {
        if (IsSigned(body))
        {
            attachments.AddWhole(body, "multipart/signed");
            Properties.Set(PropertyTags.MessageClass, "IPM.Note.SMIME.MultipartSigned");
        }
        else if (IsEncrypted(body))
        {
            attachments.AddFile((MimePart)body, isInline: false, fallbackName: "smime.p7m");
            Properties.Set(PropertyTags.MessageClass, "IPM.Note.SMIME");
        }
        else
        {
            Add(body, isInline: false);
            if (body is Multipart report && body.ContentType.IsMimeType("multipart", "report")) MimeReport.Convert(report, mapi);
        }
    }

    private void Add(MimeEntity entity, bool isInline)
    {
        switch (entity)
        {
            case MultipartRelated related: AddRelated(related); break;
            case Multipart multipart:
                foreach (var child in multipart) Add(child, isInline);
                break;
            case MessagePart embedded: attachments.AddMessage(embedded, isInline); break;
            case TextPart text when !text.IsAttachment && !isInline && TryAddBody(text): break;
            case MimePart rtf when !rtf.IsAttachment && !isInline && TryAddRtf(rtf): break;
            case MimePart item when !item.IsAttachment && itemParts.Count == 0 && ItemParts.For(item.ContentType) is { } kind:
                itemParts.Add((kind, item));
                break;
            case MimePart encoded when encoded.ContentType.IsMimeType("message", "rfc822"): attachments.AddEncodedMessage(encoded, isInline); break;
            case MimePart tnef when IsTnef(tnef) && MimeTnef.TryMerge(tnef, mapi, depth):
                tnefClass = Properties.GetString(PropertyTags.MessageClass);
                break;
            case MimePart part: attachments.AddFile(part, isInline); break;
            default: attachments.AddWhole(entity, entity.ContentType.MimeType); break;
        }
    }

    // The root shows the others; they are hidden from the list of attachments.
    private void AddRelated(MultipartRelated related)
    {
        var root = related.Root;
        foreach (var child in related) Add(child, isInline: child != root);
    }

    private bool TryAddBody(TextPart part)
    {
        if (part.ContentType.IsMimeType("text", "plain")) return TryAddText(part);
        return part.ContentType.IsMimeType("text", "html") && TryAddHtml(part);
    }

    // A second text part (after an attachment, or a mailing list's footer) becomes an attachment.
    private bool TryAddText(TextPart part)
    {
        if (Properties[PropertyTags.Body] is not null) return false;
        Properties.Set(PropertyTags.Body, MimeHeaders.Text(TextOf(part)));
        if (Properties[PropertyTags.InternetCodepage] is null) Properties.Set(PropertyTags.InternetCodepage, CodePageOf(part)?.CodePage ?? Utf8);
        return true;
    }

    // The bytes stay as they are when their code page is known. Source: [MS-OXCMSG] 2.2.1.48.8.
    private bool TryAddHtml(TextPart part)
    {
        if (Properties[PropertyTags.Html] is not null) return false;
        var codePage = CodePageOf(part)?.CodePage;
        Properties.Set(PropertyTags.Html, codePage is null ? Encoding.UTF8.GetBytes(TextOf(part)) : MimeAttachments.Bytes(part));
        Properties.Set(PropertyTags.InternetCodepage, codePage ?? Utf8);
        return true;
    }

    private bool TryAddRtf(MimePart part)
    {
        if (!part.ContentType.IsMimeType("application", "rtf") && !part.ContentType.IsMimeType("text", "rtf")) return false;
        if (Properties[PropertyTags.RtfCompressed] is not null) return false;
        Properties.Set(PropertyTags.RtfCompressed, CompressedRtf.Compress(MimeAttachments.Bytes(part)));
        Properties.Set(PropertyTags.RtfInSync, true);
        return true;
    }

    // RTF stands among the bodies only where it was the first of them.
    private void SetNativeBody()
    {
        if (Properties[PropertyTags.NativeBody] is not null) return;
        if (Properties[PropertyTags.RtfCompressed] is not null) Properties.Set(PropertyTags.NativeBody, NativeRtf);
        else if (Properties[PropertyTags.Html] is not null) Properties.Set(PropertyTags.NativeBody, NativeHtml);
        else if (Properties[PropertyTags.Body] is not null) Properties.Set(PropertyTags.NativeBody, NativeText);
    }

    private static string TextOf(TextPart part)
    {
        if (part.Content is null) return "";
        return CodePageOf(part) is { } encoding ? encoding.GetString(MimeAttachments.Bytes(part)) : part.Text ?? "";
    }

    // Without a charset the text is US-ASCII by RFC 2045; where it isn't, MimeKit guesses.
    private static Encoding? CodePageOf(TextPart part)
    {
        if (part.ContentType.Charset is not { Length: > 0 } charset) return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset.Trim()) ?? Encoding.GetEncoding(charset.Trim());
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null; // unknown, or UTF-7, which .NET refuses
        }
    }

    private static bool IsSigned(MimeEntity body) => body is Multipart && body.ContentType.IsMimeType("multipart", "signed");

    // Encrypted or signed as one piece; certificates alone are an ordinary file. Source: [MS-OXOSMIME] 2.1.3.1, 2.1.3.3.
    private static bool IsEncrypted(MimeEntity body) => body is MimePart part && (IsPkcs7(body.ContentType) || IsNamedSo(part))
        && !string.Equals(body.ContentType.Parameters["smime-type"], "certs-only", StringComparison.OrdinalIgnoreCase);

    private static bool IsPkcs7(ContentType type) => type.IsMimeType("application", "pkcs7-mime") || type.IsMimeType("application", "x-pkcs7-mime");

    private static bool IsNamedSo(MimePart part) => part.ContentType.IsMimeType("application", "octet-stream")
        && part.FileName?.EndsWith(".p7m", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsTnef(MimePart part) =>
        part.ContentType.IsMimeType("application", "ms-tnef") || part.ContentType.IsMimeType("application", "vnd.ms-tnef");
}
