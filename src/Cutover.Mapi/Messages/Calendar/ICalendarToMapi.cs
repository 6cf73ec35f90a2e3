using Cutover.Mapi.Messages.ContentLines;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>Makes appointments, meeting messages and tasks of iCalendar text. Source: [MS-OXCICAL] 2.1.3.</summary>
public static class ICalendarToMapi
{
    /// <summary>
    /// The items of a file: one for each UID, series with their modified occurrences. What no item can hold is reported, not dropped in silence;
    /// journal entries and free/busy answers among it.
    /// </summary>
    /// <exception cref="MapiProtocolException">The text is not iCalendar; the message tells the line.</exception>
    public static CalendarImport Read(string text)
    {
        var calendars = ContentReader.Read(text).Where(component => component.Name == "VCALENDAR").ToList();
        if (calendars.Count == 0) throw new MapiProtocolException("The text holds no VCALENDAR.");
        var imports = calendars.Select(Read).ToList();
        return new CalendarImport([.. imports.SelectMany(import => import.Items)], [.. imports.SelectMany(import => import.Problems)]);
    }

    private static CalendarImport Read(ContentComponent calendar)
    {
        var reading = new CalendarReading(calendar);
        var events = new EventReader(reading, calendar.Text("METHOD"));
        var items = calendar.Components.Where(component => component.Name == "VEVENT")
            .GroupBy(component => component.Text("UID")).SelectMany(group => group.Key is null ? group.SelectMany(one => events.Read([one])) : events.Read([.. group])).ToList();
        items.AddRange(calendar.Components.Where(component => component.Name == "VTODO").Select(todo => TaskItems.Read(todo, reading)));
        foreach (var other in calendar.Components.Where(component => component.Name is "VJOURNAL" or "VFREEBUSY"))
            reading.Report(other, $"{other.Name} is no item that a mailbox has.");
        return new CalendarImport(items, reading.Problems);
    }
}
