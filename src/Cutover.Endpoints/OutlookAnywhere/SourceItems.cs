using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>Reads what the contents table tells of a message.</summary>
internal static class SourceItems
{
    private const int MessageFlagRead = 0x0001;

    public static readonly IReadOnlyList<PropertyTag> Columns =
    [
        PropertyTags.Mid, PropertyTags.ChangeNumber, PropertyTags.MessageFlags, PropertyTags.MessageClass, PropertyTags.Subject,
        PropertyTags.MessageDeliveryTime, PropertyTags.CreationTime, PropertyTags.MessageSize,
    ];

    public static MessageChange Change(MailboxLogon logon, PropertyBag row, bool isAssociated)
    {
        if (row[PropertyTags.Mid] is not long mid || row[PropertyTags.ChangeNumber] is not long changeNumber)
            throw new MapiProtocolException("A row of the contents table has no message id or change number");
        return new MessageChange(
            new ObjectId(mid), logon.Replicas.ToLongTerm(new ObjectId(mid)), logon.Replicas.ToLongTerm(new ObjectId(changeNumber)), isAssociated, Size(row));
    }

    public static ItemInfo Info(MessageChange change, PropertyBag row)
    {
        var key = SourceKeys.ItemKey(change.Id);
        var version = change.Change == default ? "" : SourceKeys.Version(change.Change);
        return new ItemInfo(
            key, version,
            ((row.GetInteger(PropertyTags.MessageFlags) ?? 0) & MessageFlagRead) != 0,
            row.GetString(PropertyTags.MessageClass) ?? "IPM.Note",
            row.GetString(PropertyTags.Subject),
            (row[PropertyTags.MessageDeliveryTime] ?? row[PropertyTags.CreationTime]) is DateTime time ? time : null,
            Size(row))
        {
            IsAssociated = change.IsAssociated,
        };
    }

    private static long Size(PropertyBag row) => (uint)(row.GetInteger(PropertyTags.MessageSize) ?? 0);
}
