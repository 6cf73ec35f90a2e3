using System.Text;

namespace Cutover.Mapi.Messages;

/// <summary>What may stand in a header field. Source: RFC 5322 2.2.</summary>
internal static class HeaderText
{
    /// <summary>The text on one line: control characters, line ends above all, become blanks; halves of surrogate pairs, which no charset has, U+FFFD.</summary>
    public static string Clean(string? text)
    {
        if (text is null) return "";
        if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return text.AsSpan().ContainsAnyInRange('\0', '\u001F') ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
    }

    /// <summary>True for a name that a header field can have.</summary>
    public static bool IsField(string name) => name.Length is > 0 and < 256 && name.All(c => c is > ' ' and < '\u007F' and not ':');
}
