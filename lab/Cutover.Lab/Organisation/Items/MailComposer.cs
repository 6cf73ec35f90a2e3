using System.Globalization;
using System.Text;
using Cutover.Core.Recipients;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Organisation.Items;

/// <summary>Writes the mail of one mailbox.</summary>
internal sealed class MailComposer(ContosoOrganisation organisation, Recipient owner, Random random)
{
    private const int Unsent = 0x08;
    private const int FromMe = 0x20;
    private readonly ItemWords words = ItemWords.For(ContosoOrganisation.LanguageOf(owner));
    private readonly List<Recipient> colleagues = [.. organisation.Mailboxes.Where(mailbox => mailbox.LegacyExchangeDN != owner.LegacyExchangeDN)];
    private readonly AttachmentComposer attachments = new(random);

    public MessageAddress Owner { get; } = AddressOf(owner);

    public static MessageAddress AddressOf(Recipient recipient) =>
        MessageAddress.Exchange(recipient.DisplayName, recipient.LegacyExchangeDN, recipient.PrimarySmtpAddress);

    /// <summary>Somebody to write with: mostly a colleague, at times an outsider.</summary>
    public MessageAddress Somebody()
    {
        if (random.Next(10) < 6) return AddressOf(Pick(colleagues));
        var (name, address) = Pick(ItemWords.Outsiders);
        return MessageAddress.Smtp(name, address);
    }

