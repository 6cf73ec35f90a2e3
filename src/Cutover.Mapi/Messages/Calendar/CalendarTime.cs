namespace Cutover.Mapi.Messages.Calendar;

/// <summary>A date or a time of an iCalendar file, on the clocks that it names.</summary>
internal sealed record CalendarTime(DateTime Local, CalendarTimeZone Zone, bool IsDate)
{
    public DateTime ToUtc() => Zone.ToUtc(Local);

    /// <summary>The same moment on other clocks; a date is that date everywhere.</summary>
    public DateTime On(CalendarTimeZone zone) => IsDate || zone == Zone ? Local : zone.ToLocal(ToUtc());
}

/// <summary>What could not be kept of a file, for the person who reads the report.</summary>
/// <param name="Uid">The event or task; null where the whole file is meant.</param>
public sealed record CalendarProblem(string? Uid, string What)
{
    public override string ToString() => Uid is null ? What : $"{Uid}: {What}";
}

/// <summary>The items of an iCalendar file, and what of it no item can hold.</summary>
public sealed record CalendarImport(IReadOnlyList<MapiMessage> Items, IReadOnlyList<CalendarProblem> Problems);
