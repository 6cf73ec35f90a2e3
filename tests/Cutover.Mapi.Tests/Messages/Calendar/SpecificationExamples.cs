using Cutover.Mapi.Messages.Calendar;

namespace Cutover.Mapi.Tests.Messages.Calendar;

/// <summary>The recurrence blobs of the specification's own examples, byte for byte.</summary>
public sealed class SpecificationExamples
{
    private static readonly AppointmentRecurrence Simple = new()
    {
        Pattern = new RecurrencePattern
        {
            Frequency = RecurFrequency.Weekly,
            PatternType = RecurrencePatternType.Week,
            FirstDateTime = RecurrencePattern.FirstDateTimeOf(RecurrencePatternType.Week, new DateTime(2007, 3, 26), 1, DayOfWeek.Sunday),
            Period = 1,
            Days = WeekDays.Monday | WeekDays.Thursday | WeekDays.Friday,
            EndType = RecurrenceEndType.AfterCount,
            OccurrenceCount = 12,
            StartDate = new DateTime(2007, 3, 26),
            EndDate = new DateTime(2007, 4, 20),
        },
        StartTimeOffset = 600,
        EndTimeOffset = 630,
    };

    [Fact]
    public void A_weekly_series_is_the_one_of_MS_OXOCAL_4_1_1_1()
    {
        Assert.Equal(
            "043004300B2001000000C0210000010000000000000032000000222000000C0000000000000000000000000000008020BC0C20ADBC0C06300000093000005802000076020000"
            + "00000000000000000000",
            Convert.ToHexString(Simple.ToBytes()));
        Assert.Equal(Simple.Pattern.EndDate, Simple.Pattern.Dates().Last());
    }

    [Fact]
    public void A_weekly_series_with_an_exception_is_the_one_of_MS_OXOCAL_4_1_1_2()
    {
        var moved = new RecurrenceException
        {
            OriginalStart = new DateTime(2007, 4, 16, 10, 0, 0),
            Start = new DateTime(2007, 4, 16, 11, 0, 0),
            End = new DateTime(2007, 4, 16, 11, 30, 0),
            Subject = ExceptionText.Of("Simple Recurrence with exceptions"),
            Location = ExceptionText.Of("34/4141"),
        };
        var date = new DateTime(2007, 4, 16);
        var series = Simple with { Pattern = Simple.Pattern with { DeletedInstanceDates = [date], ModifiedInstanceDates = [date] }, Exceptions = [moved] };
        Assert.Equal(
            "043004300B2001000000C0210000010000000000000032000000222000000C0000000000000001000000A096BC0C01000000A096BC0C8020BC0C20ADBC0C063000000930000058"
            + "0200007602000001003499BC0C5299BC0CF898BC0C11002200210053696D706C6520526563757272656E6365207769746820657863657074696F6E730800070033342F3431343100"
            + "0000000400000000000000000000003499BC0C5299BC0CF898BC0C2100530069006D0070006C006500200052006500630075007200720065006E0063006500200077006900740068"
            + "00200065007800630065007000740069006F006E0073000700330034002F0034003100340031000000000000000000",
            Convert.ToHexString(series.ToBytes()));
    }

    [Fact]
    public void A_series_every_second_week_passes_over_the_week_between()
    {
        var series = Simple with { Pattern = Simple.Pattern with { Period = 2 } };
        Assert.Equal([26, 29, 30, 9], series.Occurrences().Take(4).Select(occurrence => occurrence.Start.Day));
    }
}
