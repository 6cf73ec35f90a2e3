using System.Text;

namespace Cutover.Lab.Organisation.Items;

/// <summary>An occurrence that differs from its series. Times are local.</summary>
public sealed record RecurrenceException(DateTime OriginalStart, DateTime Start, DateTime End, string Subject, string Location);

/// <summary>How an appointment recurs. Times are local; dates of occurrences are those of the series' time zone.</summary>
/// <param name="Days">Days of the week of a weekly series, Sunday as bit 0; null makes it daily.</param>
/// <param name="Period">Every so many days or weeks.</param>
/// <param name="Deleted">Original starts of occurrences that are gone.</param>
public sealed record AppointmentRecurrence(
    DateTime FirstStart, TimeSpan Duration, int? Days, int Period, int Occurrences,
    IReadOnlyList<DateTime> Deleted, IReadOnlyList<RecurrenceException> Exceptions)
{
    private const int MinutesPerDay = 24 * 60;
    private static readonly DateTime Epoch = new(1601, 1, 1);

    /// <summary>The start of the last occurrence.</summary>
    public DateTime LastStart
    {
        get
        {
            var start = FirstStart;
            for (var left = Occurrences - 1; left > 0; left--) start = Next(start);
            return start;
        }
    }

    /// <summary>PidLidAppointmentRecur. Source: [MS-OXOCAL] 2.2.1.44.5.</summary>
    public byte[] ToBlob()
    {
        var bytes = new MemoryStream();
        var blob = new BinaryWriter(bytes);
        WritePattern(blob);
        blob.Write(0x3006u); // ReaderVersion2
        blob.Write(0x3009u); // WriterVersion2
        blob.Write((uint)FirstStart.TimeOfDay.TotalMinutes); // StartTimeOffset
        blob.Write((uint)(FirstStart.TimeOfDay + Duration).TotalMinutes); // EndTimeOffset
        blob.Write((ushort)Exceptions.Count);
        foreach (var exception in Exceptions) WriteException(blob, exception);
        blob.Write(0u); // ReservedBlock1Size
        foreach (var exception in Exceptions) WriteExtended(blob, exception);
        blob.Write(0u); // ReservedBlock2Size
        return bytes.ToArray();
    }

    /// <summary>The start of the occurrence after this one.</summary>
    public DateTime Next(DateTime start)
    {
        if (Days is not { } days) return start.AddDays(Period);
        for (var next = start.AddDays(1); ; next = next.AddDays(1))
        {
            var weeks = (int)((StartOfWeek(next) - StartOfWeek(FirstStart)).TotalDays / 7);
            if (weeks % Period == 0 && (days & 1 << (int)next.DayOfWeek) != 0) return next;
        }
    }

    // RecurrencePattern. Source: [MS-OXOCAL] 2.2.1.44.1.
    private void WritePattern(BinaryWriter blob)
    {
        const ushort daily = 0x200A, weekly = 0x200B;
        blob.Write((ushort)0x3004); // ReaderVersion
        blob.Write((ushort)0x3004); // WriterVersion
        blob.Write(Days is null ? daily : weekly); // RecurFrequency
        blob.Write((ushort)(Days is null ? 0 : 1)); // PatternType
        blob.Write((ushort)0); // CalendarType
        blob.Write(FirstDateTime()); // FirstDateTime
        blob.Write((uint)(Days is null ? Period * MinutesPerDay : Period)); // Period
        blob.Write(0u); // SlidingFlag
        if (Days is { } days) blob.Write((uint)days); // PatternTypeSpecific
        blob.Write(0x2022u); // EndType: after so many occurrences
        blob.Write((uint)Occurrences); // OccurrenceCount
        blob.Write(0u); // FirstDOW: Sunday
        WriteDates(blob, Deleted.Concat(Exceptions.Select(exception => exception.OriginalStart))); // DeletedInstanceDates: the modified ones too
        WriteDates(blob, Exceptions.Select(exception => exception.Start)); // ModifiedInstanceDates
        blob.Write(Minutes(FirstStart.Date)); // StartDate
        blob.Write(Minutes(LastStart.Date)); // EndDate
    }

    // ExceptionInfo. Source: [MS-OXOCAL] 2.2.1.44.2.
    private static void WriteException(BinaryWriter blob, RecurrenceException exception)
    {
        const ushort subject = 0x0001, location = 0x0010;
        blob.Write(Minutes(exception.Start)); // StartDateTime
        blob.Write(Minutes(exception.End)); // EndDateTime
        blob.Write(Minutes(exception.OriginalStart)); // OriginalStartDate
        blob.Write((ushort)(subject | location)); // OverrideFlags
        WriteNarrow(blob, exception.Subject);
        WriteNarrow(blob, exception.Location);
    }

    // ExtendedException. Source: [MS-OXOCAL] 2.2.1.44.4.
    private static void WriteExtended(BinaryWriter blob, RecurrenceException exception)
    {
        blob.Write(4u); // ChangeHighlightSize
        blob.Write(0u); // ChangeHighlightValue
        blob.Write(0u); // ReservedBlockEE1Size
        blob.Write(Minutes(exception.Start)); // StartDateTime
        blob.Write(Minutes(exception.End)); // EndDateTime
        blob.Write(Minutes(exception.OriginalStart)); // OriginalStartDate
        WriteWide(blob, exception.Subject);
        WriteWide(blob, exception.Location);
        blob.Write(0u); // ReservedBlockEE2Size
    }

    // Subject and location in the machine's code page, in which Outlook can't say everything either.
    private static void WriteNarrow(BinaryWriter blob, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        blob.Write((ushort)(bytes.Length + 1)); // SubjectLength: with a NUL that isn't written
        blob.Write((ushort)bytes.Length); // SubjectLength2
        blob.Write(bytes);
    }

    private static void WriteWide(BinaryWriter blob, string text)
    {
        blob.Write((ushort)text.Length);
        blob.Write(Encoding.Unicode.GetBytes(text));
    }

    private static void WriteDates(BinaryWriter blob, IEnumerable<DateTime> starts)
    {
        var dates = starts.Select(start => Minutes(start.Date)).Order().ToList();
        blob.Write((uint)dates.Count);
        foreach (var date in dates) blob.Write(date);
    }

    // The first day or week of the pattern, modulo its period. Source: [MS-OXOCAL] 2.2.1.44.1.
    private uint FirstDateTime() => Days is null
        ? Minutes(FirstStart.Date) % (uint)(Period * MinutesPerDay)
        : Minutes(StartOfWeek(FirstStart)) % (uint)(Period * 7 * MinutesPerDay);

    private static DateTime StartOfWeek(DateTime date) => date.Date.AddDays(-(int)date.DayOfWeek);

    private static uint Minutes(DateTime time) => (uint)(time - Epoch).TotalMinutes;
}
