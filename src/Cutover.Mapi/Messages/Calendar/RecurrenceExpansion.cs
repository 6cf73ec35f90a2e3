using System.Globalization;
using CalendarSystem = System.Globalization.Calendar;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>An occurrence of a series on the clocks of its time zone; <paramref name="Exception"/> is set when it was modified.</summary>
public sealed record Occurrence(DateTime Start, DateTime End, DateTime OriginalStart, RecurrenceException? Exception = null);

/// <summary>The occurrences that a recurrence means. Source: [MS-OXOCAL] 2.2.1.44.1, 3.1.4.4.</summary>
public static class RecurrenceExpansion
{
    /// <summary>No series that a person made has more; one without end stops there.</summary>
    public const int MostOccurrences = 20_000;

    /// <summary>
    /// What the calendar shows: without deleted occurrences, with modified ones in place of their originals, in order of their original start.
    /// Lazy: take what is needed, a series without end gives <see cref="MostOccurrences"/>.
    /// </summary>
    /// <exception cref="MapiProtocolException">The pattern can't be followed: a period of 0, no day of the week.</exception>
    public static IEnumerable<Occurrence> Occurrences(this AppointmentRecurrence recurrence)
    {
        var deleted = recurrence.Pattern.DeletedInstanceDates.Select(date => date.Date).ToHashSet();
        var modified = new Dictionary<DateTime, RecurrenceException>();
        foreach (var exception in recurrence.Exceptions) modified[exception.OriginalStart.Date] = exception;
        foreach (var date in recurrence.Pattern.Dates())
        {
            var start = date.AddMinutes(recurrence.StartTimeOffset);
            if (modified.TryGetValue(date, out var exception)) yield return new Occurrence(exception.Start, exception.End, start, exception);
            else if (!deleted.Contains(date)) yield return new Occurrence(start, date.AddMinutes(recurrence.EndTimeOffset), start);
        }
    }

    /// <summary>The dates that the pattern gives, deleted and modified occurrences among them.</summary>
    /// <exception cref="MapiProtocolException">The pattern can't be followed.</exception>
    public static IEnumerable<DateTime> Dates(this RecurrencePattern pattern)
    {
        var most = pattern.EndType == RecurrenceEndType.AfterCount ? (int)Math.Min(pattern.OccurrenceCount, MostOccurrences) : MostOccurrences;
        var last = pattern.EndType == RecurrenceEndType.ByDate ? pattern.EndDate : LastDate;
        return Unbounded(pattern).SkipWhile(date => date < pattern.StartDate.Date).TakeWhile(date => date <= last).Take(most);
    }

    private static readonly DateTime LastDate = new(9700, 1, 1);

    private static IEnumerable<DateTime> Unbounded(RecurrencePattern pattern) => pattern.PatternType switch
    {
        RecurrencePatternType.Day => EveryDays(pattern),
        RecurrencePatternType.Week => EveryWeeks(pattern),
        _ => EveryMonths(pattern),
    };

    private static IEnumerable<DateTime> EveryDays(RecurrencePattern pattern)
    {
        var days = Period(pattern) / RecurrenceTime.MinutesPerDay;
        if (days == 0) throw new MapiProtocolException($"A daily recurrence has a period of {pattern.Period} minutes: less than a day.");
        for (var date = pattern.StartDate.Date; date <= LastDate; date = date.AddDays(days))
        {
            yield return date;
            if (days > (LastDate - date).TotalDays) yield break;
        }
    }

    private static IEnumerable<DateTime> EveryWeeks(RecurrencePattern pattern)
    {
        if ((pattern.Days & WeekDays.Every) == 0) throw new MapiProtocolException("A weekly recurrence names no day of the week.");
        var weeks = Period(pattern);
        for (var week = RecurrencePattern.StartOfWeek(pattern.StartDate, (DayOfWeek)pattern.FirstDayOfWeek); week <= LastDate; week = week.AddDays(7L * weeks))
        {
            for (var day = 0; day < 7; day++)
                if (pattern.Days.Has(week.AddDays(day).DayOfWeek))
                    yield return week.AddDays(day);
            if (7L * weeks > (LastDate - week).TotalDays) yield break;
        }
    }

    private static IEnumerable<DateTime> EveryMonths(RecurrencePattern pattern)
    {
        var calendar = CalendarOf(pattern);
        var period = Period(pattern);
        var (year, month) = FirstMonth(pattern, calendar);
        for (; ; (year, month) = Advance(calendar, year, month, period))
        {
            if (year > calendar.GetYear(LastIn(calendar)) - 1) yield break;
            yield return DayIn(calendar, year, month, pattern);
        }
    }

    private static (int Year, int Month) FirstMonth(RecurrencePattern pattern, CalendarSystem calendar)
    {
        var start = pattern.StartDate < calendar.MinSupportedDateTime ? calendar.MinSupportedDateTime : pattern.StartDate;
        return (calendar.GetYear(start), calendar.GetMonth(start));
    }

    private static (int Year, int Month) Advance(CalendarSystem calendar, int year, int month, int period)
    {
        var months = (long)year * 12 + month - 1 + period;
        return ((int)Math.Min(months / 12, calendar.GetYear(LastIn(calendar))), (int)(months % 12) + 1);
    }

    private static DateTime DayIn(CalendarSystem calendar, int year, int month, RecurrencePattern pattern)
    {
        var length = calendar.GetDaysInMonth(year, month);
        switch (pattern.PatternType)
        {
            case RecurrencePatternType.Month or RecurrencePatternType.HjMonth:
                return calendar.ToDateTime(year, month, Math.Clamp((int)Math.Min(pattern.DayOfMonth, 31), 1, length), 0, 0, 0, 0);
            case RecurrencePatternType.MonthEnd or RecurrencePatternType.HjMonthEnd:
                return calendar.ToDateTime(year, month, length, 0, 0, 0, 0);
            default:
                return NthDay(calendar.ToDateTime(year, month, 1, 0, 0, 0, 0), length, pattern);
        }
    }

    private static DateTime NthDay(DateTime first, int length, RecurrencePattern pattern)
    {
        if ((pattern.Days & WeekDays.Every) == 0) throw new MapiProtocolException("A monthly recurrence names no day of the week.");
        var wanted = Math.Max(1, pattern.Nth);
        var found = first;
        for (var (day, count) = (0, 0u); day < length && (count < wanted || pattern.Nth >= 5); day++)
        {
            if (!pattern.Days.Has(first.AddDays(day).DayOfWeek)) continue;
            found = first.AddDays(day);
            count++;
        }
        return found;
    }

    private static CalendarSystem CalendarOf(RecurrencePattern pattern) =>
        pattern.PatternType >= RecurrencePatternType.HjMonth || pattern.CalendarType == 6 ? new HijriCalendar() : new GregorianCalendar();

    private static DateTime LastIn(CalendarSystem calendar) => calendar.MaxSupportedDateTime < LastDate ? calendar.MaxSupportedDateTime : LastDate;

    private static int Period(RecurrencePattern pattern) => pattern.Period is > 0 and <= int.MaxValue ? (int)pattern.Period
        : throw new MapiProtocolException($"A recurrence has a period of {pattern.Period}.");

    internal static bool Has(this WeekDays days, DayOfWeek day) => ((int)days & 1 << (int)day) != 0;
}
