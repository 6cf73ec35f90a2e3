using System.Globalization;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>RRULE of a recurrence pattern. Source: [MS-OXCICAL] 2.1.3.2.1, RFC 5545 3.3.10.</summary>
internal static class RecurrenceRules
{
    private const int ShortestMonth = 28;
    private static readonly string[] DayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    /// <summary>True for patterns that RRULE has words for: those of the Gregorian calendar.</summary>
    public static bool CanWrite(RecurrencePattern pattern) =>
        pattern.PatternType < RecurrencePatternType.HjMonth && pattern.CalendarType is 0 or 1 or 2 or 9 or 0xA or 0xB or 0xC;

    /// <param name="until">The end as the value of DTSTART is written: a date, or a time in UTC.</param>
    public static string Write(RecurrencePattern pattern, DateTime first, Func<DateTime, string> until)
    {
        var parts = new List<string>(Frequency(pattern, first));
        if (pattern.EndType == RecurrenceEndType.AfterCount) parts.Add($"COUNT={Number(pattern.OccurrenceCount)}");
        if (pattern.EndType == RecurrenceEndType.ByDate) parts.Add($"UNTIL={until(pattern.EndDate.Date)}");
        if (pattern.PatternType == RecurrencePatternType.Week) parts.Add($"WKST={DayNames[pattern.FirstDayOfWeek]}");
        return string.Join(';', parts);
    }

    private static IEnumerable<string> Frequency(RecurrencePattern pattern, DateTime first) => pattern.PatternType switch
    {
        RecurrencePatternType.Day => ["FREQ=DAILY", Interval(pattern.Period / RecurrenceTime.MinutesPerDay)],
        RecurrencePatternType.Week => ["FREQ=WEEKLY", Interval(pattern.Period), $"BYDAY={Days(pattern.Days)}"],
        _ when pattern.Period % 12 == 0 && pattern.Frequency == RecurFrequency.Yearly =>
            ["FREQ=YEARLY", Interval(pattern.Period / 12), .. InMonth(pattern), $"BYMONTH={first.Month}"],
        _ => ["FREQ=MONTHLY", Interval(pattern.Period), .. InMonth(pattern)],
    };

    private static IEnumerable<string> InMonth(RecurrencePattern pattern) => pattern.PatternType switch
    {
        RecurrencePatternType.MonthEnd => ["BYMONTHDAY=-1"],
        RecurrencePatternType.Month => OnDay((int)Math.Clamp(pattern.DayOfMonth, 1, 31)),
        _ => OnNth(pattern),
    };

    // Where a month has no such day, Outlook takes its last one and RRULE would pass it over: so the last of the days from 28 on.
    private static IEnumerable<string> OnDay(int day) => day switch
    {
        <= ShortestMonth => [$"BYMONTHDAY={day}"],
        31 => ["BYMONTHDAY=-1"],
        _ => [$"BYMONTHDAY={string.Join(',', Enumerable.Range(ShortestMonth, day - ShortestMonth + 1))}", "BYSETPOS=-1"],
    };

    private static IEnumerable<string> OnNth(RecurrencePattern pattern)
    {
        var nth = pattern.Nth >= 5 ? "-1" : Number(Math.Max(pattern.Nth, 1));
        var days = Days(pattern.Days);
        return days.Contains(',', StringComparison.Ordinal) ? [$"BYDAY={days}", $"BYSETPOS={nth}"] : [$"BYDAY={nth}{days}"];
    }

    private static string Days(WeekDays days) => string.Join(',', DayNames.Where((_, day) => days.Has((DayOfWeek)day)));

    private static string Interval(uint interval) => $"INTERVAL={Number(interval)}";

    private static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
