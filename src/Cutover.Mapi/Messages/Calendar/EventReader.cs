using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>VEVENTs of one UID as one calendar item. Source: [MS-OXCICAL] 2.1.3.1.1.20.</summary>
internal sealed class EventReader(CalendarReading reading, string? method)
{
    private const int Meeting = 1;
    private const int Received = 2;
    private const int Canceled = 4;
    private static readonly string[] BusyStatuses = ["FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE"];

    /// <summary>The series or single item with its modified occurrences; occurrences whose series isn't in the file are items by themselves.</summary>
    public IEnumerable<MapiMessage> Read(IReadOnlyList<ContentComponent> events)
    {
        var master = events.FirstOrDefault(candidate => candidate.Line("RECURRENCE-ID") is null);
        var occurrences = events.Where(candidate => candidate.Line("RECURRENCE-ID") is not null).ToList();
        foreach (var single in events.Where(candidate => candidate.Line("RRULE") is null && candidate.Line("RDATE") is not null))
            reading.Report(single, "Outlook has no list of dates: RDATE is left out.");
        if (master is null || master.Line("RRULE") is null) return events.Select(ReadOne).OfType<MapiMessage>();
        return ReadOne(master) is { } item ? [SeriesReader.Complete(item, master, occurrences, this, reading)] : [];
    }

    /// <summary>One VEVENT; null, and a problem, when it has no start.</summary>
    public MapiMessage? ReadOne(ContentComponent component)
    {
        if (reading.TryTime(component, "DTSTART") is not { } start)
        {
            reading.Report(component, "The event has no start.");
            return null;
        }
        var end = EndOf(component, start);
        var message = new MapiMessage();
        var item = message.Properties;
        item.Set(PropertyTags.MessageClass, MeetingMessages.ClassOf(method, component.Line("ATTENDEE")?.Parameter("PARTSTAT")));
        CommonReader.Read(component, item);
        SetTimes(item, start, end);
        SetId(item, component);
        SetStatus(item, component);
        SetReminder(item, component, start.ToUtc(), end.ToUtc());
        EventPeopleReader.Read(component, message);
        SetState(message, isMeeting: message.Recipients.Count > 0 || component.Line("ORGANIZER") is not null);
        SetProposal(message, start, end);
        return message;
    }

    /// <summary>DTEND, DTSTART and DURATION, a day, or nothing. Source: RFC 5545 3.6.1.</summary>
    public CalendarTime EndOf(ContentComponent component, CalendarTime start)
    {
        if (reading.TryTime(component, "DTEND") is { } end && end.ToUtc() >= start.ToUtc()) return end;
        var length = CalendarReading.TryDuration(component.Text("DURATION")) is { } duration && duration >= TimeSpan.Zero ? duration
            : start.IsDate ? TimeSpan.FromDays(1) : TimeSpan.Zero;
        return start with { Local = length < TimeSpan.FromDays(36_500) ? start.Local + length : start.Local };
    }

    private static void SetTimes(PropertyBag item, CalendarTime start, CalendarTime end)
    {
        var (startUtc, endUtc) = (start.ToUtc(), end.ToUtc());
        item.Set(PropertyTags.StartDate, startUtc).Set(PropertyTags.EndDate, endUtc);
        item.Set(PropertyNames.AppointmentStartWhole, PropertyType.Time, startUtc).Set(PropertyNames.AppointmentEndWhole, PropertyType.Time, endUtc);
        item.Set(PropertyNames.CommonStart, PropertyType.Time, startUtc).Set(PropertyNames.CommonEnd, PropertyType.Time, endUtc);
        item.Set(PropertyNames.ClipStart, PropertyType.Time, startUtc).Set(PropertyNames.ClipEnd, PropertyType.Time, endUtc);
        item.Set(PropertyNames.AppointmentDuration, PropertyType.Integer32, (int)Math.Min((endUtc - startUtc).TotalMinutes, int.MaxValue));
        item.Set(PropertyNames.AppointmentSubType, PropertyType.Boolean, start.IsDate);
        item.Set(PropertyNames.Recurring, PropertyType.Boolean, false).Set(PropertyNames.IsRecurring, PropertyType.Boolean, false);
        ItemTimeZones.Set(item, start.Zone, end.Zone, isRecurring: false);
    }

