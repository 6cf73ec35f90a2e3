using System.Text;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages;

/// <summary>Who sent or receives a message, as the four properties that MAPI keeps of it. Source: [MS-OXOMSG] 2.2.1, [MS-OXCMSG] 2.2.1.6.</summary>
/// <param name="AddressType">SMTP, or EX for a recipient of the organisation.</param>
/// <param name="EmailAddress">In the words of the address type: an SMTP address or a legacyExchangeDN.</param>
/// <param name="SmtpAddress">Also for an EX address; null when it isn't known.</param>
public sealed record MessageAddress(string Name, string AddressType, string EmailAddress, string? SmtpAddress)
{
    private const int MailUser = 6; // MAPI_MAILUSER
    private const int SendableRecipient = 1; // recipSendable of PidTagRecipientFlags

    public static MessageAddress Smtp(string? name, string address) =>
        new(string.IsNullOrWhiteSpace(name) ? address : name, "SMTP", address, address);

    public static MessageAddress Exchange(string name, string legacyExchangeDN, string? smtpAddress) => new(name, "EX", legacyExchangeDN, smtpAddress);

    /// <summary>True when only the organisation's address book can tell the SMTP address.</summary>
    public bool IsUnresolved => SmtpAddress is null && AddressType == "EX" && EmailAddress.Length > 0;

    public byte[] EntryId => AddressType == "EX" ? AddressEntryId.AddressBook(EmailAddress) : AddressEntryId.OneOff(Name, AddressType, EmailAddress);

    /// <summary>TYPE:ADDRESS in capitals with its NUL. Source: [MS-OXCPRPT] 2.2.1.9.</summary>
    public byte[] SearchKey => Encoding.UTF8.GetBytes($"{AddressType}:{EmailAddress}\0".ToUpperInvariant());

    /// <summary>Makes this the sender: who really sent it.</summary>
    public void SetSender(PropertyBag message)
    {
        message
            .Set(PropertyTags.SenderName, Name)
            .Set(PropertyTags.SenderAddressType, AddressType)
            .Set(PropertyTags.SenderEmailAddress, EmailAddress)
            .Set(PropertyTags.SenderEntryId, EntryId)
            .Set(PropertyTags.SenderSearchKey, SearchKey);
        if (SmtpAddress is not null) message.Set(PropertyTags.SenderSmtpAddress, SmtpAddress);
    }

    /// <summary>Makes this the From: in whose name it was sent.</summary>
    public void SetSentRepresenting(PropertyBag message)
    {
        message
            .Set(PropertyTags.SentRepresentingName, Name)
            .Set(PropertyTags.SentRepresentingAddressType, AddressType)
            .Set(PropertyTags.SentRepresentingEmailAddress, EmailAddress)
            .Set(PropertyTags.SentRepresentingEntryId, EntryId)
            .Set(PropertyTags.SentRepresentingSearchKey, SearchKey);
        if (SmtpAddress is not null) message.Set(PropertyTags.SentRepresentingSmtpAddress, SmtpAddress);
    }

    /// <summary>Makes this the mailbox that the message was delivered to.</summary>
    public void SetReceivedBy(PropertyBag message)
    {
        message
            .Set(PropertyTags.ReceivedByName, Name)
            .Set(PropertyTags.ReceivedByAddressType, AddressType)
            .Set(PropertyTags.ReceivedByEmailAddress, EmailAddress)
            .Set(PropertyTags.ReceivedByEntryId, EntryId)
            .Set(PropertyTags.ReceivedBySearchKey, SearchKey);
        if (SmtpAddress is not null) message.Set(PropertyTags.ReceivedBySmtpAddress, SmtpAddress);
    }

    /// <summary>A row of the recipient table as Exchange stores it.</summary>
    /// <param name="recipientType">1 To, 2 Cc, 3 Bcc.</param>
    /// <param name="order">PidTagRecipientOrder, counted from 0.</param>
    public PropertyBag ToRecipient(int recipientType, int order)
    {
        var row = new PropertyBag
        {
            new(PropertyTags.RecipientType, recipientType),
            new(PropertyTags.DisplayName, Name),
            new(PropertyTags.AddressType, AddressType),
            new(PropertyTags.EmailAddress, EmailAddress),
            new(PropertyTags.EntryId, EntryId),
            new(PropertyTags.SearchKey, SearchKey),
            new(PropertyTags.ObjectType, MailUser),
            new(PropertyTags.DisplayType, 0),
            new(PropertyTags.Responsibility, true),
            new(PropertyTags.SendRichInfo, AddressType == "EX"),
            new(PropertyTags.SendInternetEncoding, 0),
            new(PropertyTags.TransmittableDisplayName, Name),
            new(PropertyTags.RecipientDisplayName, Name),
            new(PropertyTags.RecipientEntryId, EntryId),
            new(PropertyTags.RecipientFlags, SendableRecipient),
            new(PropertyTags.RecipientTrackStatus, 0),
            new(PropertyTags.RecipientOrder, order),
        };
        if (SmtpAddress is not null) row.Add(new PropertyValue(PropertyTags.SmtpAddress, SmtpAddress));
        return row;
    }
}
