using System.Globalization;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Tests.Messages.Calendar;

/// <summary>Appointments, meeting messages and tasks as text and back.</summary>
public sealed class CalendarItemTests
{
    private static readonly CalendarTimeZone Zone = CalendarGenerators.Amsterdam;
    private static readonly MessageAddress Ann = MessageAddress.Exchange("Ann", "/o=Contoso/cn=ann", "ann@contoso.com");
    private static readonly MessageAddress Ben = MessageAddress.Exchange("Ben; the other", "/o=Contoso/cn=ben", null);
    private static readonly SmtpAddresses Addresses = new(new Dictionary<string, string> { ["/o=Contoso/cn=ben"] = "ben@contoso.com" });

    [Theory]
    [InlineData("IPM.Schedule.Meeting.Request", "REQUEST")]
    [InlineData("IPM.Schedule.Meeting.Canceled", "CANCEL")]
    [InlineData("IPM.Appointment", "PUBLISH")]
    public void A_meeting_keeps_what_matters(string messageClass, string method)
    {
        var text = MapiToICalendar.Write(Meeting(messageClass), Addresses);
        Assert.Contains($"METHOD:{method}\r\n", text);
        var import = ICalendarToMapi.Read(text);
        Assert.Empty(import.Problems);
        var item = import.Items.Single();
        Assert.Equal(messageClass, item.Properties.GetString(PropertyTags.MessageClass));
        AssertSame(Meeting(messageClass), item, PropertyNames.AppointmentStartWhole, PropertyNames.AppointmentEndWhole, PropertyNames.Location, PropertyNames.BusyStatus,
            PropertyNames.ReminderSet, PropertyNames.ReminderDelta, PropertyNames.AppointmentSequence, PropertyNames.CleanGlobalObjectId, PropertyNames.AppointmentSubType);
        Assert.Equal(["Rood", "Blauw, licht"], (string[])item.Properties[PropertyNames.Keywords]!);
        Assert.Equal(2, item.Properties.GetInteger(PropertyTags.Sensitivity));
        Assert.Equal("ann@contoso.com", MessagePeople.SentRepresenting(item.Properties)?.SmtpAddress);
        Assert.Equal(["ann@contoso.com", "ben@contoso.com", "room4@contoso.com"], item.Recipients.Select(row => row.GetString(PropertyTags.SmtpAddress)));
        Assert.Equal([1, 1, 3], item.Recipients.Select(row => row.GetInteger(PropertyTags.RecipientType)));
        Assert.Equal([0, 2, 3], item.Recipients.Select(row => row.GetInteger(PropertyTags.RecipientTrackStatus)));
    }

    [Theory]
    [InlineData("IPM.Schedule.Meeting.Resp.Pos", "ACCEPTED", false, "REPLY")]
    [InlineData("IPM.Schedule.Meeting.Resp.Neg", "DECLINED", false, "REPLY")]
    [InlineData("IPM.Schedule.Meeting.Resp.Tent", "TENTATIVE", false, "REPLY")]
    [InlineData("IPM.Schedule.Meeting.Resp.Tent", "TENTATIVE", true, "COUNTER")]
    public void An_answer_says_who_answers_and_what(string messageClass, string status, bool isProposal, string method)
    {
        var answer = Meeting(messageClass);
        answer.Recipients.Clear();
        answer.Recipients.Add(Ann.ToRecipient(1, 0));
        answer.Properties.RemoveAll(property => property.Tag == PropertyTags.SentRepresentingSmtpAddress);
        Ben.SetSentRepresenting(answer.Properties);
        answer.Properties.Set(PropertyNames.AppointmentCounterProposal, PropertyType.Boolean, isProposal);
        var text = MapiToICalendar.Write(answer, Addresses);
        var lines = text.Replace("\r\n ", "", StringComparison.Ordinal);
        Assert.Contains($"METHOD:{method}\r\n", lines);
        Assert.Contains("ORGANIZER;CN=Ann:mailto:ann@contoso.com\r\n", lines);
        Assert.Contains($"ATTENDEE;CN=\"Ben; the other\";PARTSTAT={status}:mailto:ben@contoso.com\r\n", lines);
        var item = ICalendarToMapi.Read(text).Items.Single();
        Assert.Equal(messageClass, item.Properties.GetString(PropertyTags.MessageClass));
        Assert.Equal(isProposal, item.Properties[PropertyNames.AppointmentCounterProposal] is true);
        Assert.Equal("ann@contoso.com", item.Recipients.Single().GetString(PropertyTags.SmtpAddress));
        Assert.Equal("ben@contoso.com", MessagePeople.SentRepresenting(item.Properties)?.SmtpAddress);
    }