    /// <summary>A conversation that began at some time before.</summary>
    public MailThread NewThread(DateTime latest, TimeSpan? within = null)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        var start = latest.AddMinutes(-random.Next(60, (int)(within ?? TimeSpan.FromDays(3 * 365)).TotalMinutes));
        return new MailThread(Pick(words.Topics), start, new Guid(bytes));
    }

    /// <summary>The thread's next message, from its other party to the owner.</summary>
    public MapiMessage Received(MailThread thread, MessageAddress from)
    {
        var message = Next(thread, from);
        Owner.SetReceivedBy(message.Properties);
        message.Properties.Set(PropertyTags.MessageDeliveryTime, thread.Time.AddSeconds(random.Next(1, 90)));
        AddRecipients(message, Owner);
        if (from.AddressType == "SMTP") message.Properties.Set(PropertyTags.TransportMessageHeaders, Headers(message, from));
        if (random.Next(10) == 0) Flag(message.Properties, thread.Time);
        if (random.Next(8) == 0) message.Properties.Set(PropertyNames.Keywords, PropertyType.MultipleString, new[] { Pick(words.Categories) });
        if (random.Next(12) == 0) Reply(message.Properties, thread.Time);
        return message;
    }

    /// <summary>The thread's next message, from the owner.</summary>
    public MapiMessage Sent(MailThread thread, MessageAddress to)
    {
        var message = Next(thread, Owner);
        message.Properties.Set(PropertyTags.MessageDeliveryTime, thread.Time);
        message.Properties.Set(PropertyTags.MessageFlags, FromMe);
        AddRecipients(message, to);
        return message;
    }

    public MapiMessage Draft(DateTime latest)
    {
        var thread = NewThread(latest);
        var message = Next(thread, Owner);
        message.Properties.Set(PropertyTags.MessageFlags, Unsent);
        message.Properties.RemoveAll(property => property.Tag == PropertyTags.ClientSubmitTime);
        if (random.Next(3) > 0) AddRecipients(message, Somebody());
        return message;
    }

    private MapiMessage Next(MailThread thread, MessageAddress from)
    {
        var prefix = thread.Count == 0 ? "" : random.Next(6) == 0 ? words.ForwardPrefix : words.ReplyPrefix;
        var inReplyTo = thread.LastId;
        var references = thread.References;
        thread.Continue(NewId(from), TimeSpan.FromMinutes(random.Next(3, 2000)));
        var message = MapiItem.New("IPM.Note", prefix, thread.Topic, thread.Time, words.LocaleId, random);
        var properties = message.Properties;
        properties.Set(PropertyTags.ClientSubmitTime, thread.Time);
        properties.Set(PropertyTags.ConversationIndex, thread.Index());
        properties.Set(PropertyTags.InternetMessageId, thread.LastId!);
        if (inReplyTo is not null) properties.Set(PropertyTags.InReplyToId, inReplyTo).Set(PropertyTags.InternetReferences, references);
        from.SetSender(properties);
        from.SetSentRepresenting(properties);
        SetBody(message, from);
        SetOptions(properties);
        if (random.Next(8) == 0) attachments.AddFiles(message);
        if (prefix == words.ForwardPrefix) attachments.AddMessage(message, Original(thread));
        return message;
    }

    private MapiMessage Original(MailThread thread)
    {
        var original = MapiItem.New("IPM.Note", "", thread.Topic, thread.Time.AddDays(-1), words.LocaleId, random);
        var from = Somebody();
        from.SetSender(original.Properties);
        from.SetSentRepresenting(original.Properties);
        original.Properties.Set(PropertyTags.ClientSubmitTime, thread.Time.AddDays(-1));
        AddRecipients(original, Owner);
        SetBody(original, from);
        if (random.Next(3) == 0) attachments.AddFiles(original);
        return original;
    }

    private void AddRecipients(MapiMessage message, MessageAddress to)
    {
        message.Recipients.Add(to.ToRecipient(1, 0));
        for (var extra = random.Next(8) - 5; extra > 0; extra--)
            message.Recipients.Add(Somebody().ToRecipient(random.Next(4) == 0 ? 3 : 2, message.Recipients.Count));
    }

    private void SetBody(MapiMessage message, MessageAddress from)
    {
        var sentences = Enumerable.Range(0, random.Next(2, 9)).Select(_ => Pick(words.Sentences)).ToList();
        if (random.Next(10) < 4)
            message.SetText($"{words.Greeting},\r\n\r\n{string.Join("\r\n", sentences)}\r\n\r\n{words.Closing}\r\n{from.Name}\r\n");
        else
            message.SetHtml(
                "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head><body>"
                + $"<p>{words.Greeting},</p><p>{string.Join("<br>\r\n", sentences)}</p><p>{words.Closing}<br><b>{from.Name}</b></p></body></html>");
    }

    private void SetOptions(PropertyBag properties)
    {
        if (random.Next(20) == 0) properties.Set(PropertyTags.Importance, 2).Set(PropertyTags.Priority, 1);
        if (random.Next(40) == 0) properties.Set(PropertyTags.Importance, 0).Set(PropertyTags.Priority, -1);
        if (random.Next(50) == 0) properties.Set(PropertyTags.Sensitivity, 2);
        if (random.Next(50) == 0) properties.Set(PropertyTags.ReadReceiptRequested, true);
    }

    /// <summary>Flags a message for follow-up, as a click on the flag does. Source: [MS-OXOFLAG] 2.2.</summary>
    public static void Flag(PropertyBag properties, DateTime time)
    {
        const int followUp = 2, red = 6;
        properties.Set(PropertyTags.FlagStatus, followUp).Set(PropertyTags.FollowupIcon, red).Set(PropertyTags.ToDoItemFlags, 1);
        properties.Set(PropertyNames.FlagRequest, PropertyType.String, "Follow up");
        properties.Set(PropertyNames.CommonStart, PropertyType.Time, time.Date);
        properties.Set(PropertyNames.CommonEnd, PropertyType.Time, time.Date);
    }

    private static void Reply(PropertyBag properties, DateTime time)
    {
        const int repliedTo = 102, repliedIcon = 0x105;
        properties.Set(PropertyTags.LastVerbExecuted, repliedTo).Set(PropertyTags.IconIndex, repliedIcon);
        properties.Set(PropertyTags.LastVerbExecutionTime, time.AddMinutes(47));
    }

    private string Headers(MapiMessage message, MessageAddress from)
    {
        var headers = new StringBuilder();
        var date = ((DateTime)message.Properties[PropertyTags.ClientSubmitTime]!).ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        var host = from.EmailAddress[(from.EmailAddress.IndexOf('@') + 1)..];
        headers.Append(CultureInfo.InvariantCulture, $"Received: from mx.{host} (192.0.2.{random.Next(1, 255)}) by mail.{organisation.Domain}\r\n");
        headers.Append(CultureInfo.InvariantCulture, $" with Microsoft SMTP Server; {date}\r\n");
        headers.Append(CultureInfo.InvariantCulture, $"From: <{from.EmailAddress}>\r\nTo: <{owner.PrimarySmtpAddress}>\r\nDate: {date}\r\n");
        headers.Append(CultureInfo.InvariantCulture, $"Message-ID: {message.Properties[PropertyTags.InternetMessageId]}\r\nMIME-Version: 1.0\r\n\r\n");
        return headers.ToString();
    }

    private string NewId(MessageAddress from)
    {
        var address = from.SmtpAddress ?? from.EmailAddress;
        return $"<{random.NextInt64():x16}{random.Next():x8}@{address[(address.IndexOf('@') + 1)..]}>";
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
