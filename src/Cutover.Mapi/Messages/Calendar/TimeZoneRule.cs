using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>
/// When the clocks change, as a SYSTEMTIME: with Year 0 the <paramref name="Day"/>th (5: the last) such weekday of the month, else that very date.
/// Month 0: never. Source: [MS-OXOCAL] 2.2.1.39, 2.2.1.41.1.
/// </summary>
public sealed record TimeZoneChange(
    ushort Year, ushort Month, ushort DayOfWeek, ushort Day, ushort Hour, ushort Minute, ushort Second = 0, ushort Milliseconds = 0)
{
    public static readonly TimeZoneChange Never = new(0, 0, 0, 0, 0, 0);

    public bool Happens => Month != 0;

    /// <summary>The change in a year, on the clocks as they are until then. A date that isn't one becomes the nearest that is.</summary>
    public DateTime In(int year)
    {
        year = Math.Clamp(year, 2, 9998); // a day more or less is then still a time
        var date = Year == 0 ? WeekdayIn(year) : new DateTime(year, Month, Math.Clamp((int)Day, 1, DateTime.DaysInMonth(year, Month)));
        return date.AddHours(Hour).AddMinutes(Minute);
    }

    internal static TimeZoneChange Read(RopReader reader)
    {
        var change = new TimeZoneChange(reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16(),
            reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());
        return change is { Month: <= 12, DayOfWeek: <= 6, Hour: <= 24, Minute: < 60 } ? change : throw reader.Broken("a time at which clocks change");
    }

    internal void Write(RopWriter writer)
    {
        writer.WriteUInt16(Year).WriteUInt16(Month).WriteUInt16(DayOfWeek).WriteUInt16(Day);
        writer.WriteUInt16(Hour).WriteUInt16(Minute).WriteUInt16(Second).WriteUInt16(Milliseconds);
    }

    private DateTime WeekdayIn(int year)
    {
        var first = new DateTime(year, Month, 1);
        var date = first.AddDays((DayOfWeek - (int)first.DayOfWeek + 7) % 7 + 7 * (Math.Clamp((int)Day, 1, 5) - 1));
        return date.Month == Month ? date : date.AddDays(-7);
    }
}

/// <summary>How far clocks are from UTC. Biases are minutes to add to local time to get UTC. Source: [MS-OXOCAL] 2.2.1.39.</summary>
public sealed record TimeZoneRule(int Bias, int StandardBias, int DaylightBias, TimeZoneChange StandardDate, TimeZoneChange DaylightDate)
{
    private const int MostMinutes = 24 * 60;

    public static readonly TimeZoneRule Utc = new(0, 0, 0, TimeZoneChange.Never, TimeZoneChange.Never);

    public bool HasDaylight => StandardDate.Happens && DaylightDate.Happens;

    public TimeSpan StandardOffset => Offset(StandardBias);

    public TimeSpan DaylightOffset => Offset(DaylightBias);

    /// <summary>The offset from UTC of a time on these clocks: of an hour that comes twice the first, of one that is left out that before it.</summary>
    public TimeSpan OffsetOfLocal(DateTime local)
    {
        if (!HasDaylight) return StandardOffset;
        var (toDaylight, toStandard) = (DaylightDate.In(local.Year), StandardDate.In(local.Year));
        var gap = DaylightOffset - StandardOffset;
        if (gap > TimeSpan.Zero) toDaylight += gap;
        else toStandard -= gap;
        return IsDaylight(local, toDaylight, toStandard) ? DaylightOffset : StandardOffset;
    }

    /// <summary>The offset from UTC at a time.</summary>
    public TimeSpan OffsetOfUtc(DateTime utc)
    {
        if (!HasDaylight) return StandardOffset;
        // The year that the clocks show, which near New Year is another than UTC's.
        var year = utc.Year is > 1 and < 9999 ? (utc + StandardOffset).Year : utc.Year;
        return IsDaylight(utc, DaylightDate.In(year) - StandardOffset, StandardDate.In(year) - DaylightOffset) ? DaylightOffset : StandardOffset;
    }

    internal static (int Bias, int StandardBias, int DaylightBias) ReadBiases(RopReader reader)
    {
        var biases = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        var valid = Within(biases.Item1) && Within(biases.Item2) && Within(biases.Item3);
        return valid ? biases : throw reader.Broken("biases of a day at most");
    }

    // South of the equator the year begins and ends in daylight time.
    private static bool IsDaylight(DateTime time, DateTime toDaylight, DateTime toStandard) =>
        toDaylight < toStandard ? time >= toDaylight && time < toStandard : time >= toDaylight || time < toStandard;

    private TimeSpan Offset(int bias) => TimeSpan.FromMinutes(-(Bias + bias));

    private static bool Within(int bias) => bias is >= -MostMinutes and <= MostMinutes;
}
