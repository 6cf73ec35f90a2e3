namespace Cutover.Mapi.Messages;

/// <summary>What HTML shows of its message's other parts: cid:… anywhere and every src. Source: RFC 2392, RFC 2557.</summary>
internal sealed class HtmlReferences
{
    private readonly HashSet<string> references = new(StringComparer.OrdinalIgnoreCase);

    public HtmlReferences(string html)
    {
        AddAll(html, "cid:");
        AddAll(html, "src=");
    }

    public bool Contain(string? reference) => reference is { Length: > 0 } && references.Contains(reference);

    private void AddAll(ReadOnlySpan<char> html, string prefix)
    {
        for (var at = Find(html, prefix); at >= 0; at = Find(html, prefix))
        {
            html = html[(at + prefix.Length)..].TrimStart("\"' ");
            var end = html.IndexOfAny("\"'<> )\r\n");
            if (end > 0) references.Add(Uri.UnescapeDataString(html[..end]));
        }
    }

    private static int Find(ReadOnlySpan<char> html, string prefix) => html.IndexOf(prefix, StringComparison.OrdinalIgnoreCase);
}
