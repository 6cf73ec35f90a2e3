using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Store;

/// <summary>The properties of a folder and of the store itself. Source: [MS-OXCFOLD] 2.2.2, [MS-OXOSFLD] 2.2.3 to 2.2.5.</summary>
public static class FolderProperties
{
    private const int GenericFolder = 1;
    private const int SearchFolder = 2;
    private const int RootFolder = 0;
    private const int OwnerAccess = 0x3F;

    // Bytes; what Exchange allows unless an administrator says otherwise.
    private const int LargestExtendedRule = 32 * 1024;

    // Kilobytes: Exchange 2016's defaults.
    private const int LargestMessage = 36 * 1024;
    private const int SendQuota = 99 * 1024 * 1024;
    private const int ReceiveQuota = 100 * 1024 * 1024;

    private static readonly HashSet<ushort> ComputedIds =
    [
        PropertyTags.EntryId.Id, PropertyTags.RecordKey.Id, PropertyTags.ParentEntryId.Id, PropertyTags.Access.Id, PropertyTags.AccessLevel.Id,
        PropertyTags.ObjectType.Id, PropertyTags.CreationTime.Id, PropertyTags.LastModificationTime.Id, PropertyTags.FolderType.Id,
        PropertyTags.ContentCount.Id, PropertyTags.ContentUnreadCount.Id, PropertyTags.AssociatedContentCount.Id, PropertyTags.MessageSizeExtended.Id,
        PropertyTags.Subfolders.Id, PropertyTags.SourceKey.Id, PropertyTags.ParentSourceKey.Id, PropertyTags.ChangeKey.Id,
        PropertyTags.PredecessorChangeList.Id, PropertyTags.DeletedCountTotal.Id, PropertyTags.LocalCommitTimeMax.Id, PropertyTags.FolderId.Id,
        PropertyTags.ParentFolderId.Id, PropertyTags.ChangeNumber.Id, PropertyTags.HasRules.Id,
    ];

    /// <summary>True for a property that the store computes, so that nobody can set it.</summary>
    public static bool IsComputed(PropertyTag tag) => ComputedIds.Contains(tag.Id);

    /// <summary>All properties of a folder: those that are computed and those that were set.</summary>
    public static PropertyBag Of(MailboxStore mailbox, StoredFolder folder)
    {
        var bag = new PropertyBag()
            .Set(PropertyTags.EntryId, mailbox.FolderEntryId(folder.Id))
            .Set(PropertyTags.RecordKey, mailbox.FolderEntryId(folder.Id))
            .Set(PropertyTags.ParentEntryId, mailbox.FolderEntryId(folder.Parent == 0 ? folder.Id : folder.Parent))
            .Set(PropertyTags.Access, OwnerAccess)
            .Set(PropertyTags.DisplayName, folder.Name)
            .Set(PropertyTags.CreationTime, folder.Created)
            .Set(PropertyTags.LastModificationTime, folder.Modified)
            .Set(PropertyTags.FolderType, TypeOf(folder))
            .Set(PropertyTags.ContentCount, folder.ItemCount)
            .Set(PropertyTags.ContentUnreadCount, folder.UnreadCount)
            .Set(PropertyTags.AssociatedContentCount, folder.AssociatedCount)
            .Set(PropertyTags.MessageSizeExtended, folder.Size)
            .Set(PropertyTags.Subfolders, folder.HasSubfolders)
            .Set(PropertyTags.AttributeHidden, false)
            .Set(PropertyTags.SourceKey, mailbox.Xid(folder.Id))
            .Set(PropertyTags.ParentSourceKey, mailbox.Xid(folder.Parent))
            .Set(PropertyTags.ChangeKey, mailbox.Xid(folder.ChangeNumber))
            .Set(PropertyTags.PredecessorChangeList, mailbox.PredecessorChangeList(folder.ChangeNumber))
            .Set(PropertyTags.DeletedCountTotal, folder.DeletedCount)
            .Set(PropertyTags.LocalCommitTimeMax, folder.ContentModified)
            .Set(PropertyTags.FolderId, mailbox.WireId(folder.Id).ToInt64())
            .Set(PropertyTags.ParentFolderId, mailbox.WireId(folder.Parent).ToInt64())
            .Set(PropertyTags.ChangeNumber, mailbox.WireId(folder.ChangeNumber).ToInt64());
        if (folder.ContainerClass.Length > 0) bag.Set(PropertyTags.ContainerClass, folder.ContainerClass);
        if (folder.Special is SpecialFolder.Inbox or SpecialFolder.MailboxRoot) AddSpecialFolders(bag, mailbox);
        return Overlay(bag, mailbox.FolderPropertiesOf(folder.Id));
    }

