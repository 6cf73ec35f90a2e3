using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Properties;
using Ical.Net.CalendarComponents;

namespace Cutover.Mapi.Tests.Messages.Calendar;

/// <summary>Calendars that nobody here wrote, made into items and back; Ical.Net tells what each text means.</summary>
public sealed class ICalendarCorpusTests(ITestOutputHelper output)
{
    private const int Compared = 60;

    public static TheoryData<string> Files()
    {
        if (SharedMaterial.Find("corpora/ical") is not { } folder) return ["corpora/ical"];
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".ics" or ".txt")
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_calendar_keeps_its_events_or_says_what_it_loses(string file)
    {
        var text = File.ReadAllText(Path.Combine(SharedMaterial.Require("corpora/ical"), file));
        CalendarImport import;
        try
        {
            import = ICalendarToMapi.Read(text);
        }
        catch (MapiProtocolException e)
        {
            output.WriteLine($"refused: {e.Message}");
            Assert.Contains(e.Message.Split(' ')[0], (string[])["Line", "The"]);
            return;
        }
        foreach (var problem in import.Problems) output.WriteLine($"problem: {problem}");
        if (TheirCalendars(text) is not { } before) return;
        var lossy = import.Problems.Select(problem => problem.Uid).ToHashSet();
        var kept = 0;
        foreach (var item in import.Items.Where(item => !item.Properties.GetString(PropertyTags.MessageClass)!.StartsWith("IPM.Task", StringComparison.Ordinal)))
        {
            var uid = GlobalObjectId.Parse((byte[])item.Properties[PropertyNames.CleanGlobalObjectId]!).Uid;
            if (lossy.Contains(uid) || before.Count(calendarEvent => calendarEvent.Uid == uid) != 1 || item.Properties[PropertyNames.IsException] is true) continue;
            var again = TheirCalendars(MapiToICalendar.Write(item, SmtpAddresses.None));
            Assert.NotNull(again);
            AssertSame(before.Single(calendarEvent => calendarEvent.Uid == uid), again.First(calendarEvent => calendarEvent.RecurrenceIdentifier is null), file);
            kept++;
        }
        output.WriteLine($"{kept} of {import.Items.Count} items compared");
    }

    private static void AssertSame(CalendarEvent before, CalendarEvent again, string file)
    {
        Assert.Equal(before.Uid, again.Uid);
        Assert.Equal((before.Summary ?? "").ReplaceLineEndings(" "), again.Summary ?? "");
        Assert.Equal(before.IsAllDay, again.IsAllDay);
        // A date as the end of a series of times counts wholly here; Ical.Net ends at its midnight.
        if (!before.IsAllDay && before.RecurrenceRule?.Until is { HasTime: false }) return;
        var isLocal = before.IsAllDay || before.DtStart!.IsFloating;
        var (ours, theirs) = (Occurrences(again, isLocal), Occurrences(before, isLocal));
        if (theirs is not null) Assert.True(theirs.SequenceEqual(ours ?? []), $"{file} {before.Uid}\nbefore {Tell(theirs)}\nagain {Tell(ours)}");
    }

    private static string Tell(IEnumerable<DateTime>? times) => string.Join(' ', (times ?? []).Select(time => time.ToString("s")));

    // Null when Ical.Net can't evaluate it either.
    private static List<DateTime>? Occurrences(CalendarEvent calendarEvent, bool isLocal)
    {
        try
        {
            return [.. calendarEvent.GetOccurrences().Take(Compared).Select(occurrence => occurrence.Period.StartTime)
                .Select(time => isLocal ? time.Value : time.AsUtc)];
        }
        catch (Exception e) when (e is Ical.Net.Evaluation.EvaluationException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // Null for what Ical.Net can't read.
    private static List<CalendarEvent>? TheirCalendars(string text)
    {
        try
        {
            return [.. Ical.Net.CalendarCollection.Load(text).SelectMany(calendar => calendar.Events).Where(calendarEvent => calendarEvent.DtStart is not null)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }
}
