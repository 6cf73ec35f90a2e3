using NodaTime;
using NodaTime.TimeZones;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>Time zones by name, for files that name one without defining it: Windows names and those of the IANA database, as NodaTime carries them.</summary>
internal static class KnownTimeZones
{
    private const int FirstYear = 2007; // the United States' and most other present rules are older

    private static readonly TzdbDateTimeZoneSource Source = TzdbDateTimeZoneSource.Default;

    private static readonly Dictionary<string, string> Listed = Source.WindowsMapping.MapZones
        .SelectMany(zone => zone.TzdbIds.Select(id => (id, zone.WindowsId))).DistinctBy(pair => pair.id).ToDictionary(pair => pair.id, pair => pair.WindowsId);

    /// <summary>The Windows name of a zone, itself or of the IANA zone; null when it is neither.</summary>
    public static string? WindowsName(string id)
    {
        if (Source.WindowsMapping.PrimaryMapping.ContainsKey(id)) return id;
        if (Iana(id) is not { } iana) return null;
        // The name itself first: Europe/Amsterdam is a link to Europe/Brussels, which Windows has in another zone.
        return Listed.GetValueOrDefault(iana) ?? (Source.TzdbToWindowsIds.TryGetValue(Source.CanonicalIdMap[iana], out var windows) ? windows : null);
    }

    /// <summary>The zone with the rules of today; null for a name that nobody knows.</summary>
    public static CalendarTimeZone? Find(string id)
    {
        var iana = Source.WindowsMapping.PrimaryMapping.TryGetValue(id, out var mapped) ? mapped : Iana(id);
        return iana is null ? null : new CalendarTimeZone(WindowsName(id) ?? id, Rules(DateTimeZoneProviders.Tzdb[iana]));
    }

    // "/freeassociation.sourceforge.net/Tzfile/Europe/Berlin" and the like end in the name.
    private static string? Iana(string id)
    {
        for (var name = id.Trim('/'); ; name = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..])
        {
            if (Source.CanonicalIdMap.ContainsKey(name)) return name;
            if (!name.Contains('/', StringComparison.Ordinal)) return null;
        }
    }

    private static List<DefinedTimeZoneRule> Rules(DateTimeZone zone)
    {
        var rules = new List<DefinedTimeZoneRule>();
        for (var year = FirstYear; year <= FirstYear + 23; year++)
        {
            var rule = RuleIn(zone, year);
            var since = rules.Count == 0 ? RecurrenceTime.Epoch.Year : year;
            if (rules.Count == 0 || rules[^1].Rule != rule) rules.Add(new DefinedTimeZoneRule(TimeZoneRuleFlags.None, (ushort)since, rule));
        }
        return rules;
    }

    private static TimeZoneRule RuleIn(DateTimeZone zone, int year)
    {
        var changes = zone.GetZoneIntervals(At(year), At(year + 1)).Skip(1).Take(2).ToList();
        var standard = -(int)zone.GetZoneInterval(At(year)).StandardOffset.ToTimeSpan().TotalMinutes;
        if (changes is not [var first, var second] || first.Savings == second.Savings)
            return new TimeZoneRule(-(int)zone.GetZoneInterval(At(year + 1)).WallOffset.ToTimeSpan().TotalMinutes, 0, 0, TimeZoneChange.Never, TimeZoneChange.Never);
        var (toDaylight, toStandard) = first.Savings > second.Savings ? (first, second) : (second, first);
        var daylight = -(int)toDaylight.WallOffset.ToTimeSpan().TotalMinutes;
        var bias = -(int)toStandard.WallOffset.ToTimeSpan().TotalMinutes;
        return new TimeZoneRule(bias, 0, daylight - bias, Change(zone, toStandard), Change(zone, toDaylight));
    }

    private static Instant At(int year) => Instant.FromUtc(year, 1, 1, 0, 0);

    // As the clocks show it that are about to change.
    private static TimeZoneChange Change(DateTimeZone zone, ZoneInterval interval)
    {
        var before = zone.GetZoneInterval(interval.Start - Duration.Epsilon);
        var local = interval.Start.WithOffset(before.WallOffset).LocalDateTime;
        var nth = IsAlwaysLast(zone, interval, local) ? 5 : (local.Day - 1) / 7 + 1;
        return new TimeZoneChange(0, (ushort)local.Month, (ushort)((int)local.DayOfWeek % 7), (ushort)nth, (ushort)local.Hour, (ushort)local.Minute);
    }

    // The fourth such day of a month may be its last: the years after tell.
    private static bool IsAlwaysLast(DateTimeZone zone, ZoneInterval interval, LocalDateTime local)
    {
        if (local.Day + 7 <= local.Calendar.GetDaysInMonth(local.Year, local.Month)) return false;
        var later = zone.GetZoneIntervals(interval.Start, interval.Start + Duration.FromDays(6 * 365))
            .Where(next => next.HasStart && next.Savings == interval.Savings && next.Start > interval.Start)
            .Select(next => next.Start.WithOffset(local.InZoneLeniently(zone).Offset).LocalDateTime).Where(next => next.Month == local.Month).ToList();
        return local.Day > 28 || later.TrueForAll(next => next.Day + 7 > next.Calendar.GetDaysInMonth(next.Year, next.Month));
    }
}
