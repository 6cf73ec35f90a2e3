using Cutover.Mapi.Messages.Calendar;

namespace Cutover.Lab.Organisation.Items;

/// <summary>
/// W. Europe Standard Time: how long it is from UTC, and the two blobs by which appointments carry it. Its own rule, because the machine may
/// have no time zone data.
/// </summary>
public static class AmsterdamTime
{
    private static readonly CalendarTimeZone Zone = CalendarTimeZone.Of("W. Europe Standard Time", new TimeZoneRule(
        Bias: -60, StandardBias: 0, DaylightBias: -60, StandardDate: LastSundayOf(month: 10, hour: 3), DaylightDate: LastSundayOf(month: 3, hour: 2)));

    /// <summary>The UTC time of a time on Amsterdam's clocks; of the hour that comes twice, the first.</summary>
    public static DateTime ToUtc(DateTime local) => Zone.ToUtc(local);

    /// <summary>PidLidTimeZoneStruct.</summary>
    public static byte[] Struct() => new TimeZoneStruct(Zone.LastRule).ToBytes();

    /// <summary>PidLidAppointmentTimeZoneDefinitionRecur (which flags its rule as the recurrence's) and its two siblings.</summary>
    public static byte[] Definition(bool isRecurrence) => Zone.ToDefinition(isRecurrence).ToBytes();

    private static TimeZoneChange LastSundayOf(ushort month, ushort hour) => new(Year: 0, month, DayOfWeek: 0, Day: 5, hour, Minute: 0);
}
