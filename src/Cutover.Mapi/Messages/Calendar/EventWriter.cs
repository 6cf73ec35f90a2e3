using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>The VEVENTs of one calendar item: the item or series, then its modified occurrences. Source: [MS-OXCICAL] 2.1.3.1.1.20.</summary>
internal sealed class EventWriter(MapiMessage message, SmtpAddresses addresses)
{
    /// <summary>How many dates stand for a series that no RRULE can say.</summary>
    private const int MostListedDates = 500;

    private static readonly string[] BusyStatuses = ["FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE"];

    private readonly AppointmentRecurrence? recurrence =
        message.Properties[PropertyNames.AppointmentRecur] is byte[] { Length: > 0 } blob ? AppointmentRecurrence.Parse(blob) : null;

    public (IReadOnlyList<ContentComponent> Components, IReadOnlyList<CalendarTimeZone> Zones) Write()
    {
        var (start, end) = (ItemTimeZones.Start(message.Properties, recurrence is not null), ItemTimeZones.End(message.Properties, recurrence is not null));
        return recurrence is null
            ? ([Single(start, end)], [start, end])
            : ([Series(recurrence, start), .. recurrence.Exceptions.Select(exception => Modified(exception, start))], [start]);
    }

    private ContentComponent Single(CalendarTimeZone startZone, CalendarTimeZone endZone)
    {
        var item = message.Properties;
        var (start, end) = Times(item);
        var component = Begin(message);
        if (IdOf(item)?.OccurrenceDate is { } date && item[PropertyNames.IsException] is true) AddRecurrenceId(component, date, start, startZone);
        component.Add(CalendarValues.Line("DTSTART", start, startZone, IsAllDay(item))).Add(CalendarValues.Line("DTEND", end, endZone, IsAllDay(item)));
        return Finish(component, message);
    }

    private ContentComponent Series(AppointmentRecurrence series, CalendarTimeZone zone)
    {
        var isAllDay = IsAllDay(message.Properties);
        var dates = series.Pattern.Dates().Take(1).ToList();
        if (dates is not [var first]) throw new MapiProtocolException("The recurrence has no occurrence.");
        var component = Begin(message);
        component.Add(CalendarValues.LocalLine("DTSTART", first.AddMinutes(series.StartTimeOffset), zone, isAllDay));
        component.Add(EndLine(first, series, zone, isAllDay));
        AddRule(component, series, first, zone, isAllDay);
        return Finish(component, message);
    }

    // Readers take the length from the first occurrence: one during which the clocks change would give all others an hour too much or too little.
    private static ContentLine EndLine(DateTime first, AppointmentRecurrence series, CalendarTimeZone zone, bool isAllDay)
    {
        var (start, end) = (first.AddMinutes(series.StartTimeOffset), first.AddMinutes(series.EndTimeOffset));
        var clocksChange = !isAllDay && zone.ToUtc(end) - zone.ToUtc(start) != end - start;
        return clocksChange ? ContentLine.Of("DURATION", $"PT{MapiToICalendar.Number((int)(end - start).TotalMinutes)}M")
            : CalendarValues.LocalLine("DTEND", end, zone, isAllDay);
    }

    private static void AddRule(ContentComponent component, AppointmentRecurrence series, DateTime first, CalendarTimeZone zone, bool isAllDay)
    {
        string Until(DateTime date) => isAllDay ? CalendarValues.Date(date) : CalendarValues.Utc(zone.ToUtc(date.AddMinutes(series.StartTimeOffset)));
        ContentLine AtStart(string name, DateTime date) => CalendarValues.LocalLine(name, date.AddMinutes(series.StartTimeOffset), zone, isAllDay);
        if (RecurrenceRules.CanWrite(series.Pattern)) component.Add(ContentLine.Of("RRULE", RecurrenceRules.Write(series.Pattern, first, Until)));
        else foreach (var date in series.Pattern.Dates().Skip(1).Take(MostListedDates)) component.Add(AtStart("RDATE", date));
        var modified = series.Exceptions.Select(exception => exception.OriginalStart.Date).ToHashSet();
        foreach (var date in series.Pattern.DeletedInstanceDates.Select(date => date.Date).Distinct().Where(date => !modified.Contains(date)).Order())
            component.Add(AtStart("EXDATE", date));
    }

