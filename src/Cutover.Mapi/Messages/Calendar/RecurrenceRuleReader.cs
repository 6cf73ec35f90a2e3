namespace Cutover.Mapi.Messages.Calendar;

/// <summary>A pattern, and what it doesn't say that the rule did. Without a pattern the problem tells why.</summary>
internal sealed record RuleReading(RecurrencePattern? Pattern, string? Problem);

/// <summary>RRULE as a recurrence pattern, as far as Outlook has a pattern for it. Source: [MS-OXCICAL] 2.1.3.2.2, RFC 5545 3.3.10.</summary>
internal static class RecurrenceRuleReader
{
    private const int ShortestMonth = 28;
    private const int LongestInterval = 99_999; // far above the 999 that Outlook allows; its minutes still fit 32 bits

    /// <param name="start">DTSTART, on the clocks of the series.</param>
    public static RuleReading Read(string rule, CalendarTime start)
    {
        var parts = RuleParts.Parse(rule);
        if (Unsupported(parts) is { } problem) return new RuleReading(null, problem);
        return Shape(parts, start.Local) is { } shape ? WithEnd(shape, parts, start) : new RuleReading(null, $"No Outlook pattern says the same as RRULE {rule}.");
    }

    private static string? Unsupported(RuleParts parts)
    {
        if (parts.Others.Count > 0) return $"Outlook has no pattern for {string.Join(", ", parts.Others)} of RRULE.";
        if (parts.Interval > LongestInterval) return $"An interval of {parts.Interval} is longer than Outlook's patterns.";
        return parts.Count is <= 0 ? "A series of no occurrences." : null;
    }

    // The pattern without its end; null when there is none.
    private static RecurrencePattern? Shape(RuleParts parts, DateTime start) => parts.Frequency switch
    {
        "DAILY" when parts is { Months: [], MonthDays: [], Positions: [] } => Daily(parts, start),
        "WEEKLY" when parts is { Months: [], MonthDays: [], Positions: [] } => Weekly(parts, DaysOf(parts, start), start),
        "MONTHLY" when parts.Months.Count == 0 => Monthly(parts, start, start, RecurFrequency.Monthly, (uint)parts.Interval),
        "YEARLY" when parts is { Months: [_] } or { Months: [], Days: [], MonthDays: [] } =>
            Monthly(parts, start, FirstInMonth(parts, start), RecurFrequency.Yearly, 12 * (uint)parts.Interval),
        _ => null,
    };

    private static RecurrencePattern? Daily(RuleParts parts, DateTime start)
    {
        if (parts.Days.Count == 0) return New(RecurFrequency.Daily, RecurrencePatternType.Day, (uint)(parts.Interval * RecurrenceTime.MinutesPerDay), start);
        return parts.Interval == 1 ? Weekly(parts, DaysOf(parts, start), start) : null;
    }

    private static RecurrencePattern? Weekly(RuleParts parts, WeekDays days, DateTime start) =>
        New(RecurFrequency.Weekly, RecurrencePatternType.Week, (uint)parts.Interval, start) with { Days = days, FirstDayOfWeek = (uint)parts.WeekStart };

    private static RecurrencePattern? Monthly(RuleParts parts, DateTime start, DateTime from, RecurFrequency frequency, uint period)
    {
        var pattern = New(frequency, RecurrencePatternType.Month, period, from);
        if (parts.Days.Count > 0) return parts.MonthDays.Count == 0 ? Nth(pattern, parts, start) : null;
        return parts switch
        {
            { MonthDays: [-1], Positions: [] or [1] or [-1] } => pattern with { PatternType = RecurrencePatternType.MonthEnd, DayOfMonth = 31 },
            { MonthDays: [> 0 and <= 31 and var day], Positions: [] } => pattern with { DayOfMonth = (uint)day },
            { MonthDays: [], Positions: [] } => pattern with { DayOfMonth = (uint)start.Day },
            { MonthDays: [ShortestMonth, ..] days, Positions: [-1] } when days[^1] <= 31 && days.SequenceEqual(Enumerable.Range(ShortestMonth, days.Count)) =>
                pattern with { DayOfMonth = (uint)days[^1] },
            _ => null,
        };
    }

