using CsCheck;
using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Messages.ContentLines;
using NodaTime;
using NodaTime.TimeZones;

namespace Cutover.Mapi.Tests.Messages.Calendar;

/// <summary>The arithmetic of time zone rules against NodaTime's own, which reads the IANA database and not our rules.</summary>
public sealed class TimeZoneTests
{
    private static readonly string[] Names =
    [
        "W. Europe Standard Time", "GMT Standard Time", "Eastern Standard Time", "Pacific Standard Time", "AUS Eastern Standard Time", "New Zealand Standard Time",
        "India Standard Time", "Tokyo Standard Time", "Newfoundland Standard Time", "Chatham Islands Standard Time", "Lord Howe Standard Time", "UTC",
        "Pacific SA Standard Time", "Nepal Standard Time", "Central Standard Time", "Mountain Standard Time", "Hawaiian Standard Time", "Cuba Standard Time",
    ];

    private static readonly Gen<(string Name, DateTime Utc)> Moments =
        Gen.Select(Gen.Int[0, Names.Length - 1].Select(index => Names[index]), Gen.Int[0, 14 * 365 * 24 * 4]).Select((name, quarters) => (name, new DateTime(2016, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(15 * quarters)));

    [Fact]
    public void A_known_zone_has_the_offset_that_NodaTime_has() => Moments.Sample(moment =>
    {
        var theirs = Zone(moment.Name).GetUtcOffset(Instant.FromDateTimeUtc(moment.Utc)).ToTimeSpan();
        Assert.True(theirs == KnownTimeZones.Find(moment.Name)!.OffsetAt(moment.Utc), $"{moment}: {theirs}");
    }, iter: 20_000);

    [Fact]
    public void A_local_time_is_the_moment_that_NodaTime_takes_it_for() => Moments.Sample(moment =>
    {
        var local = LocalDateTime.FromDateTime(moment.Utc).InZone(Zone(moment.Name), Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted));
        var ours = KnownTimeZones.Find(moment.Name)!.ToUtc(DateTime.SpecifyKind(moment.Utc, DateTimeKind.Unspecified));
        Assert.True(local.ToDateTimeUtc() == ours, $"{moment}: {local.ToDateTimeUtc():s} is not {ours:s}");
    }, iter: 20_000);

    [Fact]
    public void A_zone_written_as_VTIMEZONE_and_read_again_is_the_same()
    {
        foreach (var name in Names)
        {
            var zone = KnownTimeZones.Find(name)!;
            Assert.True(TimeZoneReader.TryRead(TimeZoneComponents.Write(zone), out _, out var again));
            Assert.Equal(zone.Name, again.Name);
            for (var utc = new DateTime(2008, 1, 1, 0, 0, 0, DateTimeKind.Utc); utc.Year < 2028; utc = utc.AddHours(7)) Assert.Equal(zone.OffsetAt(utc), again.OffsetAt(utc));
        }
    }

    [Fact]
    public void A_zone_written_as_properties_and_read_again_is_the_same()
    {
        foreach (var zone in Names.Select(name => KnownTimeZones.Find(name)!))
        {
            var definition = zone.ToDefinition(isRecurring: true);
            Assert.Equal(definition.ToBytes(), TimeZoneDefinition.Parse(definition.ToBytes()).ToBytes());
            Assert.Equal(zone.LastRule, CalendarTimeZone.Of(TimeZoneDefinition.Parse(definition.ToBytes())).LastRule);
            Assert.Equal(zone.LastRule, TimeZoneStruct.Parse(new TimeZoneStruct(zone.LastRule).ToBytes()).Rule);
        }
    }

    // Outlook, Apple and Evolution write the second Sunday of March in three ways.
    [Theory]
    [InlineData("RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3")]
    [InlineData("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14")]
    [InlineData("RDATE:20070311T020000,20080309T020000,20990308T020000")]
    public void A_daylight_rule_is_understood_however_it_is_written(string rule)
    {
        var component = ContentReader.Read(
            $"""
            BEGIN:VTIMEZONE
            TZID:America/New_York
            BEGIN:DAYLIGHT
            DTSTART:20070311T020000
            TZOFFSETFROM:-0500
            TZOFFSETTO:-0400
            {rule}
            END:DAYLIGHT
            BEGIN:STANDARD
            DTSTART:20071104T020000
            TZOFFSETFROM:-0400
            TZOFFSETTO:-0500
            RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
            END:STANDARD
            END:VTIMEZONE
            """).Single();
        Assert.True(TimeZoneReader.TryRead(component, out var id, out var zone));
        Assert.Equal(("America/New_York", "Eastern Standard Time"), (id, zone.Name));
        Assert.Equal(new TimeZoneChange(0, 3, 0, 2, 2, 0), zone.RuleIn(2026).DaylightDate);
        Assert.Equal(new DateTime(2026, 3, 8, 7, 0, 0), zone.ToUtc(new DateTime(2026, 3, 8, 3, 0, 0)));
    }

    private static DateTimeZone Zone(string windowsName) => DateTimeZoneProviders.Tzdb[TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping[windowsName]];
}
