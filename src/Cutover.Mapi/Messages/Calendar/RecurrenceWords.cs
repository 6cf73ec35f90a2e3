using System.Globalization;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>A recurrence in one line of English, for a person who looks at an item.</summary>
internal static class RecurrenceWords
{
    private static readonly string[] Ordinals = ["first", "second", "third", "fourth", "last"];

    public static string Describe(AppointmentRecurrence recurrence)
    {
        var from = RecurrenceTime.Epoch.AddMinutes(recurrence.StartTimeOffset);
        var to = RecurrenceTime.Epoch.AddMinutes(recurrence.EndTimeOffset);
        var changes = recurrence.Exceptions.Count == 0 ? "" : $", {recurrence.Exceptions.Count} changed";
        var deleted = recurrence.Pattern.DeletedInstanceDates.Count - recurrence.Exceptions.Count;
        return $"{Describe(recurrence.Pattern)}, {from:HH:mm} to {to:HH:mm}{changes}{(deleted > 0 ? $", {deleted} deleted" : "")}";
    }

    public static string Describe(RecurrencePattern pattern) => $"{Every(pattern)} from {Date(pattern.StartDate)}{End(pattern)}";

    private static string Every(RecurrencePattern pattern) => pattern.PatternType switch
    {
        RecurrencePatternType.Day => $"every {Count(pattern.Period / RecurrenceTime.MinutesPerDay, "day")}",
        RecurrencePatternType.Week => $"every {Count(pattern.Period, "week")} on {pattern.Days}",
        RecurrencePatternType.Month or RecurrencePatternType.HjMonth => $"{Months(pattern)} on day {pattern.DayOfMonth}",
        RecurrencePatternType.MonthNth or RecurrencePatternType.HjMonthNth =>
            $"{Months(pattern)} on the {Ordinals[Math.Clamp((int)pattern.Nth, 1, 5) - 1]} of {pattern.Days}",
        _ => $"{Months(pattern)} on the last day",
    };

    private static string Months(RecurrencePattern pattern)
    {
        var calendar = pattern.PatternType >= RecurrencePatternType.HjMonth ? "Hijri " : "";
        return pattern.Frequency == RecurFrequency.Yearly && pattern.Period % 12 == 0
            ? $"every {Count(pattern.Period / 12, calendar + "year")} in {pattern.StartDate.ToString("MMMM", CultureInfo.InvariantCulture)}"
            : $"every {Count(pattern.Period, calendar + "month")}";
    }

    private static string End(RecurrencePattern pattern) => pattern.EndType switch
    {
        RecurrenceEndType.ByDate => $" until {Date(pattern.EndDate)}",
        RecurrenceEndType.AfterCount => $", {pattern.OccurrenceCount} times",
        _ => "",
    };

    private static string Count(uint count, string unit) => count == 1 ? unit : $"{count} {unit}s";

    private static string Date(DateTime date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
