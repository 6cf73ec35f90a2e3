using Cutover.Mapi.Messages.Calendar;

namespace Cutover.Mapi.Tests.Structures;

/// <summary>Recurrences, time zones and meeting ids as another parser reads them, field by field.</summary>
public sealed class PublishedCalendarTests
{
    [Fact]
    public void A_recurrence_with_exceptions_reads_as_published()
    {
        var blob = new PublishedBlob("2-arp3");
        var recurrence = AppointmentRecurrence.Parse(blob.Bytes);
        blob.AssertSays(Pattern(recurrence.Pattern).Concat(Appointment(recurrence)));
        Assert.Equal(blob.Bytes, recurrence.ToBytes());
    }

    [Fact]
    public void A_recurrence_with_another_behind_it_reads_as_published()
    {
        var blob = new PublishedBlob("2-arp2");
        var recurrence = AppointmentRecurrence.Parse(blob.Bytes);
        var bytes = recurrence.ToBytes();
        blob.AssertSays([.. Pattern(recurrence.Pattern), .. Appointment(recurrence), ("lpb", blob.Bytes[bytes.Length..]), ("Unparsed data size", blob.Bytes.Length - bytes.Length)]);
        Assert.Equal(blob.Bytes[..bytes.Length], bytes);
    }

    [Fact]
    public void A_pattern_alone_reads_as_published()
    {
        var blob = new PublishedBlob("14-arp3");
        var pattern = RecurrencePattern.Parse(blob.Bytes);
        blob.AssertSays(Pattern(pattern), "lpb", "Unparsed data size");
        Assert.Equal(blob.Bytes.AsSpan(0, pattern.ToBytes().Length).ToArray(), pattern.ToBytes());
    }

    [Fact]
    public void FirstDateTime_is_what_the_specification_computes()
    {
        var pattern = RecurrencePattern.Parse(new PublishedBlob("14-arp3").Bytes);
        Assert.Equal(pattern.FirstDateTime, RecurrencePattern.FirstDateTimeOf(pattern.PatternType, pattern.StartDate, pattern.Period, (DayOfWeek)pattern.FirstDayOfWeek));
    }

    [Theory]
    [InlineData("23-tzd2")]
    [InlineData("23-tzd3")]
    public void A_time_zone_definition_reads_as_published(string name)
    {
        var blob = new PublishedBlob(name);
        var definition = TimeZoneDefinition.Parse(blob.Bytes);
        var bytes = definition.ToBytes();
        var rest = blob.Bytes[bytes.Length..]; // 23-tzd3 counts no rules and has two
        blob.AssertSays(
        [
            ("bMajorVersion", definition.MajorVersion), ("bMinorVersion", definition.MinorVersion), ("cbHeader", 6 + 2 * definition.KeyName.Length),
            ("wReserved", definition.Reserved), ("cchKeyName", definition.KeyName.Length), ("szKeyName", definition.KeyName), ("cRules", definition.Rules.Count),
            .. definition.Rules.SelectMany(Rule),
            .. rest.Length == 0 ? Array.Empty<(string, object)>() : [("Unparsed data size", rest.Length), ("lpb", rest)],
        ]);
        Assert.Equal(blob.Bytes[..bytes.Length], bytes);
    }

    [Theory]
    [InlineData("10-goid1")]
    [InlineData("10-goid2")]
    public void A_global_object_id_reads_as_published(string name)
    {
        var blob = new PublishedBlob(name);
        var id = GlobalObjectId.Parse(blob.Bytes);
        blob.AssertSays(
            [
                ("lpb", blob.Bytes[..16]), ("Year", id.Year), ("Month", id.Month), ("Day", id.Day), ("Creation Time", High(id.CreationTime)),
                ("X", High(id.X)), ("Size", id.Data.Length), ("lpb", id.Data),
            ],
            "Byte Array ID");
        Assert.Equal(blob.Bytes, id.ToBytes());
        Assert.Equal(id.Clean, GlobalObjectId.OfUid(id.Uid), new SameBytes());
    }

    private static string High(ulong value) => $"0x{value >> 32:X8}:0x{(uint)value:X8}";

    private static IEnumerable<(string Name, object Value)> Pattern(RecurrencePattern pattern) =>
    [
        ("ReaderVersion", pattern.ReaderVersion), ("WriterVersion", pattern.WriterVersion), ("RecurFrequency", pattern.Frequency), ("PatternType", pattern.PatternType),
        ("CalendarType", pattern.CalendarType), ("FirstDateTime", pattern.FirstDateTime), ("Period", pattern.Period), ("SlidingFlag", pattern.SlidingFlag),
        ("WeekRecurrencePattern", pattern.Days), ("EndType", pattern.EndType), ("OccurrenceCount", pattern.OccurrenceCount), ("FirstDOW", pattern.FirstDayOfWeek),
        ("DeletedInstanceCount", pattern.DeletedInstanceDates.Count), .. pattern.DeletedInstanceDates.Select(date => ("", (object)date)),
        ("ModifiedInstanceCount", pattern.ModifiedInstanceDates.Count), .. pattern.ModifiedInstanceDates.Select(date => ("", (object)date)),
        ("StartDate", pattern.StartDate), ("EndDate", pattern.EndDate),
    ];