    [Fact]
    public void An_all_day_item_is_days_and_not_times()
    {
        var message = Meeting("IPM.Appointment");
        message.Properties.Set(PropertyNames.AppointmentSubType, PropertyType.Boolean, true)
            .Set(PropertyNames.AppointmentStartWhole, PropertyType.Time, Zone.ToUtc(new DateTime(2026, 7, 14)))
            .Set(PropertyNames.AppointmentEndWhole, PropertyType.Time, Zone.ToUtc(new DateTime(2026, 7, 16)));
        var text = MapiToICalendar.Write(message, Addresses);
        Assert.Contains("DTSTART;VALUE=DATE:20260714\r\n", text);
        Assert.Contains("DTEND;VALUE=DATE:20260716\r\n", text);
        AssertSame(message, ICalendarToMapi.Read(text).Items.Single(), PropertyNames.AppointmentStartWhole, PropertyNames.AppointmentEndWhole, PropertyNames.AppointmentSubType);
    }

    [Fact]
    public void A_changed_occurrence_takes_its_text_from_its_attachment_and_comes_back_as_one()
    {
        var series = ICalendarToMapi.Read(SeriesWithChange).Items.Single();
        var attachment = Assert.Single(series.Attachments);
        Assert.Equal(new DateTime(2026, 3, 30, 7, 0, 0, DateTimeKind.Utc), attachment.Properties[PropertyTags.ExceptionReplaceTime]);
        Assert.Equal(attachment.Properties[PropertyTags.ExceptionReplaceTime], attachment.EmbeddedMessage?.Properties[PropertyNames.ExceptionReplaceTime]);
        var recurrence = AppointmentRecurrence.Parse((byte[])series.Properties[PropertyNames.AppointmentRecur]!);
        var exception = Assert.Single(recurrence.Exceptions);
        Assert.Equal((new DateTime(2026, 3, 30, 11, 0, 0), "Elsewhere, Ünterwegs"), (exception.Start, exception.Subject?.ToString()));
        Assert.Equal([new DateTime(2026, 3, 23), new DateTime(2026, 3, 30)], recurrence.Pattern.DeletedInstanceDates);
        var text = MapiToICalendar.Write(series, SmtpAddresses.None).Replace("\r\n ", "", StringComparison.Ordinal);
        Assert.Contains("RECURRENCE-ID;TZID=W. Europe Standard Time:20260330T090000\r\n", text);
        Assert.Contains("EXDATE;TZID=W. Europe Standard Time:20260323T090000\r\n", text);
        Assert.Contains("DESCRIPTION:Bring the plans\r\n", text);
        Assert.Equal(["16 08:00", "30 09:00", "06 07:00", "13 07:00"], Occurrences(text).Select(time => time.ToString("dd HH:mm", CultureInfo.InvariantCulture)));
    }

    // Two offices, two zones: a flight.
    [Fact]
    public void An_item_that_ends_in_another_zone_keeps_both()
    {
        var message = Meeting("IPM.Appointment");
        var york = KnownTimeZones.Find("America/New_York")!;
        message.Properties.Set(PropertyNames.AppointmentTimeZoneDefinitionEndDisplay, PropertyType.Binary, york.ToDefinition(isRecurring: false).ToBytes());
        var text = MapiToICalendar.Write(message, Addresses);
        Assert.Contains("DTEND;TZID=Eastern Standard Time:20260714T050000\r\n", text);
        AssertSame(message, ICalendarToMapi.Read(text).Items.Single(), PropertyNames.AppointmentStartWhole, PropertyNames.AppointmentEndWhole);
    }

    [Fact]
    public void A_Hijri_series_is_written_as_its_dates()
    {
        var pattern = new RecurrencePattern
        {
            Frequency = RecurFrequency.Yearly,
            PatternType = RecurrencePatternType.HjMonth,
            CalendarType = 6,
            Period = 12,
            DayOfMonth = 1,
            StartDate = new DateTime(2024, 7, 7),
            EndType = RecurrenceEndType.AfterCount,
            OccurrenceCount = 3,
        };
        var series = new AppointmentRecurrence { Pattern = pattern, StartTimeOffset = 540, EndTimeOffset = 600 };
        Assert.Equal([354, 355], series.Occurrences().Zip(series.Occurrences().Skip(1), (one, next) => (next.Start - one.Start).Days).Order());
        var text = MapiToICalendar.Write(CalendarGenerators.Appointment(series, Zone), SmtpAddresses.None);
        Assert.DoesNotContain("FREQ=YEARLY;INTERVAL", text);
        Assert.Equal(series.Occurrences().Select(occurrence => Zone.ToUtc(occurrence.Start)), Occurrences(text));
    }

