using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>What events and tasks have in common, as properties. Source: [MS-OXCICAL] 2.1.3.1.1.20.</summary>
internal static class CommonReader
{
    public static void Read(ContentComponent component, PropertyBag item)
    {
        var subject = component.Text("SUMMARY")?.ReplaceLineEndings(" ") ?? "";
        item.Set(PropertyTags.Subject, subject).Set(PropertyTags.NormalizedSubject, subject).Set(PropertyTags.SubjectPrefix, "");
        if (component.Text("DESCRIPTION") is { } description) item.Set(PropertyTags.Body, description);
        var sensitivity = component.Text("CLASS")?.ToUpperInvariant() switch { "X-PERSONAL" => 1, "PRIVATE" => 2, "CONFIDENTIAL" => 3, _ => 0 };
        item.Set(PropertyTags.Sensitivity, sensitivity).Set(PropertyNames.Private, PropertyType.Boolean, sensitivity == 2);
        item.Set(PropertyTags.Importance, component.Text("PRIORITY") switch { "1" or "2" or "3" or "4" => 2, "6" or "7" or "8" or "9" => 0, _ => 1 });
        var keywords = component.All("CATEGORIES").SelectMany(line => ContentText.Split(line.Value, ',')).Select(word => word.Trim())
            .Where(word => word.Length > 0).Distinct().ToArray();
        if (keywords.Length > 0) item.Set(PropertyNames.Keywords, PropertyType.MultipleString, keywords);
    }

    /// <summary>When the first alarm rings, in UTC; null without one that shows anything.</summary>
    public static DateTime? ReminderAt(ContentComponent component, CalendarReading reading)
    {
        if (Trigger(component) is not { } trigger) return null;
        if (CalendarReading.TryDuration(trigger.Value) is not { } duration) return reading.TryTime(trigger, trigger.Value, component)?.ToUtc();
        var related = trigger.Has("RELATED", "END") ? "DUE" : "DTSTART";
        return (reading.TryTime(component, related) ?? reading.TryTime(component, "DUE"))?.ToUtc() is { } time && time.Ticks + duration.Ticks is > 0 and var ticks
            && ticks < DateTime.MaxValue.Ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;
    }

    /// <summary>Minutes from the alarm to the start; null without an alarm.</summary>
    public static int? ReminderDelta(ContentComponent component, CalendarReading reading, DateTime start, TimeSpan length)
    {
        if (Trigger(component) is not { } trigger) return null;
        if (CalendarReading.TryDuration(trigger.Value) is { } duration)
            return Minutes(-(trigger.Has("RELATED", "END") ? duration + length : duration));
        return reading.TryTime(trigger, trigger.Value, component) is { } time ? Minutes(start - time.ToUtc()) : null;
    }

    private static ContentLine? Trigger(ContentComponent component) => component.Components
        .Where(alarm => alarm.Name == "VALARM").Select(alarm => alarm.Line("TRIGGER")).FirstOrDefault(line => line is not null);

    private static int Minutes(TimeSpan span) => (int)Math.Clamp(span.TotalMinutes, 0, 0x7FFFFFF);
}
