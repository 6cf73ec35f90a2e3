namespace Cutover.Mapi.Messages.Rtf;

/// <summary>The instruction of a field. Source: [MSFT-RTF], "Fields".</summary>
internal static class RtfField
{
    private const string Hyperlink = "HYPERLINK";

    /// <summary>The address of HYPERLINK "address"; null for any other instruction.</summary>
    public static string? HyperlinkOf(string instruction)
    {
        var text = instruction.AsSpan().Trim();
        if (!text.StartsWith(Hyperlink, StringComparison.OrdinalIgnoreCase)) return null;
        text = text[Hyperlink.Length..].Trim();
        var isQuoted = text.StartsWith("\"");
        if (isQuoted) text = text[1..];
        var end = isQuoted ? text.IndexOf('"') : text.IndexOf(' ');
        var address = end < 0 ? text : text[..end];
        return address.IsEmpty ? null : address.ToString();
    }
}
