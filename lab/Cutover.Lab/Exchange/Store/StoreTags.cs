using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Store;

/// <summary>The properties that the store itself sets, keeps or computes. Source: [MS-OXPROPS].</summary>
internal static class StoreTags
{
    public static readonly PropertyTag MessageClass = new(0x001A001F);
    public static readonly PropertyTag Subject = new(0x0037001F);
    public static readonly PropertyTag RecipientType = new(0x0C150003);
    public static readonly PropertyTag DisplayBcc = new(0x0E02001F);
    public static readonly PropertyTag DisplayCc = new(0x0E03001F);
    public static readonly PropertyTag DisplayTo = new(0x0E04001F);
    public static readonly PropertyTag MessageDeliveryTime = new(0x0E060040);
    public static readonly PropertyTag MessageFlags = new(0x0E070003);
    public static readonly PropertyTag MessageSize = new(0x0E080003);
    public static readonly PropertyTag MessageSizeExtended = new(0x0E080014);
    public static readonly PropertyTag ParentEntryId = new(0x0E090102);
    public static readonly PropertyTag HasAttachments = new(0x0E1B000B);
    public static readonly PropertyTag AttachSize = new(0x0E200003);
    public static readonly PropertyTag AttachNumber = new(0x0E210003);
    public static readonly PropertyTag RecordKey = new(0x0FF90102);
    public static readonly PropertyTag EntryId = new(0x0FFF0102);
    public static readonly PropertyTag AttributeHidden = new(0x10F4000B);
    public static readonly PropertyTag RowId = new(0x30000003);
    public static readonly PropertyTag DisplayName = new(0x3001001F);
    public static readonly PropertyTag CreationTime = new(0x30070040);
    public static readonly PropertyTag LastModificationTime = new(0x30080040);
    public static readonly PropertyTag SearchKey = new(0x300B0102);
    public static readonly PropertyTag IpmSubtreeEntryId = new(0x35E00102);
    public static readonly PropertyTag IpmOutboxEntryId = new(0x35E20102);
    public static readonly PropertyTag IpmWastebasketEntryId = new(0x35E30102);
    public static readonly PropertyTag IpmSentMailEntryId = new(0x35E40102);
    public static readonly PropertyTag ViewsEntryId = new(0x35E50102);
    public static readonly PropertyTag CommonViewsEntryId = new(0x35E60102);
    public static readonly PropertyTag FinderEntryId = new(0x35E70102);
    public static readonly PropertyTag FolderType = new(0x36010003);
    public static readonly PropertyTag ContentCount = new(0x36020003);
    public static readonly PropertyTag ContentUnreadCount = new(0x36030003);
    public static readonly PropertyTag Subfolders = new(0x360A000B);
    public static readonly PropertyTag ContainerClass = new(0x3613001F);
    public static readonly PropertyTag AssociatedContentCount = new(0x36170003);
    public static readonly PropertyTag IpmAppointmentEntryId = new(0x36D00102);
    public static readonly PropertyTag IpmContactEntryId = new(0x36D10102);
    public static readonly PropertyTag IpmJournalEntryId = new(0x36D20102);
    public static readonly PropertyTag IpmNoteEntryId = new(0x36D30102);
    public static readonly PropertyTag IpmTaskEntryId = new(0x36D40102);
    public static readonly PropertyTag RemindersSearchEntryId = new(0x36D50102);
    public static readonly PropertyTag IpmDraftsEntryId = new(0x36D70102);
    public static readonly PropertyTag AdditionalRenEntryIds = new(0x36D81102);
    public static readonly PropertyTag SourceKey = new(0x65E00102);
    public static readonly PropertyTag ParentSourceKey = new(0x65E10102);
    public static readonly PropertyTag ChangeKey = new(0x65E20102);
    public static readonly PropertyTag PredecessorChangeList = new(0x65E30102);
    public static readonly PropertyTag FolderChildCount = new(0x66380003);
    public static readonly PropertyTag DeletedCountTotal = new(0x670B0003);
    public static readonly PropertyTag LocalCommitTimeMax = new(0x670A0040);
    public static readonly PropertyTag FolderId = new(0x67480014);
    public static readonly PropertyTag ParentFolderId = new(0x67490014);
    public static readonly PropertyTag Mid = new(0x674A0014);
    public static readonly PropertyTag ChangeNumber = new(0x67A40014);
    public static readonly PropertyTag Associated = new(0x67AA000B);
}
