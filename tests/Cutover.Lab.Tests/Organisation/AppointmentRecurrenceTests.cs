using Cutover.Lab.Organisation.Items;

namespace Cutover.Lab.Tests.Organisation;

/// <summary>The recurrence blobs of the specification's own examples, byte for byte.</summary>
public sealed class AppointmentRecurrenceTests
{
    private const int MondayThursdayFriday = 0x32;

    private static readonly AppointmentRecurrence Simple =
        new(new DateTime(2007, 3, 26, 10, 0, 0), TimeSpan.FromMinutes(30), MondayThursdayFriday, 1, 12, [], []);

    [Fact]
    public void A_weekly_series_is_the_one_of_MS_OXOCAL_4_1_1_1() => Assert.Equal(
        "043004300B2001000000C0210000010000000000000032000000222000000C0000000000000000000000000000008020BC0C20ADBC0C06300000093000005802000076020000"
        + "00000000000000000000",
        Convert.ToHexString(Simple.ToBlob()));

    [Fact]
    public void A_weekly_series_with_an_exception_is_the_one_of_MS_OXOCAL_4_1_1_2()
    {
        var moved = new RecurrenceException(
            new DateTime(2007, 4, 16, 10, 0, 0), new DateTime(2007, 4, 16, 11, 0, 0), new DateTime(2007, 4, 16, 11, 30, 0),
            "Simple Recurrence with exceptions", "34/4141");
        Assert.Equal(
            "043004300B2001000000C0210000010000000000000032000000222000000C0000000000000001000000A096BC0C01000000A096BC0C8020BC0C20ADBC0C063000000930000058"
            + "0200007602000001003499BC0C5299BC0CF898BC0C11002200210053696D706C6520526563757272656E6365207769746820657863657074696F6E730800070033342F3431343100"
            + "0000000400000000000000000000003499BC0C5299BC0CF898BC0C2100530069006D0070006C006500200052006500630075007200720065006E0063006500200077006900740068"
            + "00200065007800630065007000740069006F006E0073000700330034002F0034003100340031000000000000000000",
            Convert.ToHexString((Simple with { Exceptions = [moved] }).ToBlob()));
    }

    [Fact]
    public void A_series_every_second_week_passes_over_the_week_between()
    {
        var series = Simple with { Period = 2 };
        Assert.Equal(new DateTime(2007, 4, 9, 10, 0, 0), series.Next(new DateTime(2007, 3, 30, 10, 0, 0)));
    }

    [Theory]
    [InlineData("2026-01-15T12:00", "2026-01-15T11:00")]
    [InlineData("2026-07-15T12:00", "2026-07-15T10:00")]
    [InlineData("2026-03-29T01:59", "2026-03-29T00:59")]
    [InlineData("2026-03-29T03:00", "2026-03-29T01:00")]
    [InlineData("2026-10-25T03:00", "2026-10-25T02:00")]
    public void Amsterdam_keeps_summer_time(string local, string utc) => Assert.Equal(
        DateTime.Parse(utc, System.Globalization.CultureInfo.InvariantCulture),
        AmsterdamTime.ToUtc(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture)));
}
