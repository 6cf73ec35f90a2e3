using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>ORGANIZER and ATTENDEE as sender and recipients. Source: [MS-OXCICAL] 2.1.3.1.1.20.2, 2.1.3.1.1.20.16.</summary>
internal static class EventPeopleReader
{
    private const int OrganizerFlags = 3; // recipSendable, recipOrganizer
    private const int Required = 1;
    private const int Optional = 2;
    private const int Resource = 3;

    public static void Read(ContentComponent component, MapiMessage message)
    {
        var organizer = component.Line("ORGANIZER") is { } line ? Person(line) : null;
        var attendees = component.All("ATTENDEE").Select(attendee => (Line: attendee, Person: Person(attendee))).ToList();
        if (MeetingMessages.IsReply(message)) ReadReply(message, organizer, attendees.Count > 0 ? attendees[0].Person : null);
        else ReadMeeting(message, organizer, attendees);
    }

    private static void ReadReply(MapiMessage message, MessageAddress? organizer, MessageAddress? responder)
    {
        responder?.SetSender(message.Properties);
        responder?.SetSentRepresenting(message.Properties);
        if (organizer is not null) message.Recipients.Add(organizer.ToRecipient(Required, 0));
    }

    private static void ReadMeeting(MapiMessage message, MessageAddress? organizer, List<(ContentLine Line, MessageAddress Person)> attendees)
    {
        organizer?.SetSender(message.Properties);
        organizer?.SetSentRepresenting(message.Properties);
        if (organizer is not null && attendees.Count > 0)
            message.Recipients.Add(organizer.ToRecipient(Required, 0).Set(PropertyTags.RecipientFlags, OrganizerFlags));
        foreach (var (line, person) in attendees.Where(attendee => !IsSame(attendee.Person, organizer)))
            message.Recipients.Add(person.ToRecipient(TypeOf(line), message.Recipients.Count).Set(PropertyTags.RecipientTrackStatus, StatusOf(line)));
        if (attendees.Exists(attendee => attendee.Line.Has("RSVP", "TRUE")))
            message.Properties.Set(PropertyTags.ResponseRequested, true).Set(PropertyTags.ReplyRequested, true);
        SetNames(message);
    }

    private static void SetNames(MapiMessage message)
    {
        if (message.Recipients.Count == 0) return;
        var attendees = message.Recipients.Where(row => row.GetInteger(PropertyTags.RecipientFlags) != OrganizerFlags).ToList();
        string Names(Func<PropertyBag, bool> chosen) => string.Join("; ", attendees.Where(chosen).Select(row => row.GetString(PropertyTags.DisplayName)));
        message.Properties.Set(PropertyNames.AllAttendeesString, PropertyType.String, Names(_ => true));
        message.Properties.Set(PropertyNames.ToAttendeesString, PropertyType.String, Names(row => row.GetInteger(PropertyTags.RecipientType) == Required));
        message.Properties.Set(PropertyNames.CcAttendeesString, PropertyType.String, Names(row => row.GetInteger(PropertyTags.RecipientType) == Optional));
    }

    private static bool IsSame(MessageAddress person, MessageAddress? other) =>
        other is not null && person.EmailAddress.Equals(other.EmailAddress, StringComparison.OrdinalIgnoreCase);

    private static MessageAddress Person(ContentLine line)
    {
        const string mailto = "mailto:";
        var address = line.Value.Trim();
        if (address.StartsWith(mailto, StringComparison.OrdinalIgnoreCase)) address = address[mailto.Length..];
        if (line.Parameter("EMAIL") is { Length: > 0 } email && !address.Contains('@', StringComparison.Ordinal)) address = email;
        return MessageAddress.Smtp(line.Parameter("CN"), address);
    }

    private static int TypeOf(ContentLine line) => line.Parameter("CUTYPE")?.ToUpperInvariant() is "RESOURCE" or "ROOM" ? Resource
        : line.Parameter("ROLE")?.ToUpperInvariant() switch { "OPT-PARTICIPANT" => Optional, "NON-PARTICIPANT" => Optional, _ => Required };

    // Source: [MS-OXOCAL] 2.2.1.11.
    private static int StatusOf(ContentLine line) =>
        line.Parameter("PARTSTAT")?.ToUpperInvariant() switch { "TENTATIVE" => 2, "ACCEPTED" => 3, "DECLINED" => 4, _ => 0 };
}
