using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Cutover.Mapi.Properties;
using MimeKit;
using MimeKit.Utils;

namespace Cutover.Mapi.Messages;

/// <summary>The header of an Internet message as properties and recipients. Source: [MS-OXCMAIL] 2.2.1 to 2.2.3.</summary>
internal static partial class MimeHeaders
{
    private const int LongestHeaderName = 127;
    private const int UnsentFlag = 0x8; // mfUnsent of PidTagMessageFlags

    private static readonly PropertyTag NamedString = new(0x8000, PropertyType.String);

    public static void Convert(MimeMessage message, MapiMessage mapi)
    {
        var properties = mapi.Properties;
        properties.Set(PropertyTags.MessageClass, "IPM.Note");
        properties.Set(PropertyTags.TransportMessageHeaders, RawHeaders(message));
        SetDates(message, properties);
        SetAddresses(message, properties);
        SetSubject(message, properties);
        SetThread(message, properties);
        SetOptions(message, properties);
        SetVoice(message, properties);
        SetKeywords(message, properties);
        SetExtensionHeaders(message, properties);
        AddRecipients(message, mapi);
    }

    /// <summary>A string that a property can hold: NUL ends strings in MAPI.</summary>
    public static string Text(string value) => value.Replace("\0", "", StringComparison.Ordinal);

    // MimeKit parts the header between message and body; their offsets tell the order in which they stood.
    private static string RawHeaders(MimeMessage message)
    {
        var fields = message.Headers.Concat(message.Body?.Headers ?? []).OrderBy(header => header.Offset ?? long.MaxValue);
        return Text(string.Concat(fields.SelectMany(RawLines)));
    }

    // A line that is no field has no colon of its own. Lines of one field may be in different charsets.
    private static IEnumerable<string> RawLines(Header header)
    {
        byte[] field = header.RawField is [.., (byte)'\n'] ? header.RawField : [.. header.RawField, (byte)':', .. header.RawValue];
        for (var start = 0; start < field.Length;)
        {
            var end = Array.IndexOf(field, (byte)'\n', start) is var found and >= 0 ? found : field.Length;
            yield return Decode(field[start..end]).TrimEnd('\r') + "\r\n";
            start = end + 1;
        }
    }

