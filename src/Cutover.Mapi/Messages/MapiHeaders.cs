using System.Globalization;
using System.Text;
using Cutover.Mapi.Properties;
using MimeKit;
using MimeKit.Utils;

namespace Cutover.Mapi.Messages;

/// <summary>
/// The header of an Internet message: as it came over the wire where the message keeps it, else made of properties.
/// Source: [MS-OXCMAIL] 2.1.1 to 2.1.3.2.
/// </summary>
internal sealed class MapiHeaders(MapiMessage message, SmtpAddresses addresses)
{
    private const int UnsentFlag = 0x8; // mfUnsent of PidTagMessageFlags
    private const int ShortestConversationIndex = 22;
    private const int RecipientTypeMask = 0xF; // above it stand flags of resending. Source: [MS-OXOMSG] 2.2.3.1.2
    private const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    // Of the structure, which is made anew.
    private static readonly HashSet<string> Structural = new(StringComparer.OrdinalIgnoreCase)
    {
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID", "Content-Location", "Content-Description",
        "Content-MD5", "Content-Length",
    };

    private static readonly FormatOptions International = MakeInternational();

    private readonly List<Header> headers = [];
    private readonly HashSet<string> fields = new(StringComparer.OrdinalIgnoreCase);

    private PropertyBag Properties => message.Properties;

    public IReadOnlyList<Header> Build()
    {
        foreach (var header in TransportHeaders.Parse(Properties.GetString(PropertyTags.TransportMessageHeaders)))
            if (!Structural.Contains(header.Field)) Add(header);
        AddPeople();
        AddTimes();
        AddSubject();
        AddThread();
        AddOptions();
        AddNamed();
        return headers;
    }

    private void AddPeople()
    {
        var from = MessagePeople.SentRepresenting(Properties) ?? MessagePeople.Sender(Properties);
        var sender = MessagePeople.Sender(Properties);
        Add("From", List(from));
        if (sender is not null && from is not null && !IsSame(sender, from)) Add("Sender", List(sender));
        // The recipients of a report are those of the message that it reports on.
        if (MailClass.IsReport(MapiToMime.ClassOf(message))) Add("To", List(MessagePeople.ReceivedBy(Properties)));
        else AddRecipients("To", 1, PropertyTags.DisplayTo);
        AddRecipients("Cc", 2, PropertyTags.DisplayCc);
        AddRecipients("Bcc", 3, PropertyTags.DisplayBcc);
        Add("Reply-To", List([.. MessagePeople.ReplyTo(Properties)]));
        if (Properties[PropertyTags.ReadReceiptRequested] is true) Add("Disposition-Notification-To", List(sender ?? from));
        if (Properties[PropertyTags.OriginatorDeliveryReportRequested] is true) Add("Return-Receipt-To", List(sender ?? from));
    }

    // Where the recipient table was cut away, its display names are left.
    private void AddRecipients(string field, int type, PropertyTag display)
    {
        var rows = message.Recipients.Where(row => (row.GetInteger(PropertyTags.RecipientType) & RecipientTypeMask) == type);
        var list = List([.. rows.Select(MessagePeople.Recipient)]);
        if (message.Recipients.Count == 0)
        {
            foreach (var name in (Properties.GetString(display) ?? "").Split(';', Trimmed))
                list.Add(new GroupAddress(Encoding.UTF8, HeaderText.Clean(name)));
        }
        Add(field, list);
    }

    private InternetAddressList List(params MessageAddress?[] people) => [.. people.OfType<MessageAddress>().Select(addresses.ToInternetAddress)];

    private bool IsSame(MessageAddress one, MessageAddress other) =>
        addresses.Find(one) is { } address ? address.Equals(addresses.Find(other), StringComparison.OrdinalIgnoreCase)
            : addresses.Find(other) is null && one.Name == other.Name;

    private void AddTimes()
    {
        PropertyTag[] tags =
            [PropertyTags.ClientSubmitTime, PropertyTags.MessageDeliveryTime, PropertyTags.CreationTime, PropertyTags.LastModificationTime];
        var sent = tags.Select(tag => Properties[tag]).OfType<DateTime>().Cast<DateTime?>().FirstOrDefault();
        AddTime("Date", sent);
        AddTime("Reply-By", Properties[PropertyTags.ReplyTime] as DateTime?);
        AddTime("Expires", Properties[PropertyTags.ExpiryTime] as DateTime?);
        AddTime("Deferred-Delivery", Properties[PropertyTags.DeferredDeliveryTime] as DateTime?);
    }

