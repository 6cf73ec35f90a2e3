using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages;

/// <summary>Puts what a part says on the message that it came in: the mail's own header, text and recipients stay.</summary>
internal static class ItemOverlay
{
    private static readonly HashSet<ushort> OfTheMail =
    [
        PropertyTags.Subject.Id, PropertyTags.NormalizedSubject.Id, PropertyTags.SubjectPrefix.Id, PropertyTags.Body.Id, PropertyTags.Importance.Id,
        PropertyTags.SenderName.Id, PropertyTags.SenderAddressType.Id, PropertyTags.SenderEmailAddress.Id, PropertyTags.SenderEntryId.Id,
        PropertyTags.SenderSearchKey.Id, PropertyTags.SenderSmtpAddress.Id, PropertyTags.SentRepresentingName.Id, PropertyTags.SentRepresentingAddressType.Id,
        PropertyTags.SentRepresentingEmailAddress.Id, PropertyTags.SentRepresentingEntryId.Id, PropertyTags.SentRepresentingSearchKey.Id,
        PropertyTags.SentRepresentingSmtpAddress.Id,
    ];

    public static void Apply(MapiMessage item, MapiMessage message)
    {
        foreach (var property in item.Properties)
        {
            if (property.Name is { } name) message.Properties.Set(name, property.Tag.Type, property.Value);
            else if (!OfTheMail.Contains(property.Tag.Id) || message.Properties[property.Tag] is null) message.Properties.Set(property.Tag, property.Value);
        }
        // A meeting message was sent to whom its header says; an appointment has no header that says.
        var isStored = item.Properties.GetString(PropertyTags.MessageClass) == MeetingMessages.Appointment;
        if (isStored && message.Recipients.Count == 0) message.Recipients.AddRange(item.Recipients);
        message.Attachments.AddRange(item.Attachments);
    }
}