    private static string Decode(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static void SetDates(MimeMessage message, PropertyBag properties)
    {
        if (Time(message.Date) is { } sent) properties.Set(PropertyTags.ClientSubmitTime, sent);
        var received = message.Headers.Where(header => header.Id == HeaderId.Received)
            .Select(header => ReceivedTime(header.Value)).FirstOrDefault(time => time is not null);
        if ((received ?? Time(message.Date)) is { } delivered) properties.Set(PropertyTags.MessageDeliveryTime, delivered);
        SetTime(message, "Reply-By", PropertyTags.ReplyTime, properties);
        SetTime(message, "Deferred-Delivery", PropertyTags.DeferredDeliveryTime, properties);
        SetTime(message, "Expiry-Date", PropertyTags.ExpiryTime, properties);
        SetTime(message, "Expires", PropertyTags.ExpiryTime, properties);
    }

    private static void SetTime(MimeMessage message, string field, PropertyTag tag, PropertyBag properties)
    {
        if (Header(message, field) is { } value && DateUtils.TryParse(value, out var parsed) && Time(parsed) is { } time) properties.Set(tag, time);
    }

    private static DateTime? ReceivedTime(string value) =>
        value.LastIndexOf(';') is var at and >= 0 && DateUtils.TryParse(value[(at + 1)..].Trim(), out var time) ? Time(time) : null;

    // Before 1601 no PtypTime exists; MimeKit answers year 1 where no date stands.
    private static DateTime? Time(DateTimeOffset time) => time.UtcDateTime.Year > 1601 ? time.UtcDateTime : null;

    private static void SetAddresses(MimeMessage message, PropertyBag properties)
    {
        var from = Addresses(message.From).FirstOrDefault();
        var sender = message.Sender is { } mailbox ? Address(mailbox) : from;
        sender?.SetSender(properties);
        (from ?? sender)?.SetSentRepresenting(properties);
        var replyTo = Addresses(message.ReplyTo).ToList();
        if (replyTo.Count == 0) return;
        properties.Set(PropertyTags.ReplyRecipientEntries, AddressEntryId.FlatList([.. replyTo.Select(address => address.EntryId)]));
        properties.Set(PropertyTags.ReplyRecipientNames, string.Join(';', replyTo.Select(address => address.Name)));
    }

    private static void AddRecipients(MimeMessage message, MapiMessage mapi)
    {
        (InternetAddressList List, int Type)[] lists = [(message.To, 1), (message.Cc, 2), (message.Bcc, 3)];
        foreach (var (list, type) in lists)
        {
            foreach (var address in Addresses(list)) mapi.Recipients.Add(address.ToRecipient(type, mapi.Recipients.Count));
        }
        mapi.Properties.Set(PropertyTags.DisplayTo, Names(message.To));
        mapi.Properties.Set(PropertyTags.DisplayCc, Names(message.Cc));
        mapi.Properties.Set(PropertyTags.DisplayBcc, Names(message.Bcc));
    }

    private static string Names(InternetAddressList list) => string.Join("; ", Addresses(list).Select(address => address.Name));

    private static IEnumerable<MessageAddress> Addresses(InternetAddressList list) =>
        list.Mailboxes.Where(mailbox => !string.IsNullOrWhiteSpace(mailbox.Address) || !string.IsNullOrWhiteSpace(mailbox.Name)).Select(Address);

    private static MessageAddress Address(MailboxAddress mailbox)
    {
        var (name, address) = (Text(mailbox.Name ?? ""), Text(mailbox.Address ?? ""));
        return SmtpAddresses.Unpack(address) is { } inner
            ? new MessageAddress(name.Length > 0 ? name : inner.Address, inner.Type, inner.Address, null)
            : MessageAddress.Smtp(name, address);
    }

    private static void SetSubject(MimeMessage message, PropertyBag properties)
    {
        var subject = Text(message.Subject ?? "");
        var prefix = SubjectPrefix().Match(subject).Value;
        properties.Set(PropertyTags.Subject, subject);
        properties.Set(PropertyTags.SubjectPrefix, prefix);
        properties.Set(PropertyTags.NormalizedSubject, subject[prefix.Length..]);
        properties.Set(PropertyTags.ConversationTopic, Header(message, "Thread-Topic") ?? subject[prefix.Length..]);
    }

    private static void SetThread(MimeMessage message, PropertyBag properties)
    {
        if (Header(message, "Message-Id") is { } id) properties.Set(PropertyTags.InternetMessageId, id);
        if (Header(message, "In-Reply-To") is { } inReplyTo) properties.Set(PropertyTags.InReplyToId, inReplyTo);
        if (Header(message, "References") is { } references) properties.Set(PropertyTags.InternetReferences, references);
        properties.Set(PropertyTags.ConversationIndex, ConversationIndex(message, properties));
    }

    // Without a Thread-Index, a header block of its own: date, then a GUID that all messages of the thread share. Source: [MS-OXOMSG] 2.2.1.3.
    private static byte[] ConversationIndex(MimeMessage message, PropertyBag properties)
    {
        if (Header(message, "Thread-Index") is { } header)
        {
            var index = new byte[header.Length];
            if (System.Convert.TryFromBase64String(header.Replace(" ", "", StringComparison.Ordinal), index, out var length) && length >= 22) return index[..length];
        }
        var root = message.References.FirstOrDefault() ?? message.MessageId ?? properties.GetString(PropertyTags.NormalizedSubject) ?? "";
        var made = new byte[22];
        made[0] = 1;
        var time = properties[PropertyTags.ClientSubmitTime] is DateTime sent ? FileTime.FromDateTime(sent) : 0;
        for (var i = 0; i < 5; i++) made[1 + i] = (byte)(time >> (48 - 8 * i));
        MD5.HashData(Encoding.UTF8.GetBytes(root)).CopyTo(made, 6);
        return made;
    }

    private static void SetOptions(MimeMessage message, PropertyBag properties)
    {
        var importance = Importance(message);
        properties.Set(PropertyTags.Importance, importance);
        properties.Set(PropertyTags.Priority, importance - 1);
        properties.Set(PropertyTags.Sensitivity, Header(message, "Sensitivity")?.ToLowerInvariant() switch
        {
            "personal" => 1,
            "private" => 2,
            "company-confidential" => 3,
            _ => 0,
        });
        properties.Set(PropertyTags.ReadReceiptRequested, Header(message, "Disposition-Notification-To") is not null);
        properties.Set(PropertyTags.OriginatorDeliveryReportRequested, Header(message, "Return-Receipt-To") is not null);
        if (Header(message, "X-Auto-Response-Suppress") is { } suppress && AutoResponseSuppress.Parse(suppress) is var flags and not 0)
            properties.Set(PropertyTags.AutoResponseSuppress, flags);
        if (Header(message, "X-Message-Flag") is { } flag) properties.Set(PropertyNames.FlagRequest, PropertyType.String, flag);
        if (Header(message, "X-Unsent") is ['1', ..]) properties.Set(PropertyTags.MessageFlags, UnsentFlag);
        SetIfPresent(message, "List-Help", PropertyTags.ListHelp, properties);
        SetIfPresent(message, "List-Subscribe", PropertyTags.ListSubscribe, properties);
        SetIfPresent(message, "List-Unsubscribe", PropertyTags.ListUnsubscribe, properties);
    }

    // The first header that says something wins. Source: [MS-OXCMAIL] 2.2.3.1.3.
    private static int Importance(MimeMessage message)
    {
        const int low = 0, normal = 1, high = 2;
        int? named = Header(message, "Importance")?.ToLowerInvariant() switch { "low" => low, "normal" => normal, "high" => high, _ => null };
        if (named is { } importance) return importance;
        if (Header(message, "X-Priority") is [var digit, ..]) return digit switch { '1' or '2' => high, '4' or '5' => low, _ => normal };
        if (Header(message, "X-MSMail-Priority")?.ToLowerInvariant() is { } outlook) return outlook switch { "high" => high, "low" => low, _ => normal };
        return Header(message, "Priority")?.ToLowerInvariant() switch { "urgent" => high, "non-urgent" => low, _ => normal };
    }

    private static void SetVoice(MimeMessage message, PropertyBag properties)
    {
        foreach (var (field, tag) in VoiceHeaders.All)
        {
            if (Header(message, field) is not { } value) continue;
            if (tag.Type == PropertyType.String) properties.Set(tag, value);
            else if (int.TryParse(value, CultureInfo.InvariantCulture, out var number)) properties.Set(tag, number);
        }
    }

    private static void SetKeywords(MimeMessage message, PropertyBag properties)
    {
        var keywords = (Header(message, "Keywords") ?? "").Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (keywords.Length > 0) properties.Set(PropertyNames.Keywords, PropertyType.MultipleString, keywords.Distinct().ToArray());
    }

    // Source: [MS-OXCMAIL] 2.2.3.1.9; names are lower case ([MS-OXPROPS] 1.3.2, PS_INTERNET_HEADERS).
    private static void SetExtensionHeaders(MimeMessage message, PropertyBag properties)
    {
        var extensions = message.Headers.Where(header =>
            header.Field.Length <= LongestHeaderName && header.Field.StartsWith("X-", StringComparison.OrdinalIgnoreCase));
        properties.SetAll(extensions.Select(header => new PropertyValue(NamedString, Text(header.Value ?? ""), NameOf(header))));
    }

    private static PropertyName NameOf(Header header) =>
        PropertyName.Of(PropertySets.InternetHeaders, Text(header.Field).ToLower(CultureInfo.InvariantCulture));

    private static void SetIfPresent(MimeMessage message, string field, PropertyTag tag, PropertyBag properties)
    {
        if (Header(message, field) is { } value) properties.Set(tag, value);
    }

    private static string? Header(MimeMessage message, string field) =>
        message.Headers[field] is { } value && Text(value).Trim() is { Length: > 0 } text ? text : null;

    // One to three characters that are no digits, then a colon and a space. Source: [MS-OXCMSG] 2.2.1.9.
    [GeneratedRegex(@"^[^\d:]{1,3}: ")]
    private static partial Regex SubjectPrefix();
}
