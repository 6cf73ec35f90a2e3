using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>RecurFrequency. Source: [MS-OXOCAL] 2.2.1.44.1.</summary>
public enum RecurFrequency : ushort { Daily = 0x200A, Weekly = 0x200B, Monthly = 0x200C, Yearly = 0x200D }

/// <summary>What PatternTypeSpecific holds; Hj: in the Hijri calendar. Source: [MS-OXOCAL] 2.2.1.44.1.</summary>
public enum RecurrencePatternType : ushort
{
    Day = 0,
    Week = 1,
    Month = 2,
    MonthNth = 3,
    MonthEnd = 4,
    HjMonth = 0xA,
    HjMonthNth = 0xB,
    HjMonthEnd = 0xC,
}

/// <summary>EndType; some writers say 0xFFFFFFFF for a series that never ends. Source: [MS-OXOCAL] 2.2.1.44.1.</summary>
public enum RecurrenceEndType : uint { ByDate = 0x2021, AfterCount = 0x2022, Never = 0x2023, NeverToo = 0xFFFFFFFF }

/// <summary>Days of a week as one mask. Source: [MS-OXOCAL] 2.2.1.44.1.1 and following.</summary>
[Flags]
public enum WeekDays : uint
{
    None = 0,
    Sunday = 1,
    Monday = 2,
    Tuesday = 4,
    Wednesday = 8,
    Thursday = 0x10,
    Friday = 0x20,
    Saturday = 0x40,
    Weekdays = Monday | Tuesday | Wednesday | Thursday | Friday,
    WeekendDays = Sunday | Saturday,
    Every = Weekdays | WeekendDays,
}

/// <summary>
/// The RecurrencePattern of PidLidAppointmentRecur and PidLidTaskRecurrence, field by field. Dates are local to the series. Source: [MS-OXOCAL] 2.2.1.44.1.
/// </summary>
public sealed record RecurrencePattern
{
    public ushort ReaderVersion { get; init; } = 0x3004;

    public ushort WriterVersion { get; init; } = 0x3004;

    public required RecurFrequency Frequency { get; init; }

    public required RecurrencePatternType PatternType { get; init; }

    /// <summary>0 and 1 are the Gregorian calendar, 6 Hijri; the others are those of lunar and local calendars.</summary>
    public ushort CalendarType { get; init; }

    /// <summary>Minutes; tells which day, week or month of the period counts. See <see cref="FirstDateTimeOf"/>.</summary>
    public uint FirstDateTime { get; init; }

    /// <summary>Minutes for days, else weeks or months: a yearly series has 12 or a multiple.</summary>
    public required uint Period { get; init; }

    public uint SlidingFlag { get; init; }

    /// <summary>Which days: for Week, MonthNth and HjMonthNth.</summary>
    public WeekDays Days { get; init; }

    /// <summary>The day of the month for Month, MonthEnd and their Hijri siblings; a shorter month's last day stands in.</summary>
    public uint DayOfMonth { get; init; }

    /// <summary>Which of <see cref="Days"/> in the month: 1 to 4, or 5 for the last.</summary>
    public uint Nth { get; init; }

    public required RecurrenceEndType EndType { get; init; }

    public uint OccurrenceCount { get; init; } = 10;

    public uint FirstDayOfWeek { get; init; }

    /// <summary>Dates that the pattern gives and the series lacks: of modified occurrences too.</summary>
    public IReadOnlyList<DateTime> DeletedInstanceDates { get; init; } = [];

    public IReadOnlyList<DateTime> ModifiedInstanceDates { get; init; } = [];

    public required DateTime StartDate { get; init; }

    /// <summary>The date of the last occurrence, <see cref="RecurrenceTime.NoEnd"/> when there is none.</summary>
    public DateTime EndDate { get; init; } = RecurrenceTime.NoEnd;

    public bool NeverEnds => EndType is RecurrenceEndType.Never or RecurrenceEndType.NeverToo;

    /// <summary>True for patterns that count months.</summary>
    public bool IsMonthly => PatternType is not (RecurrencePatternType.Day or RecurrencePatternType.Week);

    /// <summary>Parses PidLidTaskRecurrence: the pattern alone.</summary>
    /// <exception cref="MapiProtocolException">The bytes are not a pattern.</exception>
    public static RecurrencePattern Parse(ReadOnlyMemory<byte> bytes) => Read(new RopReader(bytes));

