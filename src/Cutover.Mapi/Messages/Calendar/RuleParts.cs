using System.Globalization;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>The parts of an RRULE as they are named. Source: RFC 5545 3.3.10.</summary>
internal sealed record RuleParts(
    string Frequency, int Interval, int? Count, string? Until, IReadOnlyList<(int Offset, DayOfWeek Day)> Days, IReadOnlyList<int> MonthDays,
    IReadOnlyList<int> Months, IReadOnlyList<int> Positions, DayOfWeek WeekStart, IReadOnlyList<string> Others)
{
    private static readonly string[] DayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
    private static readonly string[] Known = ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"];

    /// <summary>Takes what it finds: a part that says nothing sensible is as if it weren't there.</summary>
    public static RuleParts Parse(string rule)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in rule.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (part.Split('=', 2) is [var name, var value]) parts.TryAdd(name.Trim(), value.Trim());
        return new RuleParts(
            (parts.GetValueOrDefault("FREQ") ?? "").ToUpperInvariant(), Numbers(parts, "INTERVAL") is [var interval, ..] && interval > 0 ? interval : 1,
            Numbers(parts, "COUNT") is [var count, ..] ? count : null, parts.GetValueOrDefault("UNTIL"), ParseDays(parts.GetValueOrDefault("BYDAY") ?? ""),
            Numbers(parts, "BYMONTHDAY"), Numbers(parts, "BYMONTH"), Numbers(parts, "BYSETPOS"),
            ParseDays(parts.GetValueOrDefault("WKST") ?? "") is [var start, ..] ? start.Day : DayOfWeek.Monday,
            [.. parts.Keys.Except(Known, StringComparer.OrdinalIgnoreCase).Select(name => name.ToUpperInvariant())]);
    }

    private static List<int> Numbers(Dictionary<string, string> parts, string name) => !parts.TryGetValue(name, out var list) ? []
        : [.. list.Split(',').Select(text => int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number != 0)];

    private static List<(int Offset, DayOfWeek Day)> ParseDays(string list)
    {
        var days = new List<(int, DayOfWeek)>();
        foreach (var item in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var day = item.Length < 2 ? -1 : Array.IndexOf(DayNames, item[^2..].ToUpperInvariant());
            if (day < 0) continue;
            _ = int.TryParse(item.AsSpan(0, item.Length - 2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset);
            days.Add((offset, (DayOfWeek)day));
        }
        return days;
    }
}