    private static RecurrencePattern? Nth(RecurrencePattern pattern, RuleParts parts, DateTime start)
    {
        var days = DaysOf(parts, start);
        int? nth = parts switch
        {
            { Days: [(not 0 and var offset, _)], Positions: [] or [1] or [-1] } => offset,
            { Positions: [var position] } when parts.Days.All(day => day.Offset == 0) => position,
            _ => null,
        };
        if (nth is null && parts.Days.All(day => day.Offset == 0) && parts.Positions.Count == 0 && pattern is { Frequency: RecurFrequency.Monthly, Period: 1 })
            return Weekly(parts, days, start); // all of these days of every month
        return nth is >= 1 and <= 4 or -1
            ? pattern with { PatternType = RecurrencePatternType.MonthNth, Days = days, Nth = nth == -1 ? 5u : (uint)nth } : null;
    }

    private static RecurrencePattern New(RecurFrequency frequency, RecurrencePatternType type, uint period, DateTime start) => new()
    {
        Frequency = frequency,
        PatternType = type,
        Period = period,
        EndType = RecurrenceEndType.Never,
        StartDate = start.Date,
    };

    // The first time from which the rule's month comes, where DTSTART lies in another.
    private static DateTime FirstInMonth(RuleParts parts, DateTime start) => parts.Months is not [>= 1 and <= 12 and var month] || month == start.Month
        ? start
        : new DateTime(month < start.Month ? start.Year + 1 : start.Year, month, 1);

    private static WeekDays DaysOf(RuleParts parts, DateTime start) => parts.Days.Count == 0
        ? (WeekDays)(1 << (int)start.DayOfWeek)
        : parts.Days.Aggregate(WeekDays.None, (days, day) => days | (WeekDays)(1 << (int)day.Day));

    private static RuleReading WithEnd(RecurrencePattern shape, RuleParts parts, CalendarTime start)
    {
        DateTime? last = null;
        if (parts.Until is { } until)
        {
            if (CalendarReading.TryTime(until, start.Zone) is not { } time) return new RuleReading(null, $"UNTIL={until} is no date or time.");
            last = time.IsDate ? time.Local : (time.On(start.Zone) - start.Local.TimeOfDay).Date;
        }
        var isExact = IsExact(shape, parts);
        var dates = shape.Dates().Where(date => isExact || date.Day == shape.DayOfMonth).TakeWhile(date => last is null || date <= last);
        return parts.Count is null && last is null
            ? Endless(shape, dates, isExact)
            : Ending(shape, [.. dates.Take(parts.Count ?? RecurrenceExpansion.MostOccurrences)], isExact, parts.Count is not null);
    }

    private static RuleReading Endless(RecurrencePattern shape, IEnumerable<DateTime> dates, bool isExact) => new(
        WithFirst(shape with { StartDate = dates.First() }),
        isExact ? null : $"In months without a day {shape.DayOfMonth} the series now has an occurrence on the last day.");

    private static RuleReading Ending(RecurrencePattern shape, IReadOnlyList<DateTime> dates, bool isExact, bool isCounted)
    {
        if (dates.Count == 0) return new RuleReading(null, "The rule ends before its first occurrence.");
        var pattern = WithFirst(shape with
        {
            StartDate = dates[0],
            EndDate = dates[^1],
            OccurrenceCount = (uint)dates.Count,
            EndType = isCounted && isExact ? RecurrenceEndType.AfterCount : RecurrenceEndType.ByDate,
        });
        return new RuleReading(isExact ? pattern : pattern with { DeletedInstanceDates = [.. pattern.Dates().Except(dates)] }, null);
    }

    /// <summary>False where the rule passes over months too short for the day, in which Outlook takes the last day.</summary>
    private static bool IsExact(RecurrencePattern shape, RuleParts parts) =>
        shape.PatternType != RecurrencePatternType.Month || parts.Positions.Count > 0 || shape.DayOfMonth <= ShortestMonthOf(shape);

    private static int ShortestMonthOf(RecurrencePattern shape) => shape.Period % 12 == 0 ? DateTime.DaysInMonth(2001, shape.StartDate.Month) : ShortestMonth;

    private static RecurrencePattern WithFirst(RecurrencePattern pattern) => pattern with
    {
        FirstDateTime = RecurrencePattern.FirstDateTimeOf(pattern.PatternType, pattern.StartDate, pattern.Period, (DayOfWeek)pattern.FirstDayOfWeek),
    };
}
