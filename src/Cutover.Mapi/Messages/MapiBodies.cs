using System.Text;
using System.Text.Unicode;
using Cutover.Mapi.Messages.Rtf;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages;

/// <summary>HTML as bytes with the encoding that they are in.</summary>
internal sealed record HtmlBody(byte[] Bytes, Encoding Encoding)
{
    public string Text => Encoding.GetString(Bytes);
}

/// <summary>
/// The bodies that a message shows: of several forms of the same body the one that it was written in wins, and the others are made of it
/// where they lack. Source: [MS-OXBBODY] 2.1, [MS-OXCMAIL] 2.1.3.3.
/// </summary>
/// <param name="Rtf">Only where the body was written as RTF, so that no other form has all of it.</param>
internal sealed record MapiBodies(string? Text, HtmlBody? Html, byte[]? Rtf)
{
    private const int NativeText = 1;
    private const int NativeRtf = 2;
    private const int NativeHtml = 3;

    public static MapiBodies Of(PropertyBag message)
    {
        var text = message.GetString(PropertyTags.Body);
        if (!PrefersRtf(message) || FromRtf(message, text) is not { } bodies) bodies = new MapiBodies(text, HtmlOf(message), null);
        if (bodies is { Text: null, Html: null } && FromRtf(message, text) is { } last) bodies = last;
        return bodies.Text is null && bodies.Html is { } html ? bodies with { Text = HtmlText.Of(html.Text) } : bodies;
    }

    // Source: [MS-OXBBODY] 2.1.3.1 to 2.1.3.3.
    private static bool PrefersRtf(PropertyBag message)
    {
        if (message[PropertyTags.RtfCompressed] is not byte[] { Length: > 0 }) return false;
        var hasHtml = message[PropertyTags.Html] is not null;
        return message.GetInteger(PropertyTags.NativeBody) switch
        {
            NativeRtf => true,
            NativeHtml when hasHtml => false,
            NativeText when message[PropertyTags.Body] is not null => false,
            _ => message[PropertyTags.RtfInSync] is bool inSync ? inSync || (!hasHtml && message[PropertyTags.Body] is null) : !hasHtml,
        };
    }

    // Damaged RTF leaves the other bodies.
    private static MapiBodies? FromRtf(PropertyBag message, string? text)
    {
        if (message[PropertyTags.RtfCompressed] is not byte[] { Length: > 0 } compressed) return null;
        try
        {
            var rtf = CompressedRtf.Decompress(compressed);
            var body = RtfBody.Read(rtf);
            var html = body.Html is null ? null : new HtmlBody(Encoding.UTF8.GetBytes(body.Html), Encoding.UTF8);
            return new MapiBodies(body.Origin == RtfOrigin.Text ? body.Text : text ?? body.Text, html, body.Origin == RtfOrigin.Rtf ? rtf : null);
        }
        catch (MapiProtocolException)
        {
            return null;
        }
    }

    private static HtmlBody? HtmlOf(PropertyBag message) => message[PropertyTags.Html] switch
    {
        byte[] { Length: > 0 } bytes => InAsciiSuperset(bytes, EncodingOf(message, bytes)),
        string { Length: > 0 } html => new HtmlBody(Encoding.UTF8.GetBytes(html), Encoding.UTF8),
        _ => null,
    };

    // MIME has no text/html in UTF-16 or EBCDIC that readers would understand.
    private static HtmlBody InAsciiSuperset(byte[] bytes, Encoding encoding) => encoding.GetBytes("<>") is [(byte)'<', (byte)'>']
        ? new HtmlBody(bytes, encoding)
        : new HtmlBody(Encoding.UTF8.GetBytes(encoding.GetString(bytes)), Encoding.UTF8);

    private static Encoding EncodingOf(PropertyBag message, byte[] bytes) =>
        CodePages.Find(message.GetInteger(PropertyTags.InternetCodepage) ?? 0)
            ?? (Utf8.IsValid(bytes) ? Encoding.UTF8 : CodePages.Find(CodePages.Windows1252) ?? Encoding.Latin1);
}
