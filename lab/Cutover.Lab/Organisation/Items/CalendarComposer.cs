using Cutover.Core.Recipients;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Organisation.Items;

/// <summary>Writes the calendar of one mailbox. Source: [MS-OXOCAL].</summary>
internal sealed class CalendarComposer(ContosoOrganisation organisation, Recipient owner, Random random)
{
    private const int Embedded = 5;
    private const int Busy = 2;
    private const int Meeting = 1;
    private const int Organised = 1;
    private const int Accepted = 3;
    private const int ExceptionAttachment = 2; // afException of PidTagAttachmentFlags
    private const string ExceptionClass = "IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}";
    private static readonly string[] Rooms = ["Vergaderzaal Rembrandt", "Zaal Vermeer", "Teams", "Kantine", "Room 4.12", ""];
    private readonly ItemWords words = ItemWords.For(ContosoOrganisation.LanguageOf(owner));

    /// <summary>A single appointment or meeting; every fifth recurs, with an occurrence that was moved and one that was cancelled.</summary>
    public MapiMessage Appointment(DateTime about)
    {
        var day = DateTime.SpecifyKind(about.Date, DateTimeKind.Unspecified).AddDays(random.Next(-700, 120));
        var start = day.AddHours(random.Next(8, 17)).AddMinutes(15 * random.Next(4));
        var duration = TimeSpan.FromMinutes(15 * random.Next(1, 9));
        var message = New("IPM.Appointment", Pick(words.Meetings), start, duration, about);
        SetReminder(message.Properties, start);
        if (random.Next(3) > 0) MakeMeeting(message);
        if (random.Next(5) == 0) MakeRecurring(message, start, duration);
        else message.Properties.Set(PropertyNames.Recurring, PropertyType.Boolean, false);
        return message;
    }

    /// <summary>A meeting request as it lies in an Inbox. Source: [MS-OXOCAL] 2.2.5.</summary>
    public MapiMessage Request(MessageAddress organiser, DateTime received)
    {
        var start = DateTime.SpecifyKind(received.Date, DateTimeKind.Unspecified).AddDays(random.Next(1, 30)).AddHours(random.Next(8, 17));
        var message = New("IPM.Schedule.Meeting.Request", Pick(words.Meetings), start, TimeSpan.FromHours(1), received);
        organiser.SetSender(message.Properties);
        organiser.SetSentRepresenting(message.Properties);
        message.Recipients.Add(MailComposer.AddressOf(owner).ToRecipient(1, 0));
        message.Properties.Set(PropertyTags.ClientSubmitTime, received);
        message.Properties.Set(PropertyTags.MessageDeliveryTime, received);
        message.Properties.Set(PropertyTags.ResponseRequested, true);
        message.Properties.Set(PropertyTags.ReplyRequested, true);
        message.Properties.Set(PropertyNames.MeetingType, PropertyType.Integer32, Meeting);
        message.Properties.Set(PropertyNames.AppointmentStateFlags, PropertyType.Integer32, 3); // asfMeeting, asfReceived
        return message;
    }

    private MapiMessage New(string messageClass, string subject, DateTime start, TimeSpan duration, DateTime made)
    {
        var message = MapiItem.New(messageClass, "", subject, made, words.LocaleId, random);
        message.SetRtf(Pick(words.Sentences));
        var (utcStart, utcEnd) = (AmsterdamTime.ToUtc(start), AmsterdamTime.ToUtc(start + duration));
        var id = NewId(made);
        var properties = message.Properties;
        properties.Set(PropertyTags.StartDate, utcStart).Set(PropertyTags.EndDate, utcEnd);
        properties.Add(PropertyNames.AppointmentStartWhole, PropertyType.Time, utcStart);
        properties.Add(PropertyNames.AppointmentEndWhole, PropertyType.Time, utcEnd);
        properties.Add(PropertyNames.CommonStart, PropertyType.Time, utcStart);
        properties.Add(PropertyNames.CommonEnd, PropertyType.Time, utcEnd);
        properties.Add(PropertyNames.AppointmentDuration, PropertyType.Integer32, (int)duration.TotalMinutes);
        properties.Add(PropertyNames.AppointmentSubType, PropertyType.Boolean, false);
        properties.Add(PropertyNames.AppointmentSequence, PropertyType.Integer32, 0);
        properties.Add(PropertyNames.BusyStatus, PropertyType.Integer32, random.Next(6) == 0 ? 1 : Busy);
        properties.Add(PropertyNames.Location, PropertyType.String, Rooms[random.Next(Rooms.Length)]);
        properties.Add(PropertyNames.GlobalObjectId, PropertyType.Binary, id);
        properties.Add(PropertyNames.CleanGlobalObjectId, PropertyType.Binary, id);
        properties.Add(PropertyNames.TimeZoneDescription, PropertyType.String, "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna");
        properties.Add(PropertyNames.AppointmentTimeZoneDefinitionStartDisplay, PropertyType.Binary, AmsterdamTime.Definition(isRecurrence: false));
        properties.Add(PropertyNames.AppointmentTimeZoneDefinitionEndDisplay, PropertyType.Binary, AmsterdamTime.Definition(isRecurrence: false));
        return message;
    }

