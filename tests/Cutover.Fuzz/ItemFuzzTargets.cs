using System.Text;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Messages.Contacts;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Structures;

namespace Cutover.Fuzz;

/// <summary>Decoders of binary properties, iCalendar and vCard.</summary>
internal static class ItemFuzzTargets
{
    private const int Occurrences = 200;

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("recurrence", ItemSeeds.Recurrences, ExpandRecurrence),
        new("task-recurrence", ItemSeeds.Recurrences, bytes => _ = RecurrencePattern.Parse(bytes).Dates().Take(Occurrences).Count()),
        new("appointment", ItemSeeds.Recurrences, WriteAppointment),
        new("time-zone-definition", ItemSeeds.TimeZoneDefinitions, UseTimeZone),
        new("time-zone-struct", ItemSeeds.TimeZoneStructs, bytes => _ = CalendarTimeZone.Of("Custom", TimeZoneStruct.Parse(bytes).Rule).ToLocal(DateTime.UnixEpoch)),
        new("global-object-id", ItemSeeds.GlobalObjectIds, bytes => _ = GlobalObjectId.Parse(bytes).Uid),
        new("entry-id", ItemSeeds.EntryIds, bytes => _ = EntryId.Parse(bytes).ToString()),
        new("flat-entry-list", ItemSeeds.FlatEntryLists, bytes => _ = FlatEntryList.Parse(bytes)),
        new("conversation-index", ItemSeeds.Others, bytes => _ = ConversationIndex.Parse(bytes).ToString()),
        new("change-list", ItemSeeds.Others, bytes => _ = PredecessorChangeList.Parse(bytes)),
        new("security-descriptor", ItemSeeds.SecurityDescriptors, bytes => _ = FolderSecurity.Parse(bytes)),
        new("special-folders", ItemSeeds.Others, bytes => _ = AdditionalRenEntryIdsEx.Parse(bytes)),
        new("folder-flags", ItemSeeds.Others, bytes => _ = ExtendedFolderFlags.Parse(bytes)),
        new("report-tag", ItemSeeds.Others, bytes => _ = ReportTag.Parse(bytes)),
        new("extended-rule", ItemSeeds.Rules, bytes => _ = ExtendedRuleCondition.Parse(bytes)),
        new("extended-rule-actions", ItemSeeds.Rules, bytes => _ = ExtendedRuleActions.Parse(bytes)),
        new("category-list", ItemSeeds.RoamingXml, bytes => _ = RoamingXml.ReadCategories(bytes)),
        new("working-hours", ItemSeeds.RoamingXml, bytes => _ = RoamingXml.ReadWorkingHours(bytes)),
        new("icalendar", ItemSeeds.Calendars, ReadCalendar),
        new("vcard", ItemSeeds.Cards, ReadCards),
    ];

    private static void ExpandRecurrence(byte[] bytes)
    {
        var recurrence = AppointmentRecurrence.Parse(bytes);
        _ = recurrence.Occurrences().Take(Occurrences).Count();
        _ = recurrence.ToString();
    }

    private static void WriteAppointment(byte[] bytes)
    {
        var message = new MapiMessage();
        message.Properties.Set(PropertyNames.AppointmentRecur, PropertyType.Binary, bytes);
        _ = MapiToICalendar.Write(message, SmtpAddresses.None);
    }

    private static void UseTimeZone(byte[] bytes)
    {
        var zone = CalendarTimeZone.Of(TimeZoneDefinition.Parse(bytes));
        foreach (var time in (DateTime[])[DateTime.MinValue, DateTime.UnixEpoch, DateTime.MaxValue])
        {
            _ = zone.ToLocal(time);
            _ = zone.ToUtc(time);
        }
    }

    private static void ReadCalendar(byte[] bytes)
    {
        foreach (var item in ICalendarToMapi.Read(Encoding.UTF8.GetString(bytes)).Items) _ = MapiToICalendar.Write(item, SmtpAddresses.None);
    }

    private static void ReadCards(byte[] bytes)
    {
        foreach (var item in VCardToMapi.Read(Encoding.UTF8.GetString(bytes)).Items) _ = MapiToVCard.Write(item, SmtpAddresses.None);
    }
}
