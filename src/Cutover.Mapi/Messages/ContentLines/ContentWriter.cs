using System.Text;

namespace Cutover.Mapi.Messages.ContentLines;

/// <summary>Writes components as text: CRLF, folded at 75 octets of UTF-8. Source: RFC 5545 3.1, RFC 6350 3.2.</summary>
public static class ContentWriter
{
    private const int LongestLine = 75;

    public static string Write(IEnumerable<ContentComponent> components)
    {
        var text = new StringBuilder();
        foreach (var component in components) Write(component, text);
        return text.ToString();
    }

    public static string Write(ContentComponent component) => Write([component]);

    private static void Write(ContentComponent component, StringBuilder text)
    {
        text.Append("BEGIN:").Append(component.Name).Append("\r\n");
        foreach (var line in component.Lines) WriteFolded(Unfolded(line), text);
        foreach (var child in component.Components) Write(child, text);
        text.Append("END:").Append(component.Name).Append("\r\n");
    }

    private static string Unfolded(ContentLine line)
    {
        var content = new StringBuilder();
        if (line.Group is { } group) content.Append(group).Append('.');
        content.Append(line.Name);
        foreach (var parameter in line.Parameters) content.Append(';').Append(parameter.Name).Append('=').AppendJoin(',', parameter.Values.Select(Quote));
        return content.Append(':').Append(line.Value).ToString();
    }

    // Source: RFC 5545 3.2; RFC 6868 for what no quotes can hold.
    private static string Quote(string value)
    {
        var safe = value.Replace("^", "^^", StringComparison.Ordinal).Replace("\"", "^'", StringComparison.Ordinal).ReplaceLineEndings("^n");
        safe = string.Concat(safe.Where(character => character is not (< ' ' or '\x7f')));
        return safe.AsSpan().IndexOfAny(';', ':', ',') >= 0 ? $"\"{safe}\"" : safe;
    }

    // Never within a character.
    private static void WriteFolded(string content, StringBuilder text)
    {
        var octets = 0;
        foreach (var rune in content.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LongestLine)
            {
                text.Append("\r\n ");
                octets = 1;
            }
            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }
        text.Append("\r\n");
    }
}
