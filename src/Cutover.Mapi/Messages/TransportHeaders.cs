using System.Text;
using System.Text.Unicode;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>PidTagTransportMessageHeaders: the header as it came over the wire. Source: [MS-OXOMSG] 2.2.1.61.</summary>
internal static class TransportHeaders
{
    /// <summary>The fields, in order. Exchange 2003 puts a line of its own in front and the headers of the parts behind.</summary>
    public static IReadOnlyList<Header> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        var fields = new List<Header>();
        var field = new StringBuilder();
        // Only CR and LF end lines here, not what Unicode counts among line ends.
        var rest = text.AsSpan().TrimStart("\r\n");
        foreach (var range in rest.Split('\n'))
        {
            var line = rest[range].TrimEnd('\r');
            if (line.IsEmpty) break;
            if (line[0] is not (' ' or '\t')) AddField(fields, field);
            field.Append(line).Append("\r\n");
        }
        AddField(fields, field);
        return fields;
    }

    private static void AddField(List<Header> fields, StringBuilder text)
    {
        var field = text.ToString();
        text.Clear();
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !HeaderText.IsField(field[..colon].TrimEnd())) return;
        if (Header.TryParse(EncodingOf(field).GetBytes(field.Replace('\0', ' ')), out var header)) fields.Add(header);
    }

    // Bytes that an encoded word holds as they are belong to its charset. A server that takes 8-bit headers byte by byte keeps UTF-8 as "JÃ¶hn".
    // See docs/protocols/gromox.md
    private static Encoding EncodingOf(string field)
    {
        var areBytes = !field.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF');
        return areBytes && (field.Contains("=?", StringComparison.Ordinal) || Utf8.IsValid(Encoding.Latin1.GetBytes(field))) ? Encoding.Latin1 : Encoding.UTF8;
    }
}
