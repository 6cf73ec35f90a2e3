using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.ItemStreams;

/// <summary>
/// Properties whose value belongs to the server that holds the item and not to the item. Source: [MS-OXCMSG] 2.2.1.1, 2.2.1.2, 2.2.1.7, 2.2.2.1
/// (read-only for the client), [MS-OXCFXICS] 3.2.5.12 (not transmittable).
/// </summary>
internal static class ServerSetProperties
{
    /// <summary>Provider-defined internal ids, which also hold the ids and change numbers of a mailbox: 0x6600 to 0x67FF.</summary>
    private static bool IsInternal(ushort id) => id is >= 0x6600 and <= 0x67FF;

    // Access, RowType, InstanceKey, AccessLevel, MappingSignature, RecordKey, StoreRecordKey, StoreEntryId, ObjectType, EntryId;
    // MessageSize, ParentEntryId, SentMailEntryId, MessageRecipients, MessageAttachments, MessageStatus, HasAttachments, InternetArticleNumber,
    // UrlCompNameSet, Read, TrustSender, URL names, SourceKey, ParentSourceKey, ChangeKey, PredecessorChangeList.
    private static readonly HashSet<ushort> OfMessages =
    [
        0x0FF4, 0x0FF5, 0x0FF6, 0x0FF7, 0x0FF8, 0x0FF9, 0x0FFA, 0x0FFB, 0x0FFE, 0x0FFF,
        0x0E08, 0x0E09, 0x0E0A, 0x0E12, 0x0E13, 0x0E17, 0x0E1B, 0x0E23, 0x0E62, 0x0E69, 0x0E79, 0x10F3, 0x10F5, 0x10F6,
        0x65E0, 0x65E1, 0x65E2, 0x65E3,
    ];

    // What the server works out from other content or sets on every save: DisplayBcc, DisplayCc, DisplayTo, NormalizedSubject, CreationTime,
    // LastModificationTime, SearchKey, ConversationId, CreatorName, CreatorEntryId, LastModifierName, LastModifierEntryId, CreatorSid,
    // LastModifierSid, AttachSize, AttachNumber.
    private static readonly HashSet<ushort> Derived =
    [
        0x0E02, 0x0E03, 0x0E04, 0x0E1D, 0x3007, 0x3008, 0x300B, 0x3013, 0x3FF8, 0x3FF9, 0x3FFA, 0x3FFB, 0x0E58, 0x0E59, 0x0E20, 0x0E21,
    ];

    // A recipient's entry id, record key, search key and object type say who it is. RowType and InstanceKey belong to the table.
    private static readonly HashSet<ushort> OfRecipients = [0x0FF5, 0x0FF6, 0x0FF8];

    /// <summary>True for a property that must not be sent to the target.</summary>
    public static bool IsServerSet(PropertyTag tag, PropertyName? name, bool inRecipient)
    {
        if (name is not null) return false;
        if (FastTransferLexis.IsMetaProperty(tag) || IsInternal(tag.Id)) return true;
        return (inRecipient ? OfRecipients : OfMessages).Contains(tag.Id);
    }

    /// <summary>True for a property that may be sent but that the target may give another value.</summary>
    public static bool IsDerived(PropertyTag tag, PropertyName? name, bool inRecipient) =>
        name is null && (inRecipient ? tag.Id == PropertyTags.Rowid.Id : Derived.Contains(tag.Id));
}
