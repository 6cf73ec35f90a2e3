using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>Makes a series of an item: its rule, its deleted and its modified occurrences. Source: [MS-OXCICAL] 2.1.3.2, [MS-OXOCAL] 2.2.10, 3.1.4.6.</summary>
internal static class SeriesReader
{
    private const string ExceptionClass = "IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}";
    private const int Embedded = 5;
    private const int ExceptionAttachment = 2; // afException of PidTagAttachmentFlags

    public static MapiMessage Complete(
        MapiMessage item, ContentComponent master, IReadOnlyList<ContentComponent> occurrences, EventReader events, CalendarReading reading)
    {
        if (reading.TryTime(master, "DTSTART") is not { } start) return item;
        if (master.All("RRULE").Count() > 1) reading.Report(master, "Outlook has no series of several rules: the first is kept.");
        if (master.Line("RDATE") is not null) reading.Report(master, "Outlook has no occurrences beside the rule: RDATE is left out.");
        if (master.Line("EXRULE") is not null) reading.Report(master, "Outlook has no rule of exceptions: EXRULE is left out.");
        var (pattern, problem) = RecurrenceRuleReader.Read(master.Line("RRULE")!.Value, start);
        if (problem is not null) reading.Report(master, problem);
        if (pattern is null) return item;
        var exceptions = Exceptions(item, pattern, start, occurrences, events, reading);
        Set(item, WithExceptions(pattern, start, Length(start, events.EndOf(master, start)), Deleted(master, pattern, start, reading), exceptions), start);
        return item;
    }

    private static TimeSpan Length(CalendarTime start, CalendarTime end) => end.On(start.Zone) - start.Local;

    private static AppointmentRecurrence WithExceptions(
        RecurrencePattern pattern, CalendarTime start, TimeSpan length, IEnumerable<DateTime> deleted, IReadOnlyList<RecurrenceException> exceptions)
    {
        var startOffset = (uint)start.Local.TimeOfDay.TotalMinutes;
        return new AppointmentRecurrence
        {
            Pattern = pattern with
            {
                DeletedInstanceDates = [.. pattern.DeletedInstanceDates.Concat(deleted).Concat(exceptions.Select(exception => exception.OriginalStart.Date)).Distinct().Order()],
                ModifiedInstanceDates = [.. exceptions.Select(exception => exception.Start.Date).Order()],
            },
            StartTimeOffset = startOffset,
            EndTimeOffset = startOffset + (uint)Math.Clamp(length.TotalMinutes, 0, int.MaxValue),
            Exceptions = [.. exceptions.OrderBy(exception => exception.Start)],
        };
    }

    // An EXDATE that is no occurrence deletes nothing.
    private static IEnumerable<DateTime> Deleted(ContentComponent master, RecurrencePattern pattern, CalendarTime start, CalendarReading reading)
    {
        var wanted = reading.Times(master, "EXDATE").Where(time => time.IsDate || time.On(start.Zone).TimeOfDay == start.Local.TimeOfDay)
            .Select(time => time.On(start.Zone).Date).ToHashSet();
        if (wanted.Count == 0) return [];
        var last = wanted.Max();
        return pattern.Dates().TakeWhile(date => date <= last).Where(wanted.Contains);
    }

    private static List<RecurrenceException> Exceptions(
        MapiMessage series, RecurrencePattern pattern, CalendarTime start, IReadOnlyList<ContentComponent> occurrences, EventReader events, CalendarReading reading)
    {
        var exceptions = new Dictionary<DateTime, RecurrenceException>();
        foreach (var occurrence in occurrences)
        {
            if (reading.TryTime(occurrence, "RECURRENCE-ID") is not { } id || events.ReadOne(occurrence) is not { } message) continue;
            var original = id.IsDate ? id.Local.Date + start.Local.TimeOfDay : id.On(start.Zone);
            if (!IsOccurrence(pattern, original.Date)) reading.Report(occurrence, $"RECURRENCE-ID {CalendarValues.Local(original)} is no occurrence of the series.");
            else if (occurrence.Text("STATUS")?.ToUpperInvariant() != "CANCELLED" && exceptions.TryAdd(original.Date, Exception(series, message, original, start.Zone)))
                series.Attachments.Add(Attachment(message, exceptions[original.Date], start.Zone));
            if (occurrence.Line("RECURRENCE-ID")?.Has("RANGE", "THISANDFUTURE") == true)
                reading.Report(occurrence, "A change of this and all future occurrences is kept for this one only.");
        }
        return [.. exceptions.Values];
    }

