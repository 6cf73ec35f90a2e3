using CsCheck;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.Messages.Calendar;

/// <summary>Series as Outlook makes them: every pattern, end, and some occurrences deleted or moved.</summary>
internal static class CalendarGenerators
{
    public static readonly CalendarTimeZone Amsterdam = CalendarTimeZone.Of("W. Europe Standard Time", new TimeZoneRule(
        -60, 0, -60, new TimeZoneChange(0, 10, 0, 5, 3, 0), new TimeZoneChange(0, 3, 0, 5, 2, 0)));

    private static readonly Gen<WeekDays> Days = Gen.Int[1, 127].Select(mask => (WeekDays)mask);
    private static readonly Gen<DateTime> Dates = Gen.Int[0, 12_000].Select(days => new DateTime(2007, 1, 1).AddDays(days));

    private static readonly Gen<RecurrencePattern> Shapes = Gen.OneOf(
        Gen.Select(Dates, Gen.UInt[1, 40]).Select((start, days) => Shape(RecurFrequency.Daily, RecurrencePatternType.Day, days * 1440, start)),
        Gen.Select(Dates, Gen.UInt[1, 6], Days, Gen.UInt[0, 6]).Select((start, weeks, days, first) =>
            Shape(RecurFrequency.Weekly, RecurrencePatternType.Week, weeks, start) with { Days = days, FirstDayOfWeek = first }),
        Gen.Select(Dates, Gen.UInt[1, 14], Gen.UInt[1, 31]).Select((start, months, day) =>
            Shape(RecurFrequency.Monthly, RecurrencePatternType.Month, months, start) with { DayOfMonth = day }),
        Gen.Select(Dates, Gen.UInt[1, 14], Days, Gen.UInt[1, 5]).Select((start, months, days, nth) =>
            Shape(RecurFrequency.Monthly, RecurrencePatternType.MonthNth, months, start) with { Days = days, Nth = nth }),
        Gen.Select(Dates, Gen.UInt[1, 14]).Select((start, months) =>
            Shape(RecurFrequency.Monthly, RecurrencePatternType.MonthEnd, months, start) with { DayOfMonth = 31 }),
        Gen.Select(Dates, Gen.UInt[1, 3], Gen.UInt[1, 31]).Select((start, years, day) =>
            Shape(RecurFrequency.Yearly, RecurrencePatternType.Month, 12 * years, start) with { DayOfMonth = day }),
        Gen.Select(Dates, Gen.UInt[1, 3], Days, Gen.UInt[1, 5]).Select((start, years, days, nth) =>
            Shape(RecurFrequency.Yearly, RecurrencePatternType.MonthNth, 12 * years, start) with { Days = days, Nth = nth }));

    // Never between two and three: of the hour that clocks leave out in spring, Ical.Net matches no EXDATE. TimeZoneTests look at that hour.
    private static readonly Gen<uint> Starts = Gen.OneOf(Gen.UInt[0, 119], Gen.UInt[180, 1439]);

    public static readonly Gen<AppointmentRecurrence> Series =
        Gen.Select(Shapes, Gen.Int[0, 2], Gen.Int[1, 60], Starts, Gen.UInt[0, 600], Gen.Int[0, 30].Array[0, 4], Gen.Int[0, 30].Array[0, 2])
            .Select((shape, end, count, start, length, deleted, moved) => Complete(shape, end, count, start, length, deleted, moved));

    public static MapiMessage Appointment(AppointmentRecurrence series, CalendarTimeZone zone)
    {
        var first = series.Pattern.Dates().First();
        var message = new MapiMessage();
        message.Properties
            .Set(PropertyTags.MessageClass, "IPM.Appointment").Set(PropertyTags.Subject, "Team meeting; room, 4")
            .Set(PropertyNames.AppointmentRecur, PropertyType.Binary, series.ToBytes())
            .Set(PropertyNames.AppointmentStartWhole, PropertyType.Time, zone.ToUtc(first.AddMinutes(series.StartTimeOffset)))
            .Set(PropertyNames.AppointmentEndWhole, PropertyType.Time, zone.ToUtc(first.AddMinutes(series.EndTimeOffset)))
            .Set(PropertyNames.AppointmentTimeZoneDefinitionRecur, PropertyType.Binary, zone.ToDefinition(isRecurring: true).ToBytes())
            .Set(PropertyNames.GlobalObjectId, PropertyType.Binary, GlobalObjectId.OfUid("series@contoso.com").ToBytes());
        return message;
    }

    private static RecurrencePattern Shape(RecurFrequency frequency, RecurrencePatternType type, uint period, DateTime start) =>
        new() { Frequency = frequency, PatternType = type, Period = period, StartDate = start, EndType = RecurrenceEndType.Never };

    private static AppointmentRecurrence Complete(RecurrencePattern shape, int end, int count, uint start, uint length, int[] deleted, int[] moved)
    {
        var dates = shape.Dates().Take(count).ToList();
        var pattern = shape with
        {
            StartDate = dates[0],
            EndType = new[] { RecurrenceEndType.ByDate, RecurrenceEndType.AfterCount, RecurrenceEndType.Never }[end],
            EndDate = end == 2 ? RecurrenceTime.NoEnd : dates[^1],
            OccurrenceCount = (uint)count,
        };
        var gone = deleted.Where(index => index < count && index > 0).Select(index => dates[index]).Distinct().ToList();
        var exceptions = moved.Where(index => index < count).Select(index => dates[index]).Except(gone).Distinct().Select(date => new RecurrenceException
        {
            Start = date.AddMinutes(start).AddMinutes(30),
            End = date.AddMinutes(start + length).AddMinutes(45),
            OriginalStart = date.AddMinutes(start),
            Subject = ExceptionText.Of("Moved, naïvely"),
        }).OrderBy(exception => exception.Start).ToList();
        return new AppointmentRecurrence
        {
            Pattern = pattern with
            {
                FirstDateTime = RecurrencePattern.FirstDateTimeOf(pattern.PatternType, pattern.StartDate, pattern.Period, (DayOfWeek)pattern.FirstDayOfWeek),
                DeletedInstanceDates = [.. gone.Concat(exceptions.Select(exception => exception.OriginalStart.Date)).Order()],
                ModifiedInstanceDates = [.. exceptions.Select(exception => exception.Start.Date).Order()],
            },
            StartTimeOffset = start,
            EndTimeOffset = start + length,
            Exceptions = exceptions,
        };
    }
}
