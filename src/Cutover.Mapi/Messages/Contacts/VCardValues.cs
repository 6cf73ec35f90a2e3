using System.Globalization;
using System.Text;
using Cutover.Mapi.Messages.ContentLines;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>Values of vCard lines in the three versions' encodings. Source: vCard 2.1 2.1.3, RFC 2426 2.4, RFC 6350 4.</summary>
internal static class VCardValues
{
    /// <summary>The value with its quoted-printable taken off; backslashes stay.</summary>
    public static string Decoded(ContentLine line)
    {
        if (!line.Has("ENCODING", "QUOTED-PRINTABLE")) return line.Value;
        var bytes = QuotedPrintable(line.Value);
        return (Charset(line.Parameter("CHARSET")) ?? Encoding.UTF8).GetString(bytes);
    }

    /// <summary>The value as text, without the control characters that some writers leave in it.</summary>
    public static string Text(ContentLine line) =>
        string.Concat(ContentText.Unescape(Decoded(line)).Where(character => character is not (< ' ' or '\x7f') || character is '\t' or '\r' or '\n'));

    /// <summary>The parts of N, ORG or ADR.</summary>
    public static IReadOnlyList<string> Parts(ContentLine line) => [.. ContentText.Split(Decoded(line), ';').Select(part => part.Trim())];

    /// <summary>The bytes of PHOTO or KEY: base64, or a data: URI; null for anything else.</summary>
    public static byte[]? Bytes(ContentLine line)
    {
        const string marker = ";base64,";
        var text = line.Value.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && line.Value.IndexOf(marker, StringComparison.OrdinalIgnoreCase) is >= 0 and var at
            ? line.Value[(at + marker.Length)..]
            : line.Has("ENCODING", "B") || line.Has("ENCODING", "BASE64") ? line.Value : null;
        if (text is null) return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) && written > 0 ? bytes[..written] : null;
    }

    /// <summary>A date in any of the forms that writers use: 1996-04-15, 19960415, with a time or not. Null for one without a year.</summary>
    public static DateTime? Date(ContentLine line)
    {
        var text = Text(line).Trim();
        var date = text.Split('T')[0];
        string[] formats = ["yyyy-MM-dd", "yyyyMMdd", "yyyy-M-d"];
        return DateTime.TryParseExact(date, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year >= 1601 ? day : null;
    }

    private static byte[] QuotedPrintable(string value)
    {
        var bytes = new MemoryStream(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '=' && i + 2 < value.Length && byte.TryParse(value.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                bytes.WriteByte(octet);
                i += 2;
            }
            else bytes.Write(Encoding.UTF8.GetBytes(value[i].ToString()));
        }
        return bytes.ToArray();
    }

    private static Encoding? Charset(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name.Trim()) ?? Encoding.GetEncoding(name.Trim());
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
