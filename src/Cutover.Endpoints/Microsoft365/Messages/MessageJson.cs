using System.Globalization;
using System.Text.Json.Serialization;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Endpoints.Microsoft365.Messages;

/// <summary>
/// A message as Graph creates one. PidTagMessageFlags among the extended properties keeps it from becoming a draft, which only creation can do.
/// Source: ../shared/protocols/microsoft365.md 2.1.
/// </summary>
internal sealed record NewMessage(
    string Subject, MessageBody Body, MessageRecipient? From, MessageRecipient? Sender, IReadOnlyList<MessageRecipient> ToRecipients,
    IReadOnlyList<MessageRecipient> CcRecipients, IReadOnlyList<MessageRecipient> BccRecipients, IReadOnlyList<MessageRecipient> ReplyTo, bool IsRead,
    string Importance, string? InternetMessageId, IReadOnlyList<string> Categories, FollowupFlag Flag,
    IReadOnlyList<ExtendedProperty> SingleValueExtendedProperties)
{
    private const int ReadFlag = 0x1;
    private const int UnsentFlag = 0x8;

    // Header, thread and times; what else an item has is lost this way.
    private static readonly PropertyTag[] Kept =
    [
        PropertyTags.MessageDeliveryTime, PropertyTags.ClientSubmitTime, PropertyTags.MessageClass, PropertyTags.TransportMessageHeaders,
        PropertyTags.ConversationTopic, PropertyTags.ConversationIndex, PropertyTags.InternetReferences, PropertyTags.InReplyToId, PropertyTags.Sensitivity,
    ];

    /// <summary>The message without attachments, marked with its key but not yet with its version: it isn't whole before it has those.</summary>
    public static NewMessage Of(MailboxItem item, PropertyBag properties, MimeMessage mime) => new(
        mime.Subject ?? "", BodyOf(mime), mime.From.Mailboxes.Select(Recipient).FirstOrDefault(), mime.Sender is { } sender ? Recipient(sender) : null,
        Recipients(mime.To), Recipients(mime.Cc), Recipients(mime.Bcc), Recipients(mime.ReplyTo), item.Info.IsRead,
        (ItemImportance)(properties.GetInteger(PropertyTags.Importance) ?? 1) switch { ItemImportance.Low => "low", ItemImportance.High => "high", _ => "normal" },
        mime.MessageId is { } id ? $"<{id}>" : null, properties[PropertyNames.Keywords] as string[] ?? [], FollowupFlag.Of(properties),
        [
            new ExtendedProperty("Integer 0xe07", Flags(item, properties).ToString(CultureInfo.InvariantCulture)),
            new ExtendedProperty(ItemStamp.SourceKeyGraphId, item.Info.Key.Value),
            .. Kept.Select(tag => Extended(tag, properties[tag])).OfType<ExtendedProperty>(),
        ]);

    private static int Flags(MailboxItem item, PropertyBag properties) =>
        (item.Info.IsRead ? ReadFlag : 0) | ((properties.GetInteger(PropertyTags.MessageFlags) ?? 0) & UnsentFlag);

    private static MessageBody BodyOf(MimeMessage mime) => mime.HtmlBody is { } html ? new("html", html) : new("text", mime.TextBody ?? "");

    private static IReadOnlyList<MessageRecipient> Recipients(InternetAddressList list) => [.. list.Mailboxes.Select(Recipient)];

    private static MessageRecipient Recipient(MailboxAddress address) => new(new Graph.MessageAddress(address.Address, address.Name is { Length: > 0 } name ? name : null));

    private static ExtendedProperty? Extended(PropertyTag tag, object? value) => value switch
    {
        string text => new($"String 0x{tag.Id:x}", text),
        DateTime time => new($"SystemTime 0x{tag.Id:x}", time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
        byte[] bytes => new($"Binary 0x{tag.Id:x}", Convert.ToBase64String(bytes)),
        int number => new($"Integer 0x{tag.Id:x}", number.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };
}

internal sealed record FollowupFlag(string FlagStatus)
{
    /// <summary>Source: [MS-OXOFLAG] 2.2.1.1: 1 is complete, 2 flagged.</summary>
    public static FollowupFlag Of(PropertyBag properties) =>
        new(properties.GetInteger(PropertyTags.FlagStatus) switch { 1 => "complete", 2 => "flagged", _ => "notFlagged" });
}

/// <summary>Marks a message as written to its end, in the item's version, and says what of the item it lacks: who finds it after a crash knows both.</summary>
internal sealed record MessageStamp(IReadOnlyList<ExtendedProperty> SingleValueExtendedProperties)
{
    public static MessageStamp Of(MailboxItem item, string loss) =>
        new([new ExtendedProperty(ItemStamp.SourceVersionGraphId, item.Info.Version), new ExtendedProperty(ItemStamp.LossGraphId, loss)]);
}

internal sealed record NewAttachment(string Name, string ContentType, bool IsInline, string? ContentId, byte[] ContentBytes)
{
    [JsonPropertyName("@odata.type")]
    public string Type => "#microsoft.graph.fileAttachment";
}

/// <summary>createUploadSession's body.</summary>
internal sealed record NewUploadSession([property: JsonPropertyName("AttachmentItem")] AttachmentItem AttachmentItem);

internal sealed record AttachmentItem(string Name, string ContentType, bool IsInline, string? ContentId, long Size)
{
    public string AttachmentType => "file";
}

internal sealed record UploadSession(string UploadUrl)
{
    /// <summary>Never shows the address, which carries a token.</summary>
    public override string ToString() => nameof(UploadSession);
}