    private ContentComponent Modified(RecurrenceException exception, CalendarTimeZone zone)
    {
        var occurrence = ExceptionMessages.Merge(message, exception, zone);
        var component = Begin(occurrence);
        component.Add(CalendarValues.LocalLine("RECURRENCE-ID", exception.OriginalStart, zone, IsAllDay(message.Properties)));
        component.Add(CalendarValues.LocalLine("DTSTART", exception.Start, zone, IsAllDay(occurrence.Properties)));
        component.Add(CalendarValues.LocalLine("DTEND", exception.End, zone, IsAllDay(occurrence.Properties)));
        return Finish(component, occurrence);
    }

    private static ContentComponent Begin(MapiMessage item) => new ContentComponent("VEVENT")
        .Add(ContentLine.OfText("UID", IdOf(item.Properties)?.Uid ?? MapiToICalendar.FallbackUid(item.Properties)))
        .Add(MapiToICalendar.Stamp(item.Properties));

    private ContentComponent Finish(ContentComponent component, MapiMessage item)
    {
        var properties = item.Properties;
        var busy = BusyStatusOf(properties);
        var sequence = properties[PropertyNames.AppointmentSequence] as int? ?? 0;
        MapiToICalendar.WriteCommon(component, properties);
        component.AddText("LOCATION", properties[PropertyNames.Location] as string);
        component.Add(ContentLine.Of("SEQUENCE", MapiToICalendar.Number(sequence)));
        component.Add(ContentLine.Of("TRANSP", busy == 0 ? "TRANSPARENT" : "OPAQUE"));
        component.Add(ContentLine.Of("STATUS", MeetingMessages.IsCanceled(item) ? "CANCELLED" : busy == 1 ? "TENTATIVE" : "CONFIRMED"));
        component.Add(ContentLine.Of("X-MICROSOFT-CDO-BUSYSTATUS", BusyStatuses[busy]));
        component.Add(ContentLine.Of("X-MICROSOFT-CDO-ALLDAYEVENT", IsAllDay(properties) ? "TRUE" : "FALSE"));
        if (properties[PropertyNames.IntendedBusyStatus] is int intended and >= 0 and <= 4)
            component.Add(ContentLine.Of("X-MICROSOFT-CDO-INTENDEDSTATUS", BusyStatuses[intended]));
        if (properties[PropertyNames.AppointmentNotAllowPropose] is true) component.Add(ContentLine.Of("X-MICROSOFT-DISALLOW-COUNTER", "TRUE"));
        CalendarPeople.Write(item, addresses, component);
        if (properties[PropertyNames.ReminderSet] is true) component.Components.Add(Reminder(properties));
        return component;
    }

    private static ContentComponent Reminder(PropertyBag item) => new ContentComponent("VALARM")
        .Add(ContentLine.Of("ACTION", "DISPLAY"))
        .Add(ContentLine.Of("DESCRIPTION", "Reminder"))
        .Add(ContentLine.Of("TRIGGER", $"-PT{MapiToICalendar.Number(Math.Max(0, DeltaOf(item)))}M").With("RELATED", "START"));

    // 0x5AE980E1 means: the default of the calendar. Source: [MS-OXORMDR] 2.2.1.3.
    private static int DeltaOf(PropertyBag item) => item[PropertyNames.ReminderDelta] is int delta and not 0x5AE980E1 ? delta : 15;

    private static void AddRecurrenceId(ContentComponent component, DateTime date, DateTime start, CalendarTimeZone zone) =>
        component.Add(CalendarValues.LocalLine("RECURRENCE-ID", date + zone.ToLocal(start).TimeOfDay, zone, isAllDay: false));

    private static (DateTime Start, DateTime End) Times(PropertyBag item)
    {
        var start = item[PropertyNames.AppointmentStartWhole] as DateTime? ?? item[PropertyNames.CommonStart] as DateTime? ?? item[PropertyTags.StartDate] as DateTime?
            ?? throw new MapiProtocolException("The calendar item has no start.");
        return (start, item[PropertyNames.AppointmentEndWhole] as DateTime? ?? item[PropertyNames.CommonEnd] as DateTime? ?? item[PropertyTags.EndDate] as DateTime? ?? start);
    }

    private static int BusyStatusOf(PropertyBag item) => item[PropertyNames.BusyStatus] is int busy and >= 0 and <= 4 ? busy : 2;

    private static bool IsAllDay(PropertyBag item) => item[PropertyNames.AppointmentSubType] is true;

    private static GlobalObjectId? IdOf(PropertyBag item) =>
        (item[PropertyNames.GlobalObjectId] ?? item[PropertyNames.CleanGlobalObjectId]) is byte[] { Length: > 0 } bytes ? GlobalObjectId.Parse(bytes) : null;
}