    /// <summary>The properties of the logon. Source: [MS-OXCSTOR] 2.2.2.</summary>
    public static PropertyBag OfStore(MailboxStore mailbox)
    {
        var folders = mailbox.Folders;
        return Overlay(new PropertyBag()
            .Set(PropertyTags.DisplayName, $"Mailbox - {mailbox.DisplayName}")
            .Set(PropertyTags.RecordKey, mailbox.MailboxGuid.ToByteArray())
            .Set(PropertyTags.MappingSignature, mailbox.ReplicaGuid.ToByteArray())
            .Set(PropertyTags.MailboxOwnerName, mailbox.DisplayName)
            .Set(PropertyTags.MailboxOwnerEntryId, AddressEntryId.AddressBook(mailbox.LegacyExchangeDN))
            .Set(PropertyTags.ContentCount, folders.Sum(folder => folder.ItemCount))
            .Set(PropertyTags.OutOfOfficeState, false)
            .Set(PropertyTags.ExtendedRuleSizeLimit, LargestExtendedRule)
            .Set(PropertyTags.MaximumSubmitMessageSize, LargestMessage)
            .Set(PropertyTags.ProhibitReceiveQuota, ReceiveQuota)
            .Set(PropertyTags.ProhibitSendQuota, SendQuota)
            .Set(PropertyTags.MessageSizeExtended, folders.Sum(folder => folder.Size))
            .Set(PropertyTags.IpmSubtreeEntryId, EntryIdOf(mailbox, SpecialFolder.IpmSubtree))
            .Set(PropertyTags.IpmOutboxEntryId, EntryIdOf(mailbox, SpecialFolder.Outbox))
            .Set(PropertyTags.IpmWastebasketEntryId, EntryIdOf(mailbox, SpecialFolder.DeletedItems))
            .Set(PropertyTags.IpmSentMailEntryId, EntryIdOf(mailbox, SpecialFolder.SentItems))
            .Set(PropertyTags.ViewsEntryId, EntryIdOf(mailbox, SpecialFolder.Views))
            .Set(PropertyTags.CommonViewsEntryId, EntryIdOf(mailbox, SpecialFolder.CommonViews))
            .Set(PropertyTags.FinderEntryId, EntryIdOf(mailbox, SpecialFolder.Finder)), mailbox.StoreProperties);
    }

    /// <summary>What the Inbox and the mailbox root tell of the folders that RopLogon doesn't. Source: [MS-OXOSFLD] 2.2.3, 2.2.4.</summary>
    private static void AddSpecialFolders(PropertyBag bag, MailboxStore mailbox)
    {
        bag.Set(PropertyTags.IpmAppointmentEntryId, EntryIdOf(mailbox, SpecialFolder.Calendar))
            .Set(PropertyTags.IpmContactEntryId, EntryIdOf(mailbox, SpecialFolder.Contacts))
            .Set(PropertyTags.IpmJournalEntryId, EntryIdOf(mailbox, SpecialFolder.Journal))
            .Set(PropertyTags.IpmNoteEntryId, EntryIdOf(mailbox, SpecialFolder.Notes))
            .Set(PropertyTags.IpmTaskEntryId, EntryIdOf(mailbox, SpecialFolder.Tasks))
            .Set(PropertyTags.RemindersOnlineEntryId, EntryIdOf(mailbox, SpecialFolder.Reminders))
            .Set(PropertyTags.IpmDraftsEntryId, EntryIdOf(mailbox, SpecialFolder.Drafts))
            // Conflicts, Sync Issues, Local Failures and Server Failures come first; this mailbox has none.
            .Set(PropertyTags.AdditionalRenEntryIds, new byte[][] { [], [], [], [], EntryIdOf(mailbox, SpecialFolder.JunkEmail) });
    }

    private static PropertyBag Overlay(PropertyBag bag, PropertyBag set)
    {
        foreach (var property in set)
        {
            if (property.Name is null) bag.Set(property.Tag, property.Value);
            else bag.Add(property);
        }
        return bag;
    }

    private static byte[] EntryIdOf(MailboxStore mailbox, SpecialFolder special) => mailbox.FolderEntryId(mailbox.FolderOf(special));

    private static int TypeOf(StoredFolder folder) =>
        folder.IsSearch ? SearchFolder : folder.Special == SpecialFolder.MailboxRoot ? RootFolder : GenericFolder;
}