    private void SetReminder(PropertyBag properties, DateTime start)
    {
        const int minutes = 15;
        var isSet = random.Next(3) > 0;
        properties.Add(PropertyNames.ReminderSet, PropertyType.Boolean, isSet);
        properties.Add(PropertyNames.ReminderDelta, PropertyType.Integer32, minutes);
        properties.Add(PropertyNames.ReminderTime, PropertyType.Time, AmsterdamTime.ToUtc(start));
        properties.Add(PropertyNames.ReminderSignalTime, PropertyType.Time, AmsterdamTime.ToUtc(start.AddMinutes(-minutes)));
    }

    // The organiser leads the recipients and has the flag recipOrganizer. Source: [MS-OXOCAL] 2.2.4.10.
    private void MakeMeeting(MapiMessage message)
    {
        const int organiserFlags = 3;
        var isMine = random.Next(2) == 0;
        var others = organisation.Mailboxes.Where(mailbox => mailbox != owner).OrderBy(_ => random.Next()).Take(random.Next(1, 5))
            .Select(MailComposer.AddressOf).ToList();
        var me = MailComposer.AddressOf(owner);
        var organiser = isMine ? me : others[0];
        organiser.SetSender(message.Properties);
        organiser.SetSentRepresenting(message.Properties);
        foreach (var attendee in others.Prepend(me).OrderByDescending(attendee => attendee == organiser))
            message.Recipients.Add(attendee.ToRecipient(1, message.Recipients.Count).Set(PropertyTags.RecipientTrackStatus, random.Next(0, 5)));
        message.Recipients[0].Set(PropertyTags.RecipientFlags, organiserFlags);
        message.Properties.Add(PropertyNames.AppointmentStateFlags, PropertyType.Integer32, isMine ? 1 : 3);
        message.Properties.Add(PropertyNames.ResponseStatus, PropertyType.Integer32, isMine ? Organised : Accepted);
        message.Properties.Add(PropertyNames.FInvited, PropertyType.Boolean, true);
        message.Properties.Add(PropertyNames.AllAttendeesString, PropertyType.String, string.Join("; ", others.Select(attendee => attendee.Name)));
        message.Properties.Add(PropertyNames.ToAttendeesString, PropertyType.String, string.Join("; ", others.Select(attendee => attendee.Name)));
    }

    private void MakeRecurring(MapiMessage message, DateTime start, TimeSpan duration)
    {
        WeekDays? days = random.Next(4) == 0 ? null : (WeekDays)(1 << (int)start.DayOfWeek | 1 << random.Next(1, 6));
        var period = random.Next(1, 3);
        // The moved occurrence stays between its neighbours.
        var subject = $"{message.Properties.GetString(PropertyTags.Subject)} (later)";
        var series = Series(start, duration, days, period, random.Next(6, 30), subject);
        var properties = message.Properties;
        properties.Add(PropertyNames.Recurring, PropertyType.Boolean, true);
        properties.Add(PropertyNames.IsRecurring, PropertyType.Boolean, true);
        properties.Add(PropertyNames.RecurrenceType, PropertyType.Integer32, days is null ? 1 : 2);
        properties.Add(PropertyNames.RecurrencePattern, PropertyType.String, days is null ? $"every {period} day(s)" : $"every {period} week(s)");
        properties.Add(PropertyNames.AppointmentRecur, PropertyType.Binary, series.ToBytes());
        properties.Add(PropertyNames.ClipStart, PropertyType.Time, AmsterdamTime.ToUtc(start.Date));
        properties.Add(PropertyNames.ClipEnd, PropertyType.Time, AmsterdamTime.ToUtc(series.Pattern.EndDate));
        properties.Add(PropertyNames.TimeZoneStruct, PropertyType.Binary, AmsterdamTime.Struct());
        properties.Add(PropertyNames.AppointmentTimeZoneDefinitionRecur, PropertyType.Binary, AmsterdamTime.Definition(isRecurrence: true));
        message.Attachments.Add(Attachment(message, series.Exceptions[0]));
    }

