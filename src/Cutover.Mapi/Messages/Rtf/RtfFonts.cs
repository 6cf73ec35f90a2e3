using System.Text;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Rtf;

/// <summary>The code pages of an RTF document and its fonts. Source: [MSFT-RTF], "Font Table" and "Code Page Support".</summary>
internal sealed class RtfFonts
{
    private readonly Dictionary<int, int> codePages = [];
    private readonly Dictionary<int, Encoding> encodings = [];

    /// <summary>The code page where no font says otherwise.</summary>
    public int DefaultCodePage { get; set; } = CodePages.Windows1252;

    public int DefaultFont { get; set; }

    public void SetCharset(int font, int charset)
    {
        if (CodePageOf(charset) is { } codePage) codePages[font] = codePage;
    }

    public void SetCodePage(int font, int codePage) => codePages[font] = codePage;

    public int CodePageOfFont(int font) => codePages.GetValueOrDefault(font, DefaultCodePage);

    // UTF-16 can't be meant by single bytes.
    public Encoding Encoding(int codePage)
    {
        if (encodings.TryGetValue(codePage, out var known)) return known;
        var found = codePage is CodePages.Utf16 or 1201 ? null : CodePages.Find(codePage);
        return encodings[codePage] = found ?? CodePages.Find(CodePages.Windows1252) ?? System.Text.Encoding.Latin1;
    }

    private static int? CodePageOf(int charset) => charset switch
    {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        130 => 1361,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        254 => 437,
        255 => 850,
        _ => null, // 1 is the default; 2 is Symbol, which has no code page
    };
}
