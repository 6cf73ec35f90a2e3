using System.Globalization;
using Cutover.Mapi.Messages.ContentLines;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>Dates and times as iCalendar writes them. Source: RFC 5545 3.3.4, 3.3.5.</summary>
internal static class CalendarValues
{
    public static string Date(DateTime date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public static string Local(DateTime time) => time.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);

    public static string Utc(DateTime time) => Local(time) + "Z";

    /// <summary>A time in UTC as a line in a zone; of an all-day item the date that the zone's clocks show.</summary>
    public static ContentLine Line(string name, DateTime utc, CalendarTimeZone zone, bool isAllDay) => LocalLine(name, zone.ToLocal(utc), zone, isAllDay);

    /// <summary>A time on the zone's clocks as a line.</summary>
    public static ContentLine LocalLine(string name, DateTime local, CalendarTimeZone zone, bool isAllDay)
    {
        if (isAllDay) return ContentLine.Of(name, Date(local)).With("VALUE", "DATE");
        return zone == CalendarTimeZone.Utc ? ContentLine.Of(name, Utc(local)) : ContentLine.Of(name, Local(local)).With("TZID", zone.Name);
    }
}