    // The second occurrence is an hour later, the third is gone.
    private static AppointmentRecurrence Series(DateTime start, TimeSpan duration, WeekDays? days, int period, int occurrences, string subject)
    {
        var type = days is null ? RecurrencePatternType.Day : RecurrencePatternType.Week;
        var minutesOrWeeks = (uint)(days is null ? period * RecurrenceTime.MinutesPerDay : period);
        var pattern = new RecurrencePattern
        {
            Frequency = days is null ? RecurFrequency.Daily : RecurFrequency.Weekly,
            PatternType = type,
            FirstDateTime = RecurrencePattern.FirstDateTimeOf(type, start, minutesOrWeeks, DayOfWeek.Sunday),
            Period = minutesOrWeeks,
            Days = days ?? WeekDays.None,
            EndType = RecurrenceEndType.AfterCount,
            OccurrenceCount = (uint)occurrences,
            StartDate = start.Date,
        };
        var dates = pattern.Dates().ToList();
        var second = dates[1] + start.TimeOfDay;
        var moved = new RecurrenceException
        {
            Start = second.AddHours(1),
            End = second.AddHours(1) + duration,
            OriginalStart = second,
            Subject = ExceptionText.Of(subject),
            Location = ExceptionText.Of("Zaal Vermeer"),
        };
        return new AppointmentRecurrence
        {
            Pattern = pattern with { DeletedInstanceDates = [dates[1], dates[2]], ModifiedInstanceDates = [moved.Start.Date], EndDate = dates[^1] },
            StartTimeOffset = (uint)start.TimeOfDay.TotalMinutes,
            EndTimeOffset = (uint)(start.TimeOfDay + duration).TotalMinutes,
            Exceptions = [moved],
        };
    }

    // An exception attachment with its embedded message. Source: [MS-OXOCAL] 2.2.10.
    private MapiAttachment Attachment(MapiMessage series, RecurrenceException moved)
    {
        var made = (DateTime)series.Properties[PropertyTags.CreationTime]!;
        var embedded = New(ExceptionClass, $"{moved.Subject}", moved.Start, moved.End - moved.Start, made);
        embedded.Properties.Set(PropertyNames.Location, PropertyType.String, $"{moved.Location}");
        embedded.Properties.Set(PropertyNames.ExceptionReplaceTime, PropertyType.Time, AmsterdamTime.ToUtc(moved.OriginalStart));
        embedded.Properties.Set(PropertyNames.IsException, PropertyType.Boolean, true);
        embedded.Properties.Set(PropertyNames.CleanGlobalObjectId, PropertyType.Binary, series.Properties[PropertyNames.CleanGlobalObjectId]!);
        return new MapiAttachment
        {
            Properties =
            {
                { PropertyTags.AttachMethod, Embedded },
                { PropertyTags.AttachmentFlags, ExceptionAttachment },
                { PropertyTags.AttachmentHidden, true },
                { PropertyTags.AttachFlags, 0 },
                { PropertyTags.AttachEncoding, Array.Empty<byte>() },
                { PropertyTags.RenderingPosition, -1 },
                { PropertyTags.DisplayName, "Untitled" },
                // Local times, although the type says UTC.
                { PropertyTags.ExceptionStartTime, DateTime.SpecifyKind(moved.Start, DateTimeKind.Utc) },
                { PropertyTags.ExceptionEndTime, DateTime.SpecifyKind(moved.End, DateTimeKind.Utc) },
            },
            EmbeddedMessage = embedded,
        };
    }

    private byte[] NewId(DateTime created)
    {
        var data = new byte[16];
        random.NextBytes(data);
        return new GlobalObjectId(0, 0, 0, (ulong)FileTime.FromDateTime(created), 0, data).ToBytes();
    }

    private string Pick(IReadOnlyList<string> list) => list[random.Next(list.Count)];
}
