using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Lab.Microsoft365.Mail;

/// <summary>Mail as the tenant's transport stores it: what a reader of the inbox sees.</summary>
internal static class MimeToMapi
{
    private const int ReadFlag = 1;
    private const int ByValue = 1;

    public static MapiMessage Convert(MimeMessage mime, DateTimeOffset delivered, bool isRead)
    {
        var message = new MapiMessage();
        message.Properties.Set(PropertyTags.MessageClass, "IPM.Note")
            .Set(PropertyTags.MessageFlags, isRead ? ReadFlag : 0)
            .Set(PropertyTags.Subject, mime.Subject ?? "")
            .Set(PropertyTags.MessageDeliveryTime, delivered.UtcDateTime)
            .Set(PropertyTags.ClientSubmitTime, mime.Date.UtcDateTime)
            .Set(PropertyTags.InternetMessageId, $"<{mime.MessageId}>")
            .Set(PropertyTags.Body, mime.TextBody ?? "");
        if (mime.HtmlBody is { } html)
            message.Properties.Set(PropertyTags.Html, System.Text.Encoding.UTF8.GetBytes(html)).Set(PropertyTags.InternetCodepage, 65001);
        if (mime.From.Mailboxes.FirstOrDefault() is { } from) AddSender(message.Properties, from);
        AddRecipients(message, mime.To, 1);
        AddRecipients(message, mime.Cc, 2);
        foreach (var part in mime.Attachments.OfType<MimePart>()) message.Attachments.Add(Attachment(part));
        return message;
    }

    private static void AddSender(PropertyBag properties, MailboxAddress from) => properties
        .Set(PropertyTags.SenderName, Name(from))
        .Set(PropertyTags.SenderAddressType, "SMTP")
        .Set(PropertyTags.SenderEmailAddress, from.Address)
        .Set(PropertyTags.SenderSmtpAddress, from.Address)
        .Set(PropertyTags.SentRepresentingName, Name(from))
        .Set(PropertyTags.SentRepresentingAddressType, "SMTP")
        .Set(PropertyTags.SentRepresentingEmailAddress, from.Address)
        .Set(PropertyTags.SentRepresentingSmtpAddress, from.Address);

    private static void AddRecipients(MapiMessage message, InternetAddressList list, int type)
    {
        foreach (var address in list.Mailboxes)
            message.Recipients.Add(new PropertyBag().Set(PropertyTags.RecipientType, type).Set(PropertyTags.DisplayName, Name(address))
                .Set(PropertyTags.AddressType, "SMTP").Set(PropertyTags.EmailAddress, address.Address).Set(PropertyTags.SmtpAddress, address.Address));
    }

    private static MapiAttachment Attachment(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        return new MapiAttachment
        {
            Properties = new PropertyBag().Set(PropertyTags.AttachMethod, ByValue).Set(PropertyTags.AttachLongFilename, part.FileName ?? "attachment")
                .Set(PropertyTags.AttachMimeTag, part.ContentType.MimeType).Set(PropertyTags.AttachDataBinary, bytes.ToArray()),
        };
    }

    private static string Name(MailboxAddress address) => string.IsNullOrEmpty(address.Name) ? address.Address : address.Name;
}
