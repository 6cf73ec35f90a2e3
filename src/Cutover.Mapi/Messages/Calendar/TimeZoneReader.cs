using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Cutover.Mapi.Messages.ContentLines;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>VTIMEZONE as rules year by year. Source: RFC 5545 3.6.5, [MS-OXCICAL] 2.1.3.1.1.19.</summary>
internal static class TimeZoneReader
{
    private const int MostRules = 200;

    public static bool TryRead(ContentComponent component, [NotNullWhen(true)] out string? id, [NotNullWhen(true)] out CalendarTimeZone? zone)
    {
        id = component.Text("TZID");
        var observances = component.Components.Select(Observance.TryRead).OfType<Observance>().ToList();
        zone = id is null || observances.Count == 0 ? null : new CalendarTimeZone(KnownTimeZones.WindowsName(id) ?? id, Rules(observances));
        return zone is not null && id is not null;
    }

    private static List<DefinedTimeZoneRule> Rules(List<Observance> observances)
    {
        var years = observances.Select(observance => observance.Start.Year)
            .Concat(observances.Where(observance => observance.LastYear < 9999).Select(observance => observance.LastYear + 1))
            .Where(year => year >= RecurrenceTime.Epoch.Year).Append(RecurrenceTime.Epoch.Year).Distinct().Order().TakeLast(MostRules);
        var rules = new List<DefinedTimeZoneRule>();
        foreach (var year in years)
        {
            var rule = RuleIn(year, observances);
            if (rules.Count == 0 || rules[^1].Rule != rule) rules.Add(new DefinedTimeZoneRule(TimeZoneRuleFlags.None, (ushort)year, rule));
        }
        return rules;
    }

    private static TimeZoneRule RuleIn(int year, List<Observance> observances)
    {
        var standard = InForce(year, observances.Where(observance => !observance.IsDaylight));
        var daylight = InForce(year, observances.Where(observance => observance.IsDaylight));
        if (standard is null) return Constant((daylight ?? observances[0]).To);
        var bias = -(int)standard.To.TotalMinutes;
        if (daylight is null || !daylight.Covers(year) || !standard.Covers(year)) return Constant(standard.To);
        return new TimeZoneRule(bias, 0, -(int)daylight.To.TotalMinutes - bias, standard.Change, daylight.Change);
    }

    private static TimeZoneRule Constant(TimeSpan offset) => new(-(int)offset.TotalMinutes, 0, 0, TimeZoneChange.Never, TimeZoneChange.Never);

    // The one that began last; before all of them the first.
    private static Observance? InForce(int year, IEnumerable<Observance> observances)
    {
        var ordered = observances.OrderBy(observance => observance.Start).ToList();
        return ordered.FindLast(observance => observance.Covers(year)) ?? ordered.FindLast(observance => observance.Start.Year <= year) ?? ordered.FirstOrDefault();
    }

    /// <summary>STANDARD or DAYLIGHT: an offset from UTC, and when clocks change to it.</summary>
    private sealed record Observance(bool IsDaylight, DateTime Start, int LastYear, TimeSpan To, TimeZoneChange Change)
    {
        public bool Covers(int year) => Start.Year <= year && year <= LastYear;

        public static Observance? TryRead(ContentComponent component)
        {
            if (component.Name is not ("STANDARD" or "DAYLIGHT")) return null;
            if (!TryOffset(component.Text("TZOFFSETTO"), out var to) || !TryStart(component.Text("DTSTART"), out var start)) return null;
            var rule = RuleParts.Parse(component.Line("RRULE")?.Value ?? "");
            var last = rule.Until is [_, _, _, _, ..] until && int.TryParse(until[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year
                : component.Line("RRULE") is null && component.Line("RDATE") is { } dates ? LastOf(dates) : 9999;
            return new Observance(component.Name == "DAYLIGHT", start, last, to, ChangeOf(rule, start));
        }

        private static int LastOf(ContentLine dates) =>
            dates.Value.Split(',').Max(date => int.TryParse(date.Trim() is [_, _, _, _, ..] text ? text[..4] : "", NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : 0);

        private static TimeZoneChange ChangeOf(RuleParts rule, DateTime start)
        {
            var month = rule.Months is [var named] ? named : start.Month;
            var (nth, day) = rule.Days is [var (offset, weekday)] ? (offset, weekday) : (0, start.DayOfWeek);
            if (nth == 0) nth = (NthOf(rule, start) - 1) / 7 + 1;
            var fifth = nth < 0 || nth > 4 ? 5 : nth;
            return new TimeZoneChange(0, (ushort)Math.Clamp(month, 1, 12), (ushort)day, (ushort)fifth, (ushort)start.Hour, (ushort)start.Minute);
        }

        // BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14: the second Sunday. Without either the date of DTSTART tells.
        private static int NthOf(RuleParts rule, DateTime start) => rule.MonthDays.Count > 0
            ? rule.MonthDays.Min() is var first and > 0 ? first : 29
            : start.Day;

        private static bool TryStart(string? value, out DateTime start) =>
            DateTime.TryParseExact(value?.TrimEnd('Z'), ["yyyyMMdd'T'HHmmss", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out start);

        private static bool TryOffset(string? value, out TimeSpan offset)
        {
            offset = default;
            if (value is not ['+' or '-', ..] || !int.TryParse(value.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var digits)) return false;
            var minutes = value.Length >= 7 ? digits / 10000 * 60 + digits / 100 % 100 : digits / 100 * 60 + digits % 100;
            offset = TimeSpan.FromMinutes(value[0] == '-' ? -minutes : minutes);
            return minutes < RecurrenceTime.MinutesPerDay;
        }
    }
}
