using System.Buffers.Binary;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Microsoft365.Mailboxes;

/// <summary>
/// The properties that the mailbox store sets itself, whatever a client sends: identity, size, modification, what follows from attachments.
/// Source: [MS-OXCMSG] 2.2.1, [MS-OXCFXICS] 2.2.1.2.
/// </summary>
internal static class ServiceProperties
{
    private const int ReadFlag = 0x0001;
    private const int HasAttachmentFlag = 0x0010;

    private static readonly HashSet<ushort> Owned =
    [
        PropertyTags.EntryId.Id, PropertyTags.ParentEntryId.Id, PropertyTags.StoreEntryId.Id, PropertyTags.RecordKey.Id,
        PropertyTags.InstanceKey.Id, PropertyTags.MappingSignature.Id, PropertyTags.Access.Id, PropertyTags.AccessLevel.Id,
        PropertyTags.ObjectType.Id, PropertyTags.SourceKey.Id, PropertyTags.ParentSourceKey.Id, PropertyTags.ChangeKey.Id,
        PropertyTags.PredecessorChangeList.Id, PropertyTags.Mid.Id, PropertyTags.FolderId.Id, PropertyTags.ParentFolderId.Id,
        PropertyTags.ChangeNumber.Id, PropertyTags.InstID.Id, PropertyTags.InstanceNum.Id, PropertyTags.Associated.Id,
        PropertyTags.MessageSize.Id, PropertyTags.HasAttachments.Id, PropertyTags.LastModificationTime.Id,
        PropertyTags.LastModifierName.Id, PropertyTags.LastModifierEntryId.Id, PropertyTags.LocalCommitTime.Id,
        PropertyTags.InternetArticleNumber.Id, PropertyTags.Read.Id,
    ];

    public static bool IsRead(MapiMessage message) => ((message.Properties.GetInteger(PropertyTags.MessageFlags) ?? 0) & ReadFlag) != 0;

    /// <summary>The message as the store keeps it.</summary>
    public static MapiMessage Stamp(MapiMessage message, Guid mailbox, long item, DateTimeOffset now)
    {
        var properties = new PropertyBag(
            message.Properties.Where(property => property.Name is not null || !Owned.Contains(property.Tag.Id)));
        var flags = properties.GetInteger(PropertyTags.MessageFlags) ?? 0;
        flags = message.Attachments.Count > 0 ? flags | HasAttachmentFlag : flags & ~HasAttachmentFlag;
        properties.Set(PropertyTags.MessageFlags, flags)
            .Set(PropertyTags.HasAttachments, message.Attachments.Count > 0)
            .Set(PropertyTags.LastModificationTime, now.UtcDateTime)
            .Set(PropertyTags.LastModifierName, "Cutover")
            .Set(PropertyTags.InternetArticleNumber, (int)item)
            .Set(PropertyTags.SourceKey, SourceKey(mailbox, item))
            .Set(PropertyTags.MessageSize, (int)Math.Min(int.MaxValue, SizeOf(message)));
        if (properties[PropertyTags.CreationTime] is null) properties.Set(PropertyTags.CreationTime, now.UtcDateTime);
        return new MapiMessage { Properties = properties, Recipients = message.Recipients, Attachments = message.Attachments };
    }

    /// <summary>The properties that change without the content: the read state and the change key.</summary>
    public static void Refresh(PropertyBag properties, TenantItem item)
    {
        var flags = properties.GetInteger(PropertyTags.MessageFlags) ?? 0;
        properties.Set(PropertyTags.MessageFlags, item.IsRead ? flags | ReadFlag : flags & ~ReadFlag)
            .Set(PropertyTags.ChangeKey, Convert.FromBase64String(item.ChangeKey));
    }

    private static byte[] SourceKey(Guid mailbox, long item)
    {
        var key = new byte[22];
        mailbox.TryWriteBytes(key);
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(18), (int)item);
        return key;
    }

    private static long SizeOf(MapiMessage message) =>
        message.Properties.Sum(SizeOf)
        + message.Recipients.Sum(recipient => recipient.Sum(SizeOf))
        + message.Attachments.Sum(attachment =>
            attachment.Properties.Sum(SizeOf) + (attachment.EmbeddedMessage is { } embedded ? SizeOf(embedded) : 0));

    private static long SizeOf(PropertyValue property) => 8 + property.Value switch
    {
        string text => 2L * text.Length,
        byte[] bytes => bytes.Length,
        string[] texts => texts.Sum(text => 2L * text.Length),
        byte[][] blobs => blobs.Sum(blob => (long)blob.Length),
        _ => 8,
    };
}
