using System.Globalization;
using System.Text.RegularExpressions;
using Cutover.Mapi.Messages.ContentLines;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>One VCALENDAR while it is read: its time zones, and the problems found.</summary>
internal sealed partial class CalendarReading
{
    private readonly Dictionary<string, CalendarTimeZone> zones = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<CalendarProblem> problems = [];

    public CalendarReading(ContentComponent calendar)
    {
        foreach (var component in calendar.Components.Where(component => component.Name == "VTIMEZONE"))
            if (TimeZoneReader.TryRead(component, out var id, out var zone)) zones.TryAdd(id, zone);
        Floating = calendar.Text("X-WR-TIMEZONE") is { } name ? Find(name) ?? CalendarTimeZone.Utc
            : zones.Count == 1 ? zones.Values.Single() : CalendarTimeZone.Utc;
    }

    /// <summary>The clocks of times and dates that name none: the calendar's own.</summary>
    public CalendarTimeZone Floating { get; }

    public IReadOnlyList<CalendarProblem> Problems => problems;

    public void Report(ContentComponent component, string what) => problems.Add(new CalendarProblem(component.Text("UID"), what));

    /// <summary>The time of a line; null when there is no such line, or no time in it.</summary>
    public CalendarTime? TryTime(ContentComponent component, string name)
    {
        if (component.Line(name) is not { } line) return null;
        if (TryTime(line, line.Value, component) is { } time) return time;
        Report(component, $"{name} is no date or time.");
        return null;
    }

    /// <summary>The times of all lines of a name: EXDATE may list several.</summary>
    public IEnumerable<CalendarTime> Times(ContentComponent component, string name) =>
        component.All(name).SelectMany(line => line.Value.Split(',').Select(value => TryTime(line, value, component))).OfType<CalendarTime>();

    public CalendarTime? TryTime(ContentLine line, string value, ContentComponent component)
    {
        var zone = line.Parameter("TZID") is { Length: > 0 } id ? Zone(id, component) : Floating;
        return TryTime(value.Trim(), zone);
    }

    /// <summary>A time by itself: UNTIL of a rule.</summary>
    public static CalendarTime? TryTime(string value, CalendarTimeZone floating) =>
        TryParse(value, out var local, out var isUtc, out var isDate) ? new CalendarTime(local, isUtc ? CalendarTimeZone.Utc : floating, isDate) : null;

    /// <summary>A duration in whole seconds: -PT15M, P1D, P1W. Source: RFC 5545 3.3.6.</summary>
    public static TimeSpan? TryDuration(string? value)
    {
        if (value is null || DurationPattern().Match(value.Trim()) is not { Success: true } match) return null;
        long Part(string name) => match.Groups[name] is { Success: true } group ? long.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        var seconds = ((Part("w") * 7 + Part("d")) * 24 + Part("h")) * 3600 + Part("m") * 60 + Part("s");
        return TimeSpan.FromSeconds(match.Groups["sign"].Value == "-" ? -seconds : seconds);
    }

    private CalendarTimeZone Zone(string id, ContentComponent component)
    {
        if (Find(id) is { } zone) return zone;
        Report(component, $"The time zone \"{id}\" is not defined in the file and has no known name; UTC is taken.");
        return zones[id] = CalendarTimeZone.Utc;
    }

    private CalendarTimeZone? Find(string id)
    {
        if (zones.TryGetValue(id, out var zone)) return zone;
        return KnownTimeZones.Find(id) is { } known ? zones[id] = known : null;
    }

    private static bool TryParse(string value, out DateTime local, out bool isUtc, out bool isDate)
    {
        isUtc = value is [.., 'Z' or 'z'];
        var digits = isUtc ? value[..^1] : value;
        isDate = digits.Length == 8;
        string[] formats = isDate ? ["yyyyMMdd"] : ["yyyyMMdd'T'HHmmss", "yyyyMMdd't'HHmmss", "yyyyMMdd'T'HHmm"];
        if (digits.EndsWith("60", StringComparison.Ordinal) && !isDate) digits = digits[..^2] + "59"; // a leap second
        return DateTime.TryParseExact(digits, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out local) && local.Year is >= 1601 and < 9700;
    }

    [GeneratedRegex(@"^(?<sign>[+-]?)P(?:(?<w>\d{1,6})W)?(?:(?<d>\d{1,7})D)?(?:T(?:(?<h>\d{1,8})H)?(?:(?<m>\d{1,9})M)?(?:(?<s>\d{1,9})S)?)?$", RegexOptions.IgnoreCase)]
    private static partial Regex DurationPattern();
}