    private void SetId(PropertyBag item, ContentComponent component)
    {
        var id = GlobalObjectId.OfUid(component.Text("UID") ?? "unknown");
        item.Set(PropertyNames.CleanGlobalObjectId, PropertyType.Binary, id.ToBytes());
        var occurrence = component.Line("RECURRENCE-ID") is null ? null : reading.TryTime(component, "RECURRENCE-ID");
        item.Set(PropertyNames.GlobalObjectId, PropertyType.Binary, (occurrence is null ? id : id.On(occurrence.Local)).ToBytes());
        item.Set(PropertyNames.IsException, PropertyType.Boolean, occurrence is not null);
    }

    private static void SetStatus(PropertyBag item, ContentComponent component)
    {
        item.Set(PropertyNames.Location, PropertyType.String, component.Text("LOCATION") ?? "");
        item.Set(PropertyNames.BusyStatus, PropertyType.Integer32, BusyStatusOf(component));
        if (Array.IndexOf(BusyStatuses, component.Text("X-MICROSOFT-CDO-INTENDEDSTATUS")?.ToUpperInvariant()) is >= 0 and var intended)
            item.Set(PropertyNames.IntendedBusyStatus, PropertyType.Integer32, intended);
        _ = int.TryParse(component.Text("SEQUENCE"), out var sequence);
        item.Set(PropertyNames.AppointmentSequence, PropertyType.Integer32, Math.Max(0, sequence));
        if (component.Text("X-MICROSOFT-DISALLOW-COUNTER")?.ToUpperInvariant() == "TRUE")
            item.Set(PropertyNames.AppointmentNotAllowPropose, PropertyType.Boolean, true);
    }

    /// <summary>Whether the time counts as taken: what Outlook's own property says, else TRANSP and STATUS. Source: [MS-OXCICAL] 2.1.3.1.1.20.31.</summary>
    public static int BusyStatusOf(ContentComponent component)
    {
        if (Array.IndexOf(BusyStatuses, component.Text("X-MICROSOFT-CDO-BUSYSTATUS")?.ToUpperInvariant()) is >= 0 and var named) return named;
        if (component.Text("TRANSP")?.ToUpperInvariant() == "TRANSPARENT") return 0;
        return component.Text("STATUS")?.ToUpperInvariant() == "TENTATIVE" ? 1 : 2;
    }

    private void SetReminder(PropertyBag item, ContentComponent component, DateTime start, DateTime end)
    {
        var delta = CommonReader.ReminderDelta(component, reading, start, end - start);
        item.Set(PropertyNames.ReminderSet, PropertyType.Boolean, delta is not null);
        if (delta is not { } minutes) return;
        item.Set(PropertyNames.ReminderDelta, PropertyType.Integer32, minutes).Set(PropertyNames.ReminderTime, PropertyType.Time, start);
        if (start.Ticks > minutes * TimeSpan.TicksPerMinute) item.Set(PropertyNames.ReminderSignalTime, PropertyType.Time, start.AddMinutes(-minutes));
    }

    private static void SetState(MapiMessage message, bool isMeeting)
    {
        const int organized = 1, notResponded = 5;
        var isMessage = message.Properties.GetString(PropertyTags.MessageClass) != MeetingMessages.Appointment;
        var state = (isMeeting ? Meeting : 0) | (isMessage ? Received : 0) | (MeetingMessages.IsCanceled(message) ? Canceled : 0);
        message.Properties.Set(PropertyNames.AppointmentStateFlags, PropertyType.Integer32, state);
        message.Properties.Set(PropertyNames.ResponseStatus, PropertyType.Integer32, !isMeeting ? 0 : isMessage ? notResponded : organized);
        message.Properties.Set(PropertyNames.FInvited, PropertyType.Boolean, isMeeting);
    }

    // Source: [MS-OXOCAL] 2.2.1.7, 2.2.7.
    private void SetProposal(MapiMessage message, CalendarTime start, CalendarTime end)
    {
        if (method?.ToUpperInvariant() != "COUNTER") return;
        message.Properties.Set(PropertyNames.AppointmentCounterProposal, PropertyType.Boolean, true)
            .Set(PropertyNames.AppointmentProposedStartWhole, PropertyType.Time, start.ToUtc())
            .Set(PropertyNames.AppointmentProposedEndWhole, PropertyType.Time, end.ToUtc());
    }
}
