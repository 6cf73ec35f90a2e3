namespace Cutover.Interop.Gromox;

/// <summary>Says what was compared and what differs, and remembers whether all was well.</summary>
internal sealed class Report
{
    private const int MostShown = 12;

    private readonly Dictionary<string, int> differences = [];

    private readonly Dictionary<string, int> counts = [];

    public void Say(string line) => Console.WriteLine(line);

    public void Differs(string subject, string expected, string found)
    {
        differences[subject] = differences.GetValueOrDefault(subject) + 1;
        if (differences[subject] <= MostShown) Console.WriteLine($"  DIFFERS {subject}: gromox tells {Short(expected)}, the product {Short(found)}");
    }

    /// <summary>Counts what is no fault, such as a difference whose reason is known and is not the product's.</summary>
    public void Count(string what) => counts[what] = counts.GetValueOrDefault(what) + 1;

    public void Check(string subject, string expected, string found)
    {
        if (expected != found) Differs(subject, expected, found);
    }

    /// <summary>Writes the totals; 0 when nothing differs, else 1.</summary>
    public int End()
    {
        foreach (var (what, count) in counts.OrderByDescending(entry => entry.Value)) Console.WriteLine($"{count,6} : {what}");
        foreach (var (subject, count) in differences.OrderByDescending(entry => entry.Value)) Console.WriteLine($"{count,6} x {subject}");
        Console.WriteLine(differences.Count == 0 ? "all equal" : $"{differences.Values.Sum()} differences");
        return differences.Count == 0 ? 0 : 1;
    }

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings("\\n");
        return $"'{(line.Length <= 600 ? line : line[..600] + "…")}' ({text.Length})";
    }
}
