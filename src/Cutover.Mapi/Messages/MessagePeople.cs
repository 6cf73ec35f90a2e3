using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages;

/// <summary>The people that a message names. Source: [MS-OXOMSG] 2.2.1, [MS-OXCMSG] 2.2.1.6.</summary>
public static class MessagePeople
{
    /// <summary>Who really sent it; null when nobody is named.</summary>
    public static MessageAddress? Sender(PropertyBag message) => Person(message, PropertyTags.SenderName, PropertyTags.SenderAddressType,
        PropertyTags.SenderEmailAddress, PropertyTags.SenderSmtpAddress, PropertyTags.SenderEntryId);

    /// <summary>In whose name it was sent; null when nobody is named.</summary>
    public static MessageAddress? SentRepresenting(PropertyBag message) => Person(message, PropertyTags.SentRepresentingName,
        PropertyTags.SentRepresentingAddressType, PropertyTags.SentRepresentingEmailAddress, PropertyTags.SentRepresentingSmtpAddress,
        PropertyTags.SentRepresentingEntryId);

    /// <summary>The mailbox that it was delivered to; null when nobody is named.</summary>
    public static MessageAddress? ReceivedBy(PropertyBag message) => Person(message, PropertyTags.ReceivedByName,
        PropertyTags.ReceivedByAddressType, PropertyTags.ReceivedByEmailAddress, PropertyTags.ReceivedBySmtpAddress, PropertyTags.ReceivedByEntryId);

    /// <summary>The person of a row of the recipient table; null when it names nobody.</summary>
    public static MessageAddress? Recipient(PropertyBag row) => Person(row, PropertyTags.DisplayName, PropertyTags.AddressType,
        PropertyTags.EmailAddress, PropertyTags.SmtpAddress, PropertyTags.EntryId);

    /// <summary>Whom answers go to, of PidTagReplyRecipientEntries.</summary>
    public static IReadOnlyList<MessageAddress> ReplyTo(PropertyBag message) =>
        message[PropertyTags.ReplyRecipientEntries] is byte[] list
            ? [.. AddressEntryId.ReadFlatList(list).Select(AddressEntryId.TryRead).OfType<MessageAddress>()] : [];

    /// <summary>Everybody whom the message and its embedded messages name.</summary>
    internal static IEnumerable<MessageAddress> All(MapiMessage message)
    {
        var messages = new Stack<MapiMessage>([message]);
        while (messages.TryPop(out var next))
        {
            foreach (var person in Of(next)) yield return person;
            foreach (var attachment in next.Attachments)
                if (attachment.EmbeddedMessage is { } embedded) messages.Push(embedded);
        }
    }

    private static IEnumerable<MessageAddress> Of(MapiMessage message) =>
        new[] { Sender(message.Properties), SentRepresenting(message.Properties), ReceivedBy(message.Properties) }
            .Concat(message.Recipients.Select(Recipient)).OfType<MessageAddress>()
            .Concat(ReplyTo(message.Properties));

    // An entry id tells what the other properties don't.
    private static MessageAddress? Person(PropertyBag bag, PropertyTag name, PropertyTag type, PropertyTag email, PropertyTag smtp, PropertyTag entryId)
    {
        var named = bag[entryId] is byte[] id ? AddressEntryId.TryRead(id) : null;
        var address = Text(bag, email) ?? named?.EmailAddress;
        var addressType = (Text(bag, type) ?? named?.AddressType ?? "SMTP").ToUpperInvariant();
        var displayName = Text(bag, name) ?? named?.Name ?? address;
        var smtpAddress = Text(bag, smtp) ?? (addressType == "SMTP" ? address : null);
        return displayName is null && smtpAddress is null ? null : new MessageAddress(displayName ?? "", addressType, address ?? "", smtpAddress);
    }

    private static string? Text(PropertyBag bag, PropertyTag tag) =>
        bag.GetString(tag) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
