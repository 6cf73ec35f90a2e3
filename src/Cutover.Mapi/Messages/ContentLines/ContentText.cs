using System.Text;

namespace Cutover.Mapi.Messages.ContentLines;

/// <summary>Text values with backslashes before what has a meaning. Source: RFC 5545 3.3.11, RFC 6350 3.4.</summary>
internal static class ContentText
{
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' or ';' or ',': escaped.Append('\\').Append(text[i]); break;
                case '\r' when i + 1 < text.Length && text[i + 1] == '\n': break;
                case '\r' or '\n': escaped.Append("\\n"); break;
                case '\t': escaped.Append('\t'); break;
                case < ' ' or '\x7f': break; // no text may hold other control characters
                default: escaped.Append(text[i]); break;
            }
        }
        return escaped.ToString();
    }

    public static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal)) return value;
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length) text.Append(value[i]);
            else text.Append(value[++i] is 'n' or 'N' ? "\r\n" : value[i].ToString());
        }
        return text.ToString();
    }

    /// <summary>The texts of a list or of a structured value.</summary>
    public static IReadOnlyList<string> Split(string value, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\') i++;
            else if (value[i] == separator)
            {
                parts.Add(Unescape(value[start..i]));
                start = i + 1;
            }
        }
        parts.Add(Unescape(value[start..]));
        return parts;
    }

    public static string Join(IEnumerable<string> texts, char separator) => string.Join(separator, texts.Select(Escape));
}
