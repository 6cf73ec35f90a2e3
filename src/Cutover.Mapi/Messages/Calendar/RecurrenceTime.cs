using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>Times of recurrence blobs: minutes since 1601-01-01 on the clocks of the series' time zone. Source: [MS-OXOCAL] 2.2.1.44.1.</summary>
public static class RecurrenceTime
{
    public const int MinutesPerDay = 24 * 60;

    public static readonly DateTime Epoch = new(1601, 1, 1);

    /// <summary>EndDate of a series without end: 4500-08-31 23:59. Source: [MS-OXOCAL] 2.2.1.44.1.</summary>
    public static readonly DateTime NoEnd = Epoch.AddMinutes(0x5AE980DF);

    /// <summary>Every 32-bit number of minutes is a time before the year 9768.</summary>
    public static DateTime FromMinutes(uint minutes) => Epoch.AddMinutes(minutes);

    /// <exception cref="ArgumentOutOfRangeException">The time lies before 1601 or after 9767.</exception>
    public static uint ToMinutes(DateTime time)
    {
        var minutes = (time - Epoch).Ticks / TimeSpan.TicksPerMinute;
        return minutes is >= 0 and <= uint.MaxValue ? (uint)minutes
            : throw new ArgumentOutOfRangeException(nameof(time), time, "A recurrence tells times from 1601 to 9767 only.");
    }

    internal static DateTime ReadRecurrenceTime(this RopReader reader) => FromMinutes(reader.ReadUInt32());

    internal static RopWriter WriteRecurrenceTime(this RopWriter writer, DateTime time) => writer.WriteUInt32(ToMinutes(time));
}
