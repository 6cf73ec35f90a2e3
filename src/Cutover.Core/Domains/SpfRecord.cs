namespace Cutover.Core.Domains;

/// <summary>The text of an SPF record. Source: RFC 7208.</summary>
public static class SpfRecord
{
    public static bool IsSpf(string text) =>
        text.Equals("v=spf1", StringComparison.OrdinalIgnoreCase) || text.StartsWith("v=spf1 ", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The current record with the wanted one's mechanisms added before its <c>all</c> (or <c>redirect</c>), so that nobody who may send today is shut out.
    /// </summary>
    public static string Merge(string current, string wanted)
    {
        var terms = Terms(current);
        var missing = Terms(wanted).Skip(1).Where(term => !IsLast(term) && !terms.Contains(term, StringComparer.OrdinalIgnoreCase)).ToList();
        var last = terms.FindIndex(IsLast);
        terms.InsertRange(last < 0 ? terms.Count : last, missing);
        return string.Join(' ', terms);
    }

    private static List<string> Terms(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static bool IsLast(string term) =>
        term.TrimStart('+', '-', '~', '?').Equals("all", StringComparison.OrdinalIgnoreCase)
        || term.StartsWith("redirect=", StringComparison.OrdinalIgnoreCase);
}
