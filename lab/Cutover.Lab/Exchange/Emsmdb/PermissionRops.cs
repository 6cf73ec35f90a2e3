using Cutover.Lab.Exchange.Emsmdb.Tables;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Keeping and showing who may do what in a folder; <see cref="FolderAccess"/> holds delegates to it. Source: [MS-OXCPERM] 3.2.5.
/// </summary>
internal static class PermissionRops
{
    private const MemberRights FreeBusy = MemberRights.FreeBusySimple | MemberRights.FreeBusyDetailed;

    public static RopResponse GetPermissionsTable(RopContext context, GetPermissionsTableRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        var hidden = request.TableFlags.HasFlag(PermissionsTableFlags.IncludeFreeBusy) ? MemberRights.None : FreeBusy;
        context.Put(request.OutputHandleIndex, new TableObject(folder.Mailbox, TableKind.Permissions, () => Rows(folder, hidden)));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    public static RopResponse ModifyPermissions(RopContext context, ModifyPermissionsRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        using var bulk = context.Store.BeginBulk();
        if (request.Flags.HasFlag(ModifyPermissionsFlags.ReplaceRows)) RemoveAll(folder);
        foreach (var change in request.Changes) Apply(context, folder, change, request.Flags.HasFlag(ModifyPermissionsFlags.IncludeFreeBusy));
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    private static List<TableRow> Rows(FolderObject folder, MemberRights hidden) =>
        [.. folder.Mailbox.Permissions(folder.Folder).Select(permission => new TableRow(permission.Member, _ => new PropertyBag()
            .Set(PropertyTags.EntryId, permission.EntryId)
            .Set(PropertyTags.MemberId, permission.Member)
            .Set(PropertyTags.MemberName, permission.Name)
            .Set(PropertyTags.MemberRights, (int)(permission.Rights & ~hidden))))];

    // All but the default entry. Source: [MS-OXCPERM] 2.2.2.1.
    private static void RemoveAll(FolderObject folder)
    {
        foreach (var permission in folder.Mailbox.Permissions(folder.Folder).Where(permission => permission.Member != FolderPermission.DefaultMember))
            folder.Mailbox.RemovePermission(folder.Folder, permission.Member);
    }

    private static void Apply(RopContext context, FolderObject folder, RowChange change, bool setsFreeBusy)
    {
        var values = new PropertyBag(change.Values);
        var member = values[PropertyTags.MemberId] as long?;
        var rights = (MemberRights)(values.GetInteger(PropertyTags.MemberRights) ?? 0);
        var done = change.Kind switch
        {
            RowChangeKind.Add => Add(context, folder, values[PropertyTags.EntryId] as byte[], member, Checked(rights, setsFreeBusy)),
            RowChangeKind.Modify => member is { } id && folder.Mailbox.SetPermission(folder.Folder, id, Kept(folder, id, rights, setsFreeBusy)),
            RowChangeKind.Remove => member is { } id && folder.Mailbox.RemovePermission(folder.Folder, id),
            _ => throw new RopException(MapiErrorCode.InvalidParameter),
        };
        if (!done) throw new RopException(MapiErrorCode.NotFound);
    }

    private static bool Add(RopContext context, FolderObject folder, byte[]? entryId, long? member, MemberRights rights)
    {
        // The default and the anonymous entry are always there: adding them is setting them.
        if (entryId is not { Length: > 0 }) return member is { } id && folder.Mailbox.SetPermission(folder.Folder, id, rights);
        var address = AddressEntryId.TryRead(entryId)?.EmailAddress ?? throw new RopException(MapiErrorCode.InvalidParameter);
        folder.Mailbox.SetPermission(folder.Folder, entryId, context.Store.FindMailbox(address)?.DisplayName ?? address, rights);
        return true;
    }

    private static MemberRights Checked(MemberRights rights, bool setsFreeBusy) => setsFreeBusy ? rights : rights & ~FreeBusy;

    private static MemberRights Kept(FolderObject folder, long member, MemberRights rights, bool setsFreeBusy)
    {
        var old = folder.Mailbox.Permissions(folder.Folder).FirstOrDefault(permission => permission.Member == member)?.Rights ?? MemberRights.None;
        return setsFreeBusy ? rights : rights & ~FreeBusy | old & FreeBusy;
    }
}
