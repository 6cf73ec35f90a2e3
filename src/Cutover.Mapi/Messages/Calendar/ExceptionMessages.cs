using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>Modified occurrences as messages: the series' properties, what the blob overrides, and what the exception attachment holds. Source: [MS-OXOCAL] 2.2.10.</summary>
internal static class ExceptionMessages
{
    private const int Meeting = 1;
    private static readonly PropertyTag[] Bodies = [PropertyTags.Body, PropertyTags.Html, PropertyTags.RtfCompressed, PropertyTags.RtfInSync, PropertyTags.NativeBody];

    /// <summary>The occurrence as if it were an item of its own.</summary>
    public static MapiMessage Merge(MapiMessage series, RecurrenceException exception, CalendarTimeZone zone)
    {
        var embedded = Find(series, exception, zone);
        var merged = new MapiMessage
        {
            Properties = new PropertyBag(series.Properties),
            Recipients = embedded is { Recipients.Count: > 0 } ? embedded.Recipients : series.Recipients,
            Attachments = embedded?.Attachments ?? [],
        };
        // A body of its own, in whatever form, stands for all forms of the series'.
        if (embedded is not null && Array.Exists(Bodies, body => embedded.Properties[body] is not null))
            merged.Properties.RemoveAll(property => Array.Exists(Bodies, body => property.Name is null && property.Tag.Id == body.Id));
        foreach (var property in embedded?.Properties ?? []) Overlay(merged.Properties, property);
        merged.Properties.Set(PropertyTags.MessageClass, series.Properties.GetString(PropertyTags.MessageClass) ?? "IPM.Appointment");
        Override(merged.Properties, exception, zone);
        return merged;
    }

    /// <summary>The embedded message of an exception; null when the series has none for it.</summary>
    private static MapiMessage? Find(MapiMessage series, RecurrenceException exception, CalendarTimeZone zone)
    {
        var replaced = zone.ToUtc(exception.OriginalStart);
        return series.Attachments.Find(attachment => attachment.EmbeddedMessage is { } embedded
            && (embedded.Properties[PropertyNames.ExceptionReplaceTime] ?? attachment.Properties[PropertyTags.ExceptionReplaceTime]) is DateTime time
            && time == replaced)?.EmbeddedMessage
            // Local times, although the type says UTC. Source: [MS-OXOCAL] 2.2.10.1.5.
            ?? series.Attachments.Find(attachment => attachment.EmbeddedMessage is not null
                && attachment.Properties[PropertyTags.ExceptionStartTime] is DateTime start && start.Ticks == exception.Start.Ticks)?.EmbeddedMessage;
    }

    private static void Overlay(PropertyBag bag, PropertyValue property)
    {
        if (property.Name is { } name) bag.Set(name, property.Tag.Type, property.Value);
        else bag.Set(property.Tag, property.Value);
    }

    private static void Override(PropertyBag bag, RecurrenceException exception, CalendarTimeZone zone)
    {
        bag.Set(PropertyNames.AppointmentStartWhole, PropertyType.Time, zone.ToUtc(exception.Start));
        bag.Set(PropertyNames.AppointmentEndWhole, PropertyType.Time, zone.ToUtc(exception.End));
        if (exception.Subject is { } subject) bag.Set(PropertyTags.Subject, subject.ToString());
        if (exception.Location is { } location) bag.Set(PropertyNames.Location, PropertyType.String, location.ToString());
        if (exception.BusyStatus is { } busyStatus) bag.Set(PropertyNames.BusyStatus, PropertyType.Integer32, busyStatus);
        if (exception.SubType is { } subType) bag.Set(PropertyNames.AppointmentSubType, PropertyType.Boolean, subType != 0);
        if (exception.ReminderSet is { } reminderSet) bag.Set(PropertyNames.ReminderSet, PropertyType.Boolean, reminderSet != 0);
        if (exception.ReminderDelta is { } delta) bag.Set(PropertyNames.ReminderDelta, PropertyType.Integer32, delta);
        if (exception.MeetingType is { } type) bag.Set(PropertyNames.AppointmentStateFlags, PropertyType.Integer32, type & (Meeting | 2 | 4));
    }
}
