using System.Globalization;

namespace Cutover.Core.Endpoints;

/// <summary>
/// When an endpoint may be asked for mailboxes, in the endpoint's own time zone: windows such as <c>Mon-Fri 19:00-07:00</c> or <c>Sat-Sun 00:00-24:00</c>. A window
/// whose end is not later than its beginning ends on the next day. None means always.
/// </summary>
public sealed class AllowedHours
{
    private static readonly string[] DayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly IReadOnlyList<Window> windows;
    private readonly TimeZoneInfo zone;

    private AllowedHours(IReadOnlyList<Window> windows, TimeZoneInfo zone) => (this.windows, this.zone) = (windows, zone);

    public static AllowedHours Always { get; } = new([], TimeZoneInfo.Utc);

    /// <param name="zone">An IANA or Windows name; null takes this machine's.</param>
    /// <exception cref="FormatException">A window or the zone has another form; the message says which.</exception>
    public static AllowedHours Parse(IReadOnlyList<string> windows, string? zone)
    {
        var found = TimeZoneInfo.Local;
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out found))
            throw new FormatException($"There is no time zone {zone}; it is named as Europe/Amsterdam.");
        return new AllowedHours([.. windows.SelectMany(ParseWindow)], found);
    }

    /// <summary>The moment itself when it is allowed, else when the next window opens.</summary>
    public DateTimeOffset NextOpening(DateTimeOffset now)
    {
        if (windows.Count == 0) return now;
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        // A window of yesterday may last until today; a week later every window has come round.
        var openings = Enumerable.Range(-1, 9).Select(offset => local.Date.AddDays(offset))
            .SelectMany(day => windows.Where(window => window.Day == day.DayOfWeek).Select(window => (Opens: day + window.Opens, Closes: day + window.Closes)))
            .Where(window => window.Closes > local).OrderBy(window => window.Opens);
        var next = openings.First().Opens;
        return next <= local ? now : ToMoment(next);
    }

    /// <summary>A local time that the clock skips in spring counts as the first one after the gap.</summary>
    private DateTimeOffset ToMoment(DateTime local)
    {
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static IEnumerable<Window> ParseWindow(string text)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var days, var hours] || hours.Split('-') is not [var from, var to])
            throw Wrong(text);
        var (opens, closes) = (ParseTime(from, text), ParseTime(to, text));
        if (closes <= opens) closes += Day;
        return ParseDays(days, text).Select(day => new Window(day, opens, closes));
    }

    private static IEnumerable<DayOfWeek> ParseDays(string days, string window)
    {
        var ends = days.Split('-');
        var (first, last) = (Index(ends[0], window), Index(ends[^1], window));
        if (ends.Length > 2) throw Wrong(window);
        return Enumerable.Range(0, (last - first + DayNames.Length) % DayNames.Length + 1).Select(step => (DayOfWeek)((first + step) % DayNames.Length));
    }

    private static int Index(string day, string window) =>
        Array.FindIndex(DayNames, name => name.Equals(day, StringComparison.OrdinalIgnoreCase)) is var index and >= 0 ? index : throw Wrong(window);

    private static TimeSpan ParseTime(string time, string window) => time == "24:00" ? Day
        : TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed.ToTimeSpan()
        : throw Wrong(window);

    private static FormatException Wrong(string window) => new($"Allowed hours are written as Mon-Fri 19:00-07:00, not as {window}.");

    private sealed record Window(DayOfWeek Day, TimeSpan Opens, TimeSpan Closes);
}
