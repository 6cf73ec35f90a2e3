using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>The clocks that a calendar item goes by, of the properties that tell them. Source: [MS-OXOCAL] 2.2.1.39 to 2.2.1.43.</summary>
internal static class ItemTimeZones
{
    /// <summary>Of a series the zone that its recurrence is kept in; UTC when nothing tells a zone.</summary>
    /// <exception cref="MapiProtocolException">A time zone property is broken.</exception>
    public static CalendarTimeZone Start(PropertyBag item, bool isRecurring) =>
        (isRecurring ? Defined(item, PropertyNames.AppointmentTimeZoneDefinitionRecur) ?? Structured(item) : null)
        ?? Defined(item, PropertyNames.AppointmentTimeZoneDefinitionStartDisplay) ?? Structured(item) ?? CalendarTimeZone.Utc;

    /// <summary>An appointment may end in another zone than it starts in.</summary>
    /// <exception cref="MapiProtocolException">A time zone property is broken.</exception>
    public static CalendarTimeZone End(PropertyBag item, bool isRecurring) =>
        (isRecurring ? null : Defined(item, PropertyNames.AppointmentTimeZoneDefinitionEndDisplay)) ?? Start(item, isRecurring);

    /// <summary>Sets what tells the zone: definitions, and for a series the struct that older clients read.</summary>
    public static void Set(PropertyBag item, CalendarTimeZone start, CalendarTimeZone end, bool isRecurring)
    {
        item.Set(PropertyNames.AppointmentTimeZoneDefinitionStartDisplay, PropertyType.Binary, start.ToDefinition(isRecurring: false).ToBytes());
        item.Set(PropertyNames.AppointmentTimeZoneDefinitionEndDisplay, PropertyType.Binary, end.ToDefinition(isRecurring: false).ToBytes());
        item.Set(PropertyNames.TimeZoneDescription, PropertyType.String, start.Name);
        if (!isRecurring) return;
        item.Set(PropertyNames.AppointmentTimeZoneDefinitionRecur, PropertyType.Binary, start.ToDefinition(isRecurring: true).ToBytes());
        item.Set(PropertyNames.TimeZoneStruct, PropertyType.Binary, new TimeZoneStruct(start.LastRule).ToBytes());
    }

    private static CalendarTimeZone? Defined(PropertyBag item, PropertyName name) =>
        item[name] is byte[] { Length: > 0 } bytes ? CalendarTimeZone.Of(TimeZoneDefinition.Parse(bytes)) : null;

    private static CalendarTimeZone? Structured(PropertyBag item) => item[PropertyNames.TimeZoneStruct] is byte[] { Length: > 0 } bytes
        ? CalendarTimeZone.Of(item[PropertyNames.TimeZoneDescription] as string ?? "Custom", TimeZoneStruct.Parse(bytes).Rule)
        : null;
}
