using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>The properties of a message that the server computes when it is asked. Source: [MS-OXCMSG] 2.2.1, [MS-OXCFXICS] 2.2.1.2.</summary>
internal static class MessageProperties
{
    private const int AccessAll = 0x3F;
    private const int ReadOnly = 0;

    /// <summary>PidTagAccess of a message that was not saved yet: modify, read, delete. Source: [MS-OXCMSG] 3.2.5.2, note 23.</summary>
    public const int AccessOfNew = 0x07;

    private static readonly HashSet<ushort> ComputedIds =
    [
        PropertyTags.EntryId.Id, PropertyTags.RecordKey.Id, PropertyTags.InstanceKey.Id, PropertyTags.ParentEntryId.Id,
        PropertyTags.MappingSignature.Id, PropertyTags.Access.Id, PropertyTags.AccessLevel.Id, PropertyTags.ObjectType.Id,
        PropertyTags.MessageSize.Id, PropertyTags.MessageStatus.Id, PropertyTags.MessageFlags.Id, PropertyTags.HasAttachments.Id,
        PropertyTags.HasNamedProperties.Id, PropertyTags.SourceKey.Id, PropertyTags.ParentSourceKey.Id, PropertyTags.ChangeKey.Id,
        PropertyTags.PredecessorChangeList.Id, PropertyTags.FolderId.Id, PropertyTags.Mid.Id, PropertyTags.ChangeNumber.Id, PropertyTags.Associated.Id,
        PropertyTags.DisplayTo.Id, PropertyTags.DisplayCc.Id, PropertyTags.DisplayBcc.Id,
    ];

    /// <summary>True for a property that the store computes: what a client sets it to is not kept.</summary>
    public static bool IsComputed(PropertyTag tag) => ComputedIds.Contains(tag.Id);

    /// <summary>Adds them to a message as it was read.</summary>
    public static void AddComputed(MailboxStore mailbox, StoredMessage message, MapiMessage content)
    {
        foreach (var property in Of(mailbox, message)) content.Properties.Set(property.Tag, property.Value);
        foreach (var attachment in content.Attachments) attachment.Properties.Set(PropertyTags.AttachSize, SizeOf(attachment.Properties));
    }

    /// <summary>The name of the last change: the client's own when it was imported.</summary>
    public static byte[] ChangeKeyOf(MailboxStore mailbox, StoredMessage message) => message.Imported?.ChangeKey ?? mailbox.Xid(message.ChangeNumber);

    public static byte[] PredecessorsOf(MailboxStore mailbox, StoredMessage message) =>
        message.Imported?.Predecessors ?? mailbox.PredecessorChangeList(message.ChangeNumber);

    /// <summary>Those that need nothing of the content: what a contents table mostly shows.</summary>
    public static PropertyBag Of(MailboxStore mailbox, StoredMessage message)
    {
        var entryId = mailbox.MessageEntryId(message.Folder, message.Id);
        var bag = new PropertyBag()
            .Set(PropertyTags.EntryId, entryId)
            .Set(PropertyTags.RecordKey, entryId)
            .Set(PropertyTags.InstanceKey, mailbox.Xid(message.Id))
            .Set(PropertyTags.ParentEntryId, mailbox.FolderEntryId(message.Folder))
            .Set(PropertyTags.MappingSignature, mailbox.ReplicaGuid.ToByteArray())
            .Set(PropertyTags.Access, AccessAll)
            .Set(PropertyTags.AccessLevel, ReadOnly)
            .Set(PropertyTags.MessageClass, message.ItemClass)
            .Set(PropertyTags.MessageFlags, message.Flags)
            .Set(PropertyTags.MessageSize, (int)message.Size)
            .Set(PropertyTags.CreationTime, message.Created)
            .Set(PropertyTags.LastModificationTime, message.Modified)
            .Set(PropertyTags.SourceKey, mailbox.Xid(message.Id))
            .Set(PropertyTags.ParentSourceKey, mailbox.Xid(message.Folder))
            .Set(PropertyTags.ChangeKey, ChangeKeyOf(mailbox, message))
            .Set(PropertyTags.PredecessorChangeList, PredecessorsOf(mailbox, message))
            .Set(PropertyTags.FolderId, mailbox.WireId(message.Folder).ToInt64())
            .Set(PropertyTags.Mid, mailbox.WireId(message.Id).ToInt64())
            .Set(PropertyTags.ChangeNumber, mailbox.WireId(message.ChangeNumber).ToInt64())
            .Set(PropertyTags.Associated, message.IsAssociated);
        if (message.Subject is { } subject) bag.Set(PropertyTags.Subject, subject);
        if (message.Status != 0) bag.Set(PropertyTags.MessageStatus, message.Status);
        if (message.Delivered is { } delivered) bag.Set(PropertyTags.MessageDeliveryTime, delivered);
        return bag;
    }

    /// <summary>Bytes of the values.</summary>
    public static int SizeOf(PropertyBag properties) => properties.Sum(property => property.Value switch
    {
        byte[] bytes => bytes.Length,
        string text => text.Length * 2,
        _ => 8,
    });
}
