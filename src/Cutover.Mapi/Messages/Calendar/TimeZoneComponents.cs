using System.Globalization;
using Cutover.Mapi.Messages.ContentLines;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>VTIMEZONE of a zone's own rules: what the item says, not what today's machine knows. Source: [MS-OXCICAL] 2.1.3.1.1.19, RFC 5545 3.6.5.</summary>
internal static class TimeZoneComponents
{
    private static readonly string[] Days = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    public static ContentComponent Write(CalendarTimeZone zone)
    {
        var component = new ContentComponent("VTIMEZONE").Add(ContentLine.OfText("TZID", zone.Name));
        for (var i = 0; i < zone.Rules.Count; i++)
        {
            int? nextYear = i + 1 < zone.Rules.Count ? zone.Rules[i + 1].Year : null;
            component.Components.AddRange(Observances(zone.Rules[i], i == 0, nextYear));
        }
        return component;
    }

    private static IEnumerable<ContentComponent> Observances(DefinedTimeZoneRule defined, bool isFirst, int? nextYear)
    {
        var rule = defined.Rule;
        var year = isFirst ? RecurrenceTime.Epoch.Year : defined.Year;
        if (!rule.HasDaylight) return [Fixed(rule.StandardOffset, new DateTime(Math.Max(year, 1), 1, 1))];
        return
        [
            Changing("STANDARD", rule.StandardDate, year, nextYear, rule.DaylightOffset, rule.StandardOffset),
            Changing("DAYLIGHT", rule.DaylightDate, year, nextYear, rule.StandardOffset, rule.DaylightOffset),
        ];
    }

    private static ContentComponent Fixed(TimeSpan offset, DateTime start) =>
        Observance("STANDARD", start, offset, offset);

    private static ContentComponent Changing(string name, TimeZoneChange change, int year, int? nextYear, TimeSpan from, TimeSpan to)
    {
        var component = Observance(name, change.In(year), from, to);
        if (change.Year != 0) return component;
        var nth = change.Day >= 5 ? "-1" : Math.Max((int)change.Day, 1).ToString(CultureInfo.InvariantCulture);
        var until = nextYear > year ? $";UNTIL={CalendarValues.Utc(change.In(nextYear.Value - 1) - from)}" : "";
        return component.Add(ContentLine.Of("RRULE", $"FREQ=YEARLY;BYDAY={nth}{Days[change.DayOfWeek]};BYMONTH={change.Month}{until}"));
    }

    private static ContentComponent Observance(string name, DateTime start, TimeSpan from, TimeSpan to) => new ContentComponent(name)
        .Add(ContentLine.Of("DTSTART", CalendarValues.Local(start)))
        .Add(ContentLine.Of("TZOFFSETFROM", Offset(from)))
        .Add(ContentLine.Of("TZOFFSETTO", Offset(to)));

    private static string Offset(TimeSpan offset) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hhmm", CultureInfo.InvariantCulture);
}
