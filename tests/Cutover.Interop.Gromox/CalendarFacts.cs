using System.Text.RegularExpressions;

namespace Cutover.Interop.Gromox;

/// <summary>What the events of an iCalendar object say, whoever wrote it: the lines that a person or a calendar acts on, in no order, without parameters.</summary>
internal static partial class CalendarFacts
{
    private static readonly string[] Telling =
        ["METHOD", "UID", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "CLASS", "SEQUENCE", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "ORGANIZER", "ATTENDEE"];

    public static string Of(string text)
    {
        var lines = Folding().Replace(text, "").ReplaceLineEndings("\n").Split('\n');
        var told = Outside(lines).Select(line => Line().Match(line)).Where(line => line.Success && Telling.Contains(line.Groups[1].Value.ToUpperInvariant()));
        return "calendar " + string.Join(' ', told.Select(line => $"{line.Groups[1]}:{line.Groups[2]}".ToLowerInvariant()).Order(StringComparer.Ordinal));
    }

    /// <summary>The lines outside time zones, which have starts and rules of their own.</summary>
    private static IEnumerable<string> Outside(IEnumerable<string> lines)
    {
        var isZone = false;
        foreach (var line in lines)
        {
            if (line == "BEGIN:VTIMEZONE") isZone = true;
            if (!isZone) yield return line;
            if (line == "END:VTIMEZONE") isZone = false;
        }
    }

    // RFC 5545 3.1: a line goes on where the next begins with a space or a tab.
    [GeneratedRegex("\r?\n[ \t]")]
    private static partial Regex Folding();

    [GeneratedRegex("^([A-Za-z-]+)(?:;(?:[^:\"]|\"[^\"]*\")*)?:(.*)$")]
    private static partial Regex Line();
}
