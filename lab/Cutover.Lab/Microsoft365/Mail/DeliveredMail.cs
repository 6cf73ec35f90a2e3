using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Lab.Microsoft365.Mail;

/// <summary>Mail as the tenant's transport puts it into a mailbox.</summary>
internal static class DeliveredMail
{
    private const int Unread = 0;
    private const int Read = 1;

    public static MapiMessage Of(MimeMessage mime, DateTimeOffset delivered, bool isRead)
    {
        var message = MimeToMapi.Convert(mime);
        message.Properties.Set(PropertyTags.MessageFlags, isRead ? Read : Unread)
            .Set(PropertyTags.MessageDeliveryTime, delivered.UtcDateTime);
        return message;
    }
}