    [Theory]
    [InlineData(0, "NEEDS-ACTION")]
    [InlineData(1, "IN-PROCESS")]
    [InlineData(2, "COMPLETED")]
    [InlineData(3, "IN-PROCESS")]
    [InlineData(4, "NEEDS-ACTION")]
    public void A_task_keeps_its_status_dates_and_recurrence(int status, string word)
    {
        var pattern = new RecurrencePattern { Frequency = RecurFrequency.Daily, PatternType = RecurrencePatternType.Day, Period = 2880, StartDate = new DateTime(2026, 7, 1), EndType = RecurrenceEndType.Never };
        var task = new MapiMessage();
        task.Properties.Set(PropertyTags.MessageClass, "IPM.Task").Set(PropertyTags.Subject, "Water the plants")
            .Set(PropertyNames.TaskStatus, PropertyType.Integer32, status).Set(PropertyNames.TaskStartDate, PropertyType.Time, new DateTime(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc))
            .Set(PropertyNames.TaskDueDate, PropertyType.Time, new DateTime(2026, 7, 9, 0, 0, 0, DateTimeKind.Utc)).Set(PropertyNames.PercentComplete, PropertyType.Floating64, status == 2 ? 1.0 : 0.25)
            .Set(PropertyNames.TaskRecurrence, PropertyType.Binary, pattern.ToBytes()).Set(PropertyNames.ReminderSet, PropertyType.Boolean, true)
            .Set(PropertyNames.ReminderTime, PropertyType.Time, new DateTime(2026, 7, 8, 6, 0, 0, DateTimeKind.Utc));
        var text = MapiToICalendar.Write(task, SmtpAddresses.None);
        Assert.Contains($"STATUS:{word}\r\n", text);
        Assert.NotNull(Ical.Net.Calendar.Load(text)!.Todos.Single().Due);
        var again = ICalendarToMapi.Read(text).Items.Single();
        AssertSame(task, again, PropertyNames.TaskStatus, PropertyNames.TaskStartDate, PropertyNames.TaskDueDate, PropertyNames.PercentComplete, PropertyNames.ReminderTime);
        Assert.Equal(pattern.Dates().Take(20), RecurrencePattern.Parse((byte[])again.Properties[PropertyNames.TaskRecurrence]!).Dates().Take(20));
    }

    [Fact]
    public void A_meeting_request_is_read_again_from_its_MIME_part()
    {
        var request = Meeting("IPM.Schedule.Meeting.Request");
        var part = new CalendarPart().Write(request, Addresses);
        Assert.Equal("REQUEST", part.ContentType.Parameters["method"]);
        var message = new MapiMessage { Properties = new PropertyBag().Set(PropertyTags.MessageClass, "IPM.Note").Set(PropertyTags.Subject, "Of the mail") };
        Assert.True(new CalendarPart().TryRead(part, message));
        Assert.Equal(("IPM.Schedule.Meeting.Request", "Of the mail"), (message.Properties.GetString(PropertyTags.MessageClass), message.Properties.GetString(PropertyTags.Subject)));
        Assert.False(new CalendarPart().TryRead(new TextPart("calendar") { Text = "no calendar" }, new MapiMessage()));
    }

    [Fact]
    public void A_UID_of_another_program_is_wrapped_and_told_again()
    {
        var id = GlobalObjectId.OfUid("19960401T080045Z-4000F192713-0052@host1.com");
        Assert.Equal("vCal-Uid\u0001\0\0\0"u8.ToArray(), id.Data.Span[..12].ToArray());
        Assert.Equal("19960401T080045Z-4000F192713-0052@host1.com", GlobalObjectId.Parse(id.ToBytes()).Uid);
    }

