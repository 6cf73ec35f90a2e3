using System.Globalization;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>The clocks of a calendar item: a name, and the rules by which they go, year by year.</summary>
/// <param name="Name">The Windows time zone where it is known; else what the item calls it.</param>
/// <param name="Rules">At least one, in order of <see cref="DefinedTimeZoneRule.Year"/>.</param>
public sealed record CalendarTimeZone(string Name, IReadOnlyList<DefinedTimeZoneRule> Rules)
{
    private const ushort Always = 1601;

    public static readonly CalendarTimeZone Utc = Of("UTC", TimeZoneRule.Utc);

    public static CalendarTimeZone Of(string name, TimeZoneRule rule) => new(name, [new DefinedTimeZoneRule(TimeZoneRuleFlags.Effective, Always, rule)]);

    public static CalendarTimeZone Of(TimeZoneDefinition definition) => definition.Rules.Count == 0
        ? KnownTimeZones.Find(definition.KeyName) ?? Of(definition.KeyName, TimeZoneRule.Utc)
        : new CalendarTimeZone(definition.KeyName, [.. definition.Rules.OrderBy(rule => rule.Year)]);

    public DateTime ToUtc(DateTime local) => DateTime.SpecifyKind(Shift(local, -RuleIn(local.Year).OffsetOfLocal(local)), DateTimeKind.Utc);

    public DateTime ToLocal(DateTime utc) => DateTime.SpecifyKind(Shift(utc, OffsetAt(utc)), DateTimeKind.Unspecified);

    /// <summary>The offset from UTC at a time.</summary>
    public TimeSpan OffsetAt(DateTime utc) => RuleIn(Shift(utc, RuleIn(utc.Year).StandardOffset).Year).OffsetOfUtc(utc);

    /// <summary>The rule in force in a year; before the first rule's year the first. Source: [MS-OXOCAL] 2.2.1.41.1, wYear.</summary>
    public TimeZoneRule RuleIn(int year) => (Rules.LastOrDefault(rule => rule.Year <= year) ?? Rules[0]).Rule;

    /// <summary>The rule in force at the end of all: what PidLidTimeZoneStruct has room for.</summary>
    public TimeZoneRule LastRule => Rules[^1].Rule;

    /// <summary>The definition for a single item, or for a series: its last rule is then flagged as the recurrence's.</summary>
    public TimeZoneDefinition ToDefinition(bool isRecurring)
    {
        var flags = isRecurring ? TimeZoneRuleFlags.Effective | TimeZoneRuleFlags.RecurringCurrent : TimeZoneRuleFlags.Effective;
        return new TimeZoneDefinition(Name, [.. Rules.Select((rule, index) => rule with { Flags = index == Rules.Count - 1 ? flags : TimeZoneRuleFlags.None })]);
    }

    internal static string Describe(TimeZoneRule rule) => rule.HasDaylight
        ? $"UTC{Sign(rule.StandardOffset)}, in summer UTC{Sign(rule.DaylightOffset)}"
        : $"UTC{Sign(rule.StandardOffset)}";

    private static string Sign(TimeSpan offset) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);

    private static DateTime Shift(DateTime time, TimeSpan by) =>
        new(Math.Clamp(time.Ticks + by.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), time.Kind);
}