    private static IEnumerable<(string Name, object Value)> Appointment(AppointmentRecurrence recurrence) =>
    [
        ("ReaderVersion2", recurrence.ReaderVersion2), ("WriterVersion2", recurrence.WriterVersion2), ("StartTimeOffset", recurrence.StartTimeOffset),
        ("EndTimeOffset", recurrence.EndTimeOffset), ("ExceptionCount", recurrence.Exceptions.Count), .. recurrence.Exceptions.SelectMany(Info),
        ("ReservedBlock1Size", recurrence.ReservedBlock1.Length), .. recurrence.Exceptions.SelectMany(Extended), ("ReservedBlock2Size", recurrence.ReservedBlock2.Length),
    ];

    private static IEnumerable<(string Name, object Value)> Times(RecurrenceException exception) =>
        [("StartDateTime", exception.Start), ("EndDateTime", exception.End), ("OriginalStartDate", exception.OriginalStart)];

    private static IEnumerable<(string Name, object Value)> Info(RecurrenceException exception)
    {
        foreach (var field in Times(exception)) yield return field;
        yield return ("OverrideFlags", exception.Overrides);
        foreach (var field in Narrow("Subject", exception.Subject)) yield return field;
        if (exception.MeetingType is { } meetingType) yield return ("MeetingType", meetingType);
        if (exception.ReminderSet is { } reminderSet) yield return ("ReminderSet", reminderSet);
        foreach (var field in Narrow("Location", exception.Location)) yield return field;
    }

    private static IEnumerable<(string Name, object Value)> Narrow(string name, ExceptionText? text)
    {
        if (text is null) yield break;
        yield return ($"{name}Length", text.Narrow.Length + 1);
        yield return ($"{name}Length2", text.Narrow.Length);
        if (text.Narrow.Length > 0) yield return (name, System.Text.Encoding.Latin1.GetString(text.Narrow.Span));
    }

    private static IEnumerable<(string Name, object Value)> Extended(RecurrenceException exception)
    {
        yield return ("ChangeHighlightSize", exception.ChangeHighlight!.Value.Length);
        yield return ("ChangeHighlightValue", BitConverter.ToUInt32(exception.ChangeHighlight.Value.Span));
        yield return ("ReservedBlockEE1Size", exception.ReservedBlockEE1.Length);
        if (exception.Subject is null && exception.Location is null) yield break;
        foreach (var field in Times(exception)) yield return field;
        foreach (var (name, text) in new[] { ("WideCharSubject", exception.Subject), ("WideCharLocation", exception.Location) })
        {
            if (text is null) continue;
            yield return ($"{name}Length", text.Wide!.Length);
            if (text.Wide.Length > 0) yield return (name, text.Wide);
        }
        yield return ("ReservedBlockEE2Size", exception.ReservedBlockEE2.Length);
    }

    private static IEnumerable<(string Name, object Value)> Rule(DefinedTimeZoneRule rule) =>
    [
        ("bMajorVersion", rule.MajorVersion), ("bMinorVersion", rule.MinorVersion), ("wReserved", rule.Reserved), ("wTZRuleFlags", rule.Flags), ("wYear", rule.Year),
        ("lpb", rule.X), ("lBias", rule.Rule.Bias), ("lStandardBias", rule.Rule.StandardBias), ("lDaylightBias", rule.Rule.DaylightBias),
        .. Change(rule.Rule.StandardDate), .. Change(rule.Rule.DaylightDate),
    ];

    private static IEnumerable<(string Name, object Value)> Change(TimeZoneChange change) =>
    [
        ("wYear", change.Year), ("wMonth", change.Month), ("wDayOfWeek", change.DayOfWeek), ("wDay", change.Day), ("wHour", change.Hour), ("wMinute", change.Minute),
        ("wSecond", change.Second), ("wMilliseconds", change.Milliseconds),
    ];

    private sealed class SameBytes : IEqualityComparer<GlobalObjectId>
    {
        public bool Equals(GlobalObjectId? x, GlobalObjectId? y) => x!.ToBytes().SequenceEqual(y!.ToBytes());

        public int GetHashCode(GlobalObjectId id) => 0;
    }
}
