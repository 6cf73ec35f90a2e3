using System.Text;
using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using Cutover.Mapi.Structures;

namespace Cutover.Fuzz;

/// <summary>Well-formed binary properties, calendars and cards.</summary>
internal static class ItemSeeds
{
    private static readonly TimeZoneRule Rule = new(-60, 0, -60, new TimeZoneChange(0, 10, 0, 5, 3, 0), new TimeZoneChange(0, 3, 0, 5, 2, 0));
    private static readonly DateTime Start = new(2026, 3, 2);

    public static IReadOnlyList<byte[]> Recurrences { get; } =
    [
        Series(RecurrencePatternType.Day, 1440), Series(RecurrencePatternType.Week, 2), Series(RecurrencePatternType.Month, 1), Series(RecurrencePatternType.MonthNth, 12),
        Series(RecurrencePatternType.MonthEnd, 3), Series(RecurrencePatternType.HjMonth, 12), Series(RecurrencePatternType.HjMonthNth, 1), Pattern(RecurrencePatternType.Week, 1).ToBytes(),
    ];

    public static IReadOnlyList<byte[]> RoamingXml { get; } =
    [
        """<?xml version="1.0"?><categories xmlns="CategoryList.xsd"><category name="Klant" color="7" guid="{2B7FB4D4-5C9A-4F0E-9C8E-000000000001}"/></categories>"""u8.ToArray(),
        """<Root xmlns="WorkingHours.xsd"><WorkHoursVersion1><TimeZone><Bias>-60</Bias><Name>W. Europe Standard Time</Name></TimeZone><TimeSlot><Start>08:30:00</Start><End>17:00:00</End></TimeSlot><WorkDays>Monday Friday</WorkDays></WorkHoursVersion1></Root>"""u8.ToArray(),
    ];

    public static IReadOnlyList<byte[]> TimeZoneDefinitions { get; } = [CalendarTimeZone.Of("W. Europe Standard Time", Rule).ToDefinition(isRecurring: true).ToBytes()];

    public static IReadOnlyList<byte[]> TimeZoneStructs { get; } = [new TimeZoneStruct(Rule).ToBytes()];

    public static IReadOnlyList<byte[]> GlobalObjectIds { get; } = [GlobalObjectId.OfUid("a@b").On(Start).ToBytes(), new GlobalObjectId(0, 0, 0, 5, 0, new byte[16]).ToBytes()];

    public static IReadOnlyList<byte[]> EntryIds { get; } = [.. Ids().Select(id => id.ToBytes())];

    public static IReadOnlyList<byte[]> FlatEntryLists { get; } = [new FlatEntryList([.. EntryIds.Select(id => (ReadOnlyMemory<byte>)id)]).ToBytes()];

    public static IReadOnlyList<byte[]> SecurityDescriptors { get; } = [new FolderSecurity(3, 0, default, Security()).ToBytes()];

    public static IReadOnlyList<byte[]> Others { get; } =
    [
        new ConversationIndex(1, 0x01CAE55B20E50000, Guid.Empty, [new ResponseLevel(0, 28478, 9, 0)]).ToBytes(),
        new PredecessorChangeList([new Xid(Guid.Empty, new byte[6]), new Xid(Guid.Empty, new byte[4])]).ToBytes(),
        new AdditionalRenEntryIdsEx([new PersistData(0x8004, [(1, new byte[46])])]).ToBytes(),
        new ExtendedFolderFlags([(1, new byte[4])]).ToBytes(),
        new ReportTag("PCDFEB09\0"u8.ToArray(), 0x00020001, default, default, default, new byte[46], new byte[16], default).ToBytes(),
    ];

    public static IReadOnlyList<byte[]> Rules { get; } =
    [
        new ExtendedRuleCondition([new RulePropertyName(0x837E, PropertyNames.Keywords)],
            new Restriction.And([new Restriction.Exist(PropertyTags.Subject), new Restriction.Not(new Restriction.Exist(PropertyTags.Body))])).ToBytes(),
        new ExtendedRuleActions([], 1, new RuleActions([new RuleAction.Delete(), new RuleAction.Tag(new PropertyValue(PropertyTags.Importance, 2))])).ToBytes(),
    ];