    internal static RecurrencePattern Read(RopReader reader)
    {
        var readerVersion = reader.ReadUInt16();
        var writerVersion = reader.ReadUInt16();
        var frequency = Known((RecurFrequency)reader.ReadUInt16(), reader);
        var patternType = Known((RecurrencePatternType)reader.ReadUInt16(), reader);
        var pattern = new RecurrencePattern
        {
            ReaderVersion = readerVersion,
            WriterVersion = writerVersion,
            Frequency = frequency,
            PatternType = patternType,
            CalendarType = reader.ReadUInt16(),
            FirstDateTime = reader.ReadUInt32(),
            Period = reader.ReadUInt32(),
            SlidingFlag = reader.ReadUInt32(),
            Days = HasDays(patternType) ? (WeekDays)reader.ReadUInt32() : WeekDays.None,
            DayOfMonth = HasDayOfMonth(patternType) ? reader.ReadUInt32() : 0,
            Nth = HasNth(patternType) ? reader.ReadUInt32() : 0,
            EndType = Known((RecurrenceEndType)reader.ReadUInt32(), reader),
            OccurrenceCount = reader.ReadUInt32(),
            FirstDayOfWeek = reader.ReadUInt32(),
            DeletedInstanceDates = ReadDates(reader),
            ModifiedInstanceDates = ReadDates(reader),
            StartDate = reader.ReadRecurrenceTime(),
            EndDate = reader.ReadRecurrenceTime(),
        };
        if (pattern.FirstDayOfWeek > 6) throw reader.Broken($"a first day of the week, not {pattern.FirstDayOfWeek},");
        return pattern;
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter();
        Write(writer);
        return writer.ToArray();
    }

    public override string ToString() => RecurrenceWords.Describe(this);

    internal void Write(RopWriter writer)
    {
        writer.WriteUInt16(ReaderVersion).WriteUInt16(WriterVersion);
        writer.WriteUInt16((ushort)Frequency).WriteUInt16((ushort)PatternType).WriteUInt16(CalendarType);
        writer.WriteUInt32(FirstDateTime).WriteUInt32(Period).WriteUInt32(SlidingFlag);
        if (HasDays(PatternType)) writer.WriteUInt32((uint)Days);
        if (HasDayOfMonth(PatternType)) writer.WriteUInt32(DayOfMonth);
        if (HasNth(PatternType)) writer.WriteUInt32(Nth);
        writer.WriteUInt32((uint)EndType).WriteUInt32(OccurrenceCount).WriteUInt32(FirstDayOfWeek);
        WriteDates(writer, DeletedInstanceDates);
        WriteDates(writer, ModifiedInstanceDates);
        writer.WriteRecurrenceTime(StartDate).WriteRecurrenceTime(EndDate);
    }

    /// <summary>The first day, week or month of the pattern, modulo its period. Source: [MS-OXOCAL] 2.2.1.44.1.1.</summary>
    public static uint FirstDateTimeOf(RecurrencePatternType patternType, DateTime startDate, uint period, DayOfWeek firstDayOfWeek)
    {
        const uint minutesPerWeek = 7 * RecurrenceTime.MinutesPerDay;
        if (patternType == RecurrencePatternType.Day) return RecurrenceTime.ToMinutes(startDate.Date) % period;
        if (patternType == RecurrencePatternType.Week) return (uint)(RecurrenceTime.ToMinutes(StartOfWeek(startDate, firstDayOfWeek)) % ((ulong)period * minutesPerWeek));
        var months = (uint)((startDate.Year - RecurrenceTime.Epoch.Year) * 12 + startDate.Month - 1) % period;
        return RecurrenceTime.ToMinutes(RecurrenceTime.Epoch.AddMonths((int)months));
    }

    internal static DateTime StartOfWeek(DateTime date, DayOfWeek firstDayOfWeek) => date.Date.AddDays(-(((int)date.DayOfWeek - (int)firstDayOfWeek + 7) % 7));

    private static bool HasDays(RecurrencePatternType type) =>
        type is RecurrencePatternType.Week or RecurrencePatternType.MonthNth or RecurrencePatternType.HjMonthNth;

    private static bool HasNth(RecurrencePatternType type) => type is RecurrencePatternType.MonthNth or RecurrencePatternType.HjMonthNth;

    private static bool HasDayOfMonth(RecurrencePatternType type) => type != RecurrencePatternType.Day && !HasDays(type);

    private static DateTime[] ReadDates(RopReader reader) => reader.ReadArray((int)Math.Min(reader.ReadUInt32(), int.MaxValue), 4, reader.ReadRecurrenceTime);

    private static void WriteDates(RopWriter writer, IReadOnlyList<DateTime> dates)
    {
        writer.WriteUInt32((uint)dates.Count);
        foreach (var date in dates) writer.WriteRecurrenceTime(date);
    }

    private static T Known<T>(T value, RopReader reader) where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw reader.Broken($"a {typeof(T).Name}, not {value},");
}