    private void AddSubject()
    {
        var subject = HeaderText.Clean(Properties.GetString(PropertyTags.Subject)
            ?? Properties.GetString(PropertyTags.SubjectPrefix) + Properties.GetString(PropertyTags.NormalizedSubject));
        // Users may change a subject after it came over the wire.
        var wire = headers.FindIndex(header => header.Id == HeaderId.Subject);
        if (wire < 0) Add("Subject", subject);
        else if (HeaderText.Clean(headers[wire].Value) != subject) headers[wire] = new Header(Encoding.UTF8, "Subject", subject);
    }

    private void AddThread()
    {
        Add("Message-ID", MessageId(Properties.GetString(PropertyTags.InternetMessageId)));
        Add("In-Reply-To", Properties.GetString(PropertyTags.InReplyToId));
        Add("References", Properties.GetString(PropertyTags.InternetReferences));
        Add("Thread-Topic", Properties.GetString(PropertyTags.ConversationTopic));
        if (Properties[PropertyTags.ConversationIndex] is byte[] { Length: >= ShortestConversationIndex } index)
            Add("Thread-Index", System.Convert.ToBase64String(index));
    }

    private static string? MessageId(string? id) =>
        HeaderText.Clean(id).Trim() is not { Length: > 0 } text ? null : text.StartsWith('<') ? text : $"<{text}>";

    private void AddOptions()
    {
        var importance = Properties.GetInteger(PropertyTags.Importance);
        Add("Importance", importance switch { 0 => "Low", 2 => "High", _ => null });
        Add("X-Priority", importance switch { 0 => "5", 2 => "1", _ => null });
        Add("Priority", Properties.GetInteger(PropertyTags.Priority) switch { -1 => "non-urgent", 1 => "urgent", _ => null });
        Add("Sensitivity", Properties.GetInteger(PropertyTags.Sensitivity) switch
        {
            1 => "Personal",
            2 => "Private",
            3 => "Company-Confidential",
            _ => null,
        });
        Add("List-Help", Properties.GetString(PropertyTags.ListHelp));
        Add("List-Subscribe", Properties.GetString(PropertyTags.ListSubscribe));
        Add("List-Unsubscribe", Properties.GetString(PropertyTags.ListUnsubscribe));
        Add("X-Auto-Response-Suppress", AutoResponseSuppress.Describe(Properties.GetInteger(PropertyTags.AutoResponseSuppress) ?? 0));
        foreach (var (field, tag) in VoiceHeaders.All) Add(field, System.Convert.ToString(Properties[tag], CultureInfo.InvariantCulture));
        if (((Properties.GetInteger(PropertyTags.MessageFlags) ?? 0) & UnsentFlag) != 0) Add("X-Unsent", "1");
    }

    private void AddNamed()
    {
        if (Properties[PropertyNames.Keywords] is string[] { Length: > 0 } keywords)
            Replace("Keywords", string.Join(", ", keywords.Select(HeaderText.Clean)));
        if (Properties[PropertyNames.FlagRequest] is string { Length: > 0 } flag) Add("X-Message-Flag", flag);
        foreach (var property in Properties)
        {
            if (property is not { Value: string value, Name: { Name: { } field } name } || name.PropertySet != PropertySets.InternetHeaders) continue;
            if (HeaderText.IsField(field) && !Structural.Contains(field)) Add(field, value);
        }
    }

    private void AddTime(string field, DateTime? time)
    {
        if (time is { } utc) Add(field, DateUtils.FormatDate(new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc))));
    }

    private void Add(string field, InternetAddressList list)
    {
        if (list.Count == 0 || Has(field)) return;
        if (list.Mailboxes.Any(mailbox => !Ascii.IsValid(mailbox.LocalPart ?? ""))) AddInternational(field, list);
        else Add(field, list.ToString(true));
    }

    // Only UTF-8 has words for a local part beyond ASCII. Source: RFC 6532.
    private void AddInternational(string field, InternetAddressList list)
    {
        var header = new Header(Encoding.UTF8, field, "");
        header.SetRawValue(Encoding.UTF8.GetBytes($" {HeaderText.Clean(list.ToString(International, true))}\r\n"));
        Add(header);
    }

    private void Add(string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value) || Has(field)) return;
        Add(new Header(Encoding.UTF8, field, HeaderText.Clean(value)));
    }

    private void Add(Header header)
    {
        headers.Add(header);
        fields.Add(header.Field);
    }

    private void Replace(string field, string value)
    {
        if (fields.Remove(field)) headers.RemoveAll(header => header.Field.Equals(field, StringComparison.OrdinalIgnoreCase));
        Add(field, value);
    }

    private bool Has(string field) => fields.Contains(field);

    private static FormatOptions MakeInternational()
    {
        var options = FormatOptions.Default.Clone();
        options.International = true;
        return options;
    }
}