    public static IReadOnlyList<byte[]> Calendars { get; } =
    [
        Encoding.UTF8.GetBytes(
            """
            BEGIN:VCALENDAR
            VERSION:2.0
            METHOD:REQUEST
            BEGIN:VTIMEZONE
            TZID:Here
            BEGIN:STANDARD
            DTSTART:16011028T030000
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:16010325T020000
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
            END:DAYLIGHT
            END:VTIMEZONE
            BEGIN:VEVENT
            UID:a
            DTSTART;TZID=Here:20260316T090000
            DTEND;TZID=Here:20260316T100000
            RRULE:FREQ=MONTHLY;COUNT=5;BYDAY=2MO
            EXDATE;TZID=Here:20260413T090000
            ORGANIZER;CN=Ann:mailto:ann@contoso.com
            ATTENDEE;CN="Ben";PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:ben@contoso.com
            BEGIN:VALARM
            TRIGGER:-PT15M
            END:VALARM
            END:VEVENT
            BEGIN:VEVENT
            UID:a
            RECURRENCE-ID:20260511T070000Z
            DTSTART:20260512T070000Z
            DURATION:P1DT2H
            END:VEVENT
            BEGIN:VTODO
            UID:b
            DUE;VALUE=DATE:20260401
            RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20270101T000000Z
            END:VTODO
            END:VCALENDAR
            """),
    ];

    public static IReadOnlyList<byte[]> Cards { get; } =
    [
        Encoding.UTF8.GetBytes(
            """
            BEGIN:VCARD
            VERSION:2.1
            N;CHARSET=windows-1252;ENCODING=QUOTED-PRINTABLE:M=FCller;Ann;;Dr.;
            ADR;WORK;PREF:;Floor 2;Street 1;City;;1234;NL
            NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=
             two
            PHOTO;JPEG;ENCODING=BASE64:
             /9j/4AAQSkZJRgABAQEAYABgAAD/2w==
            BDAY:1980-05-05
            item1.TEL;TYPE="work,voice":tel:+31-20-555
            EMAIL;PREF=1:ann@contoso.com
            CATEGORIES:a,b\,c
            END:VCARD
            BEGIN:VCARD
            VERSION:4.0
            KIND:group
            FN:Friends
            MEMBER;X-CN="Ann, too":mailto:ann@contoso.com
            END:VCARD
            """),
    ];

    private static IEnumerable<EntryId> Ids()
    {
        var folder = new FolderEntryId(0, Guid.Empty, 1, Guid.Empty, new byte[6], new byte[2]);
        var message = new MessageEntryId(0, Guid.Empty, 7, Guid.Empty, new byte[6], new byte[2], Guid.Empty, new byte[6], new byte[2]);
        var store = new StoreEntryId.WrappedStore(0, Guid.Empty, 12, "EX01", "/o=Contoso/cn=ann");
        return
        [
            folder, message, OneOffEntryId.Of("Ann", "SMTP", "ann@contoso.com"), AddressBookEntryId.Of("/o=Contoso/cn=ann"), new WrappedEntryId(0, 0xC3, message),
            new ContactEntryId(0, 3, 4, 0, message, default), new EphemeralEntryId(0x87, Guid.Empty, 1, 0, 16, default),
            new StoreEntryId(0, 0, 0, "EMSMDB.DLL\0\0\0\0"u8.ToArray(), store, default),
        ];
    }

    private static SecurityDescriptor Security()
    {
        var everyone = new SecurityIdentifier(1, 1, [0]);
        return new SecurityDescriptor(1, 0, 0x8004, everyone, everyone, null, new AccessControlList(2, [new AccessControlEntry(0, 2, 1, default, everyone, default)]));
    }

    private static RecurrencePattern Pattern(RecurrencePatternType type, uint period) => new()
    {
        Frequency = type == RecurrencePatternType.Day ? RecurFrequency.Daily : type == RecurrencePatternType.Week ? RecurFrequency.Weekly : RecurFrequency.Monthly,
        PatternType = type,
        Period = period,
        Days = WeekDays.Monday | WeekDays.Friday,
        DayOfMonth = 31,
        Nth = 5,
        StartDate = Start,
        EndType = RecurrenceEndType.ByDate,
        EndDate = Start.AddYears(3),
        DeletedInstanceDates = [Start],
    };

    private static byte[] Series(RecurrencePatternType type, uint period) => new AppointmentRecurrence
    {
        Pattern = Pattern(type, period),
        StartTimeOffset = 540,
        EndTimeOffset = 600,
        Exceptions = [new RecurrenceException { Start = Start.AddHours(9), End = Start.AddHours(10), OriginalStart = Start.AddHours(9), Subject = ExceptionText.Of("Moved"), BusyStatus = 1 }],
    }.ToBytes();
}
