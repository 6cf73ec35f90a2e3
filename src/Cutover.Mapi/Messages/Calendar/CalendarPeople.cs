using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>ORGANIZER and ATTENDEE of a meeting. Source: [MS-OXCICAL] 2.1.3.1.1.20.2, 2.1.3.1.1.20.16; [MS-OXOCAL] 2.2.4.10.</summary>
internal static class CalendarPeople
{
    private const int Organizer = 0x2; // recipOrganizer of PidTagRecipientFlags
    private const int Deleted = 0x20; // recipExceptionalDeleted: not asked to this occurrence
    private const int Meeting = 1; // asfMeeting of PidLidAppointmentStateFlags
    private const int Optional = 2;
    private const int Resource = 3;

    public static void Write(MapiMessage message, SmtpAddresses addresses, ContentComponent component)
    {
        var organizer = OrganizerOf(message);
        if (organizer is null) return;
        var isReply = MeetingMessages.IsReply(message);
        component.Add(Person("ORGANIZER", organizer, addresses));
        if (isReply) component.Add(Responder(message, addresses));
        else foreach (var row in Attendees(message)) component.Add(Attendee(row, message.Properties, addresses));
    }

    /// <summary>Who called the meeting; null for an appointment that nobody was asked to.</summary>
    private static MessageAddress? OrganizerOf(MapiMessage message)
    {
        var flagged = message.Recipients.Find(row => (row.GetInteger(PropertyTags.RecipientFlags) & Organizer) != 0);
        if (flagged is not null) return MessagePeople.Recipient(flagged);
        // An answer goes to whom it was asked by.
        if (MeetingMessages.IsReply(message)) return message.Recipients.Select(MessagePeople.Recipient).FirstOrDefault(person => person is not null);
        var isMeeting = message.Recipients.Count > 0 || (message.Properties[PropertyNames.AppointmentStateFlags] is int state && (state & Meeting) != 0);
        return isMeeting ? MessagePeople.SentRepresenting(message.Properties) ?? MessagePeople.Sender(message.Properties) : null;
    }

    private static IEnumerable<PropertyBag> Attendees(MapiMessage message) => message.Recipients.Where(row =>
        (row.GetInteger(PropertyTags.RecipientFlags) & (Organizer | Deleted)) is null or 0 && row.GetInteger(PropertyTags.RecipientType) is not 0);

    private static ContentLine Attendee(PropertyBag row, PropertyBag message, SmtpAddresses addresses)
    {
        var person = MessagePeople.Recipient(row) ?? MessageAddress.Smtp(null, "unknown@invalid");
        var type = row.GetInteger(PropertyTags.RecipientType) & 0xF;
        var isAnswerAsked = message[PropertyTags.ResponseRequested] as bool? ?? message[PropertyTags.ReplyRequested] as bool? ?? false;
        var line = Person("ATTENDEE", person, addresses);
        if (type == Resource) line = line.With("CUTYPE", "RESOURCE");
        line = line.With("ROLE", type switch { Optional => "OPT-PARTICIPANT", Resource => "NON-PARTICIPANT", _ => "REQ-PARTICIPANT" });
        line = line.With("PARTSTAT", ParticipationStatus(row.GetInteger(PropertyTags.RecipientTrackStatus)));
        return isAnswerAsked ? line.With("RSVP", "TRUE") : line;
    }

    private static ContentLine Responder(MapiMessage message, SmtpAddresses addresses)
    {
        var person = MessagePeople.SentRepresenting(message.Properties) ?? MessagePeople.Sender(message.Properties) ?? MessageAddress.Smtp(null, "unknown@invalid");
        return Person("ATTENDEE", person, addresses).With("PARTSTAT", ParticipationStatus(MeetingMessages.ResponseOf(message)));
    }

    private static ContentLine Person(string name, MessageAddress person, SmtpAddresses addresses)
    {
        var line = ContentLine.Of(name, "mailto:" + (addresses.Find(person) ?? "unknown@invalid").Trim());
        return person.Name.Length == 0 ? line : line.With("CN", person.Name);
    }

    // Source: [MS-OXOCAL] 2.2.1.11.
    private static string ParticipationStatus(int? response) => response switch { 2 => "TENTATIVE", 3 => "ACCEPTED", 4 => "DECLINED", _ => "NEEDS-ACTION" };
}
