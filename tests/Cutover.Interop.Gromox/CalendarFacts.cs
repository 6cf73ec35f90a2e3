using Ical.Net;
using Ical.Net.CalendarComponents;

namespace Cutover.Interop.Gromox;

/// <summary>What an iCalendar object says, whoever wrote it.</summary>
internal static class CalendarFacts
{
    public static string Of(string text) => Calendar.Load(text) is { } calendar
        ? $"calendar {calendar.Method}: {string.Join("; ", calendar.Events.Select(Of))}"
        : "calendar";

    private static string Of(CalendarEvent one) => string.Join(
        ' ', one.Uid, one.DtStart, one.DtEnd, $"'{one.Summary}'", $"'{one.Location}'", one.Class, one.Sequence, one.RecurrenceRule,
        one.Organizer?.Value, string.Join(',', one.Attendees.Select(attendee => $"{attendee.Value} {attendee.Role}").Order(StringComparer.OrdinalIgnoreCase)))
        .ToLowerInvariant();
}
