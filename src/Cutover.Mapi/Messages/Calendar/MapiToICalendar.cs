using System.Globalization;
using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>Writes appointments, meeting messages and tasks as iCalendar. What is lost is listed in docs/protocols/calendar-contacts.md. Source: [MS-OXCICAL] 2.1.3.</summary>
public static class MapiToICalendar
{
    /// <summary>One VCALENDAR with the item, its modified occurrences and the time zones that it goes by.</summary>
    /// <exception cref="MapiProtocolException">A binary property is broken, or the item has no start.</exception>
    public static string Write(MapiMessage message, SmtpAddresses addresses)
    {
        var calendar = new ContentComponent("VCALENDAR").Add(ContentLine.Of("PRODID", "-//Cutover//Cutover.Mapi//EN")).Add(ContentLine.Of("VERSION", "2.0"));
        if (TaskItems.IsTask(message))
        {
            calendar.Components.Add(TaskItems.Write(message));
            return ContentWriter.Write(calendar);
        }
        calendar.Add(ContentLine.Of("METHOD", MeetingMessages.MethodOf(message)));
        var events = new EventWriter(message, addresses).Write();
        calendar.Components.AddRange(events.Zones.Where(zone => zone != CalendarTimeZone.Utc).DistinctBy(zone => zone.Name).Select(TimeZoneComponents.Write));
        calendar.Components.AddRange(events.Components);
        return ContentWriter.Write(calendar);
    }

    /// <summary>What events and tasks have in common.</summary>
    internal static ContentComponent WriteCommon(ContentComponent component, PropertyBag item)
    {
        component.AddText("SUMMARY", item.GetString(PropertyTags.Subject));
        component.AddText("DESCRIPTION", MapiBodies.Of(item).Text);
        component.Add(ContentLine.Of("CLASS", item.GetInteger(PropertyTags.Sensitivity) switch { 1 => "X-PERSONAL", 2 => "PRIVATE", 3 => "CONFIDENTIAL", _ => "PUBLIC" }));
        component.Add(ContentLine.Of("PRIORITY", item.GetInteger(PropertyTags.Importance) switch { 0 => "9", 2 => "1", _ => "5" }));
        if (item[PropertyNames.Keywords] is string[] { Length: > 0 } keywords)
            component.Add(ContentLine.Of("CATEGORIES", ContentText.Join(keywords, ',')));
        if (item[PropertyTags.CreationTime] is DateTime created) component.Add(ContentLine.Of("CREATED", CalendarValues.Utc(created)));
        if (item[PropertyTags.LastModificationTime] is DateTime modified) component.Add(ContentLine.Of("LAST-MODIFIED", CalendarValues.Utc(modified)));
        return component;
    }

    internal static ContentLine Stamp(PropertyBag item) => ContentLine.Of("DTSTAMP", CalendarValues.Utc(
        item[PropertyNames.OwnerCriticalChange] as DateTime? ?? item[PropertyTags.LastModificationTime] as DateTime?
        ?? item[PropertyTags.CreationTime] as DateTime? ?? DateTime.UnixEpoch));

    // An item without an id of its own is known by its search key, which copies keep.
    internal static string FallbackUid(PropertyBag item) =>
        item[PropertyTags.SearchKey] is byte[] { Length: > 0 } key ? Convert.ToHexString(key) : item.GetString(PropertyTags.InternetMessageId) ?? "unknown";

    internal static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