    private static bool IsOccurrence(RecurrencePattern pattern, DateTime date) => pattern.Dates().TakeWhile(candidate => candidate <= date).LastOrDefault() == date;

    private static RecurrenceException Exception(MapiMessage series, MapiMessage occurrence, DateTime original, CalendarTimeZone zone)
    {
        var (item, own) = (series.Properties, occurrence.Properties);
        int? Differs(PropertyName name) => Equals(item[name], own[name]) ? null : own[name] is bool flag ? (flag ? 1 : 0) : own[name] as int?;
        ExceptionText? Text(string? before, string? after) => before == after ? null : ExceptionText.Of(after ?? "");
        return new RecurrenceException
        {
            Start = WholeMinute(zone.ToLocal((DateTime)own[PropertyNames.AppointmentStartWhole]!)),
            End = WholeMinute(zone.ToLocal((DateTime)own[PropertyNames.AppointmentEndWhole]!)),
            OriginalStart = WholeMinute(original),
            Subject = Text(item.GetString(PropertyTags.Subject), own.GetString(PropertyTags.Subject)),
            Location = Text(item[PropertyNames.Location] as string, own[PropertyNames.Location] as string),
            BusyStatus = Differs(PropertyNames.BusyStatus),
            SubType = Differs(PropertyNames.AppointmentSubType),
            ReminderSet = Differs(PropertyNames.ReminderSet),
            ReminderDelta = Differs(PropertyNames.ReminderDelta),
            HasExceptionalBody = item.GetString(PropertyTags.Body) != own.GetString(PropertyTags.Body),
        };
    }

    private static MapiAttachment Attachment(MapiMessage occurrence, RecurrenceException exception, CalendarTimeZone zone)
    {
        var replaced = zone.ToUtc(exception.OriginalStart);
        occurrence.Properties.Set(PropertyTags.MessageClass, ExceptionClass).Set(PropertyNames.ExceptionReplaceTime, PropertyType.Time, replaced);
        return new MapiAttachment
        {
            EmbeddedMessage = occurrence,
            Properties = new PropertyBag()
                .Set(PropertyTags.AttachMethod, Embedded)
                .Set(PropertyTags.AttachmentFlags, ExceptionAttachment)
                .Set(PropertyTags.AttachmentHidden, true)
                .Set(PropertyTags.AttachFlags, 0)
                .Set(PropertyTags.AttachEncoding, Array.Empty<byte>())
                .Set(PropertyTags.RenderingPosition, -1)
                .Set(PropertyTags.DisplayName, "Untitled")
                .Set(PropertyTags.ExceptionReplaceTime, replaced)
                // Local times, although the type says UTC. Source: [MS-OXOCAL] 2.2.10.1.5.
                .Set(PropertyTags.ExceptionStartTime, DateTime.SpecifyKind(exception.Start, DateTimeKind.Utc))
                .Set(PropertyTags.ExceptionEndTime, DateTime.SpecifyKind(exception.End, DateTimeKind.Utc)),
        };
    }

    private static void Set(MapiMessage message, AppointmentRecurrence recurrence, CalendarTime start)
    {
        var (item, pattern) = (message.Properties, recurrence.Pattern);
        item.Set(PropertyNames.AppointmentRecur, PropertyType.Binary, recurrence.ToBytes());
        item.Set(PropertyNames.Recurring, PropertyType.Boolean, true).Set(PropertyNames.IsRecurring, PropertyType.Boolean, true);
        item.Set(PropertyNames.RecurrenceType, PropertyType.Integer32, (int)pattern.Frequency - (int)RecurFrequency.Daily + 1);
        item.Set(PropertyNames.RecurrencePattern, PropertyType.String, RecurrenceWords.Describe(pattern));
        item.Set(PropertyNames.ClipEnd, PropertyType.Time, pattern.NeverEnds ? DateTime.SpecifyKind(RecurrenceTime.NoEnd, DateTimeKind.Utc) : start.Zone.ToUtc(pattern.EndDate));
        ItemTimeZones.Set(item, start.Zone, start.Zone, isRecurring: true);
    }

    private static DateTime WholeMinute(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));
}