    [Fact]
    public void A_binary_property_is_told_in_a_line()
    {
        var series = ICalendarToMapi.Read(SeriesWithChange).Items.Single().Properties;
        string? Tell(PropertyName name) => PropertyWords.Find(series.Find(property => name.Equals(property.Name))!);
        Assert.Equal("every week on Monday from 2026-03-16, 5 times, 09:00 to 10:00, 1 changed, 1 deleted", Tell(PropertyNames.AppointmentRecur));
        Assert.Equal("W. Europe Standard Time", Tell(PropertyNames.AppointmentTimeZoneDefinitionRecur));
        Assert.Equal("UTC+01:00, in summer UTC+02:00", Tell(PropertyNames.TimeZoneStruct));
        Assert.Equal("UID series", Tell(PropertyNames.CleanGlobalObjectId));
        Assert.Null(PropertyWords.Find(new PropertyValue(PropertyTags.EntryId, new byte[3])));
    }

    private const string SeriesWithChange =
        """
        BEGIN:VCALENDAR
        VERSION:2.0
        BEGIN:VEVENT
        UID:series
        SUMMARY:Weekly
        DTSTART;TZID=Europe/Amsterdam:20260316T090000
        DTEND;TZID=Europe/Amsterdam:20260316T100000
        RRULE:FREQ=WEEKLY;COUNT=5
        EXDATE;TZID=Europe/Amsterdam:20260323T090000
        END:VEVENT
        BEGIN:VEVENT
        UID:series
        RECURRENCE-ID:20260330T070000Z
        SUMMARY:Elsewhere\, Ünterwegs
        DESCRIPTION:Bring the plans
        DTSTART;TZID=Europe/Amsterdam:20260330T110000
        DURATION:PT90M
        END:VEVENT
        END:VCALENDAR
        """;

    private static List<DateTime> Occurrences(string text) =>
        [.. Ical.Net.Calendar.Load(text)!.GetOccurrences<Ical.Net.CalendarComponents.CalendarEvent>().Select(occurrence => occurrence.Period.StartTime.AsUtc).Order()];

    private static MapiMessage Meeting(string messageClass)
    {
        var id = GlobalObjectId.Parse(Convert.FromHexString("040000008200E00074C5B7101A82E00800000000F0DB09F532E5CA01000000000000000010000000E73C73F73F1C3941BDD6450F640703F3"));
        var message = new MapiMessage();
        message.Properties.Set(PropertyTags.MessageClass, messageClass).Set(PropertyTags.Subject, "Plan, part 2").Set(PropertyTags.Body, "Come\r\nall")
            .Set(PropertyTags.Sensitivity, 2).Set(PropertyNames.Keywords, PropertyType.MultipleString, new[] { "Rood", "Blauw, licht" })
            .Set(PropertyNames.AppointmentStartWhole, PropertyType.Time, new DateTime(2026, 7, 14, 8, 30, 0, DateTimeKind.Utc))
            .Set(PropertyNames.AppointmentEndWhole, PropertyType.Time, new DateTime(2026, 7, 14, 9, 0, 0, DateTimeKind.Utc))
            .Set(PropertyNames.AppointmentTimeZoneDefinitionStartDisplay, PropertyType.Binary, Zone.ToDefinition(isRecurring: false).ToBytes())
            .Set(PropertyNames.Location, PropertyType.String, "Room 4; left").Set(PropertyNames.BusyStatus, PropertyType.Integer32, 3)
            .Set(PropertyNames.ReminderSet, PropertyType.Boolean, true).Set(PropertyNames.ReminderDelta, PropertyType.Integer32, 30)
            .Set(PropertyNames.AppointmentSequence, PropertyType.Integer32, 4).Set(PropertyNames.AppointmentSubType, PropertyType.Boolean, false)
            .Set(PropertyNames.GlobalObjectId, PropertyType.Binary, id.ToBytes()).Set(PropertyNames.CleanGlobalObjectId, PropertyType.Binary, id.ToBytes())
            .Set(PropertyTags.ResponseRequested, true);
        Ann.SetSender(message.Properties);
        Ann.SetSentRepresenting(message.Properties);
        message.Recipients.Add(Ann.ToRecipient(1, 0).Set(PropertyTags.RecipientFlags, 3));
        message.Recipients.Add(Ben.ToRecipient(1, 1).Set(PropertyTags.RecipientTrackStatus, 2));
        message.Recipients.Add(MessageAddress.Smtp("Room 4", "room4@contoso.com").ToRecipient(3, 2).Set(PropertyTags.RecipientTrackStatus, 3));
        return message;
    }

    private static void AssertSame(MapiMessage before, MapiMessage after, params PropertyName[] names)
    {
        foreach (var name in names) Assert.Equal(before.Properties[name], after.Properties[name]);
    }
}
