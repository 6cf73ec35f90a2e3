using Cutover.Lab.Exchange.Emsmdb.Tables;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Opening folders and their tables. Source: [MS-OXCFOLD] 3.2.5.</summary>
internal static class FolderRops
{
    // What the store keeps beside the content, and what the table itself adds: when a row lacks one of these, so does the message.
    private static readonly HashSet<ushort> SummaryIds =
    [
        PropertyTags.Subject.Id, PropertyTags.MessageDeliveryTime.Id,
        PropertyTags.InstID.Id, PropertyTags.InstanceNum.Id, PropertyTags.RowType.Id, PropertyTags.Depth.Id,
    ];

    private const TableFlags HierarchyFlags = TableFlags.Depth | TableFlags.DeferredErrors | TableFlags.NoNotifications | TableFlags.SoftDeletes
        | TableFlags.UseUnicode | TableFlags.SuppressesNotifications;

    private const TableFlags ContentsFlags = TableFlags.Associated | TableFlags.DeferredErrors | TableFlags.NoNotifications | TableFlags.SoftDeletes
        | TableFlags.UseUnicode | TableFlags.SuppressesNotifications;

    public static RopResponse OpenFolder(RopContext context, OpenFolderRequest request)
    {
        var opener = context.Get<ServerObject>(request.HandleIndex);
        if (opener is not (LogonObject or FolderObject)) throw new RopException(MapiErrorCode.NotSupported);
        var mailbox = opener.Mailbox;
        var folder = mailbox.FindFolder(mailbox.CounterOf(request.FolderId)) ?? throw new RopException(MapiErrorCode.NotFound);
        context.Require(mailbox, folder.Id, MemberRights.FolderVisible);
        context.Put(request.OutputHandleIndex, new FolderObject(mailbox, folder.Id));
        return new OpenFolderResponse(request.OutputHandleIndex, mailbox.HasRules(folder.Id));
    }

    public static RopResponse GetHierarchyTable(RopContext context, GetHierarchyTableRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        if ((request.TableFlags & ~HierarchyFlags) != 0) throw new RopException(MapiErrorCode.NotSupported);
        var isDeep = request.TableFlags.HasFlag(TableFlags.Depth);
        // Deleted folders are gone for good here: there is nothing to show.
        var isEmpty = request.TableFlags.HasFlag(TableFlags.SoftDeletes);
        return OpenTable(context, request, request.OutputHandleIndex, new TableObject(
            folder.Mailbox, TableKind.Hierarchy, () => isEmpty ? [] : HierarchyRows(context, folder.Mailbox, folder.Folder, isDeep)));
    }

    public static RopResponse GetContentsTable(RopContext context, GetContentsTableRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        if ((request.TableFlags & ~ContentsFlags) != 0) throw new RopException(MapiErrorCode.InvalidParameter);
        var associated = request.TableFlags.HasFlag(TableFlags.Associated);
        // Deleted messages are gone for good here: there is nothing to show.
        var isEmpty = request.TableFlags.HasFlag(TableFlags.SoftDeletes);
        return OpenTable(context, request, request.OutputHandleIndex, new TableObject(
            folder.Mailbox, TableKind.Contents, () => isEmpty ? [] : ContentsRows(folder.Mailbox, folder.Folder, associated)));
    }

    private static List<TableRow> HierarchyRows(RopContext context, MailboxStore mailbox, long root, bool isDeep)
    {
        var below = FolderTree.Below(mailbox.Folders, root);
        var depthOf = DepthsBelow(below, root);
        var shown = below.Where(child => (isDeep || child.Parent == root) && context.May(mailbox, child.Id, MemberRights.FolderVisible));
        return [.. shown.Select(child => new TableRow(mailbox.WireId(child.Id).ToInt64(), HierarchyRow(mailbox, child, depthOf[child.Id])))];
    }

    private static List<TableRow> ContentsRows(MailboxStore mailbox, long folder, bool associated) =>
        [.. SearchFolders.Messages(mailbox, folder).Where(message => message.IsAssociated == associated).Select(message => ContentsRow(mailbox, message))];

    /// <summary>A message as contents tables and searches see it.</summary>
    internal static TableRow ContentsRow(MailboxStore mailbox, StoredMessage message) =>
        new(mailbox.WireId(message.Id).ToInt64(), columns => Columns(mailbox, message, columns))
        {
            OpenMessage = () => mailbox.OpenMessage(message.Id)?.Content,
        };

    private static TableResponse OpenTable(RopContext context, RopRequest request, byte index, TableObject table)
    {
        context.Put(index, table);
        return new TableResponse(request.Id, index, (uint)table.Rows.Count);
    }

    private static Func<IReadOnlyList<PropertyTag>, PropertyBag> HierarchyRow(MailboxStore mailbox, StoredFolder folder, int depth) =>
        _ => FolderProperties.Of(mailbox, SearchFolders.Counted(mailbox, folder)).Set(PropertyTags.Depth, depth);

    private static PropertyBag Columns(MailboxStore mailbox, StoredMessage message, IReadOnlyList<PropertyTag> columns)
    {
        var row = MessageProperties.Of(mailbox, message).Set(PropertyTags.Read, message.IsRead);
        // Whatever else is asked for lies in the content, which costs a read.
        if (columns.All(column => SummaryIds.Contains(column.Id) || row[column] is not null)) return row;
        if (mailbox.OpenMessage(message.Id) is not { } opened) return row;
        row.AddRange(opened.Content.Properties.Where(property => property.Name is not null || row[property.Tag] is null));
        return row;
    }

    private static Dictionary<long, int> DepthsBelow(IReadOnlyList<StoredFolder> folders, long root)
    {
        var depths = new Dictionary<long, int> { [root] = 0 };
        foreach (var folder in folders) depths[folder.Id] = depths[folder.Parent] + 1;
        return depths;
    }
}
