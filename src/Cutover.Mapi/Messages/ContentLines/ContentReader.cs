using System.Collections.Immutable;
using System.Text;

namespace Cutover.Mapi.Messages.ContentLines;

/// <summary>
/// Reads iCalendar and vCard text, version 2.1 with its quoted-printable lines among it. Lenient where a reader can be: line ends, blank lines,
/// a missing END at the end of the text. Source: RFC 5545 3.1, RFC 6350 3.2, vCard 2.1 2.1.
/// </summary>
public static class ContentReader
{
    private const int DeepestNesting = 16;

    /// <summary>The outermost components of a text.</summary>
    /// <exception cref="MapiProtocolException">There is none, a line isn't one, or END names another component than BEGIN.</exception>
    public static IReadOnlyList<ContentComponent> Read(string text)
    {
        var root = new ContentComponent("");
        var open = new Stack<ContentComponent>([root]);
        var number = 0;
        foreach (var content in Unfold(text))
        {
            number++;
            if (string.IsNullOrWhiteSpace(content)) continue;
            Take(ParseLine(content, number), open, number);
        }
        return root.Components.Count > 0 ? root.Components : throw new MapiProtocolException("The text holds no component: nothing begins with BEGIN.");
    }

    private static void Take(ContentLine line, Stack<ContentComponent> open, int number)
    {
        if (line.Name == "BEGIN")
        {
            if (open.Count > DeepestNesting) throw new MapiProtocolException($"Line {number}: components are nested deeper than {DeepestNesting}.");
            var component = new ContentComponent(line.Value.Trim().ToUpperInvariant());
            open.Peek().Components.Add(component);
            open.Push(component);
        }
        else if (line.Name == "END") Close(line.Value.Trim(), open, number);
        else if (open.Count == 1) throw new MapiProtocolException($"Line {number}: {Name(line)} stands outside of any component.");
        else open.Peek().Lines.Add(line);
    }

    private static void Close(string name, Stack<ContentComponent> open, int number)
    {
        if (open.Count == 1 || !open.Peek().Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            throw new MapiProtocolException($"Line {number}: END of another component than the one that is open, {open.Peek().Name}.");
        open.Pop();
    }

    // A line goes on in the next one that begins with white space, or, in quoted-printable, after "=".
    private static IEnumerable<string> Unfold(string text)
    {
        var line = new StringBuilder();
        foreach (var raw in Raw(text))
        {
            if (line.Length > 0 && line[^1] == '=' && IsQuotedPrintable(line)) line.Length--;
            else if (line.Length > 0 && raw is [' ' or '\t', ..])
            {
                line.Append(raw.AsSpan(1));
                continue;
            }
            else
            {
                if (line.Length > 0) yield return line.ToString();
                line.Clear();
            }
            line.Append(raw);
        }
        if (line.Length > 0) yield return line.ToString();
    }

    private static bool IsQuotedPrintable(StringBuilder line)
    {
        // Only the parameters may say so, which are never long.
        var head = line.ToString(0, Math.Min(line.Length, 300));
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && head.AsSpan(0, colon).Contains("QUOTED-PRINTABLE", StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Raw(string text)
    {
        var reader = new StringReader(text.TrimStart('\uFEFF'));
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static ContentLine ParseLine(string content, int number)
    {
        var colon = FindUnquoted(content, ':', 0);
        if (colon < 0) throw new MapiProtocolException($"Line {number}: there is no colon, so it has no value.");
        var head = SplitUnquoted(content[..colon], ';');
        var (group, name) = SplitGroup(head[0].Trim());
        if (name.Length == 0 || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
            throw new MapiProtocolException($"Line {number}: there is no name before the value.");
        return new ContentLine(name.ToUpperInvariant(), [.. head.Skip(1).Select(ParseParameter)], content[(colon + 1)..], group);
    }

    private static (string? Group, string Name) SplitGroup(string name) =>
        name.LastIndexOf('.') is var dot and > 0 ? (name[..dot], name[(dot + 1)..]) : (null, name);

    // Without a name it is vCard 2.1's: a TYPE or an encoding.
    private static ContentParameter ParseParameter(string parameter)
    {
        var equals = parameter.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) return new ContentParameter(IsEncoding(parameter.Trim()) ? "ENCODING" : "TYPE", [parameter.Trim()]);
        var values = SplitUnquoted(parameter[(equals + 1)..], ',').Select(value => Uncircumflex(value.Trim().Trim('"')));
        return new ContentParameter(parameter[..equals].Trim().ToUpperInvariant(), [.. values.SelectMany(value => Types(parameter[..equals], value))]);
    }

    // TYPE="work,voice": one quoted value in many writers' vCard 4.0.
    private static IEnumerable<string> Types(string name, string value) =>
        name.Trim().Equals("TYPE", StringComparison.OrdinalIgnoreCase) ? value.Split(',', StringSplitOptions.TrimEntries) : [value];

    private static bool IsEncoding(string word) => word.ToUpperInvariant() is "QUOTED-PRINTABLE" or "BASE64" or "B" or "7BIT" or "8BIT";

    // Source: RFC 6868.
    private static string Uncircumflex(string value) => !value.Contains('^', StringComparison.Ordinal) ? value
        : value.Replace("^n", "\r\n", StringComparison.Ordinal).Replace("^'", "\"", StringComparison.Ordinal).Replace("^^", "^", StringComparison.Ordinal);

    private static int FindUnquoted(string text, char wanted, int start)
    {
        var isQuoted = false;
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '"') isQuoted = !isQuoted;
            else if (text[i] == wanted && !isQuoted) return i;
        }
        // A stray quote: the first colon then ends the name.
        return isQuoted && wanted == ':' ? text.IndexOf(wanted, StringComparison.Ordinal) : -1;
    }

    private static List<string> SplitUnquoted(string text, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var end = FindUnquoted(text, separator, start); end >= 0; end = FindUnquoted(text, separator, start))
        {
            parts.Add(text[start..end]);
            start = end + 1;
        }
        parts.Add(text[start..]);
        return parts;
    }

    private static string Name(ContentLine line) => line.Name.Length <= 40 ? line.Name : line.Name[..40];
}
