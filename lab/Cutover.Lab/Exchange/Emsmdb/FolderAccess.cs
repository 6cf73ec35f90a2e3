using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// What a session may do in folders. The owner of a mailbox may do everything; who logged on without being its owner, a delegate, what each
/// folder's permissions say. Synchronising a hierarchy and copying a tree ask in the folder that they begin in alone. Source: [MS-OXCSTOR] 3.2.5.1.1, [MS-OXCPERM] 2.2.7.
/// </summary>
internal static class FolderAccess
{
    /// <summary>What a ROP needs in the folder of its handle. Those that name their folder or message ask by themselves.</summary>
    private static readonly Dictionary<Type, MemberRights> Needed = new()
    {
        [typeof(GetContentsTableRequest)] = MemberRights.ReadAny,
        [typeof(SynchronizationConfigureRequest)] = MemberRights.ReadAny,
        [typeof(FastTransferSourceCopyFolderRequest)] = MemberRights.ReadAny,
        [typeof(FastTransferSourceCopyMessagesRequest)] = MemberRights.ReadAny,
        [typeof(FastTransferSourceCopyToRequest)] = MemberRights.ReadAny,
        [typeof(FastTransferSourceCopyPropertiesRequest)] = MemberRights.ReadAny,
        [typeof(MoveCopyMessagesRequest)] = MemberRights.ReadAny,
        [typeof(SetReadFlagsRequest)] = MemberRights.ReadAny,
        [typeof(OpenCollectorRequest)] = MemberRights.FolderOwner,
        [typeof(CreateFolderRequest)] = MemberRights.CreateSubfolder,
        [typeof(ModifyPermissionsRequest)] = MemberRights.FolderOwner,
        [typeof(ModifyRulesRequest)] = MemberRights.FolderOwner,
        [typeof(SetPropertiesRequest)] = MemberRights.FolderOwner,
        [typeof(DeletePropertiesRequest)] = MemberRights.FolderOwner,
        [typeof(SetSearchCriteriaRequest)] = MemberRights.FolderOwner,
    };

    /// <exception cref="RopException">ecAccessDenied: a folder's permissions don't let this session do that.</exception>
    public static void Require(RopContext context, RopRequest request)
    {
        if (Needed.TryGetValue(request.GetType(), out var needed) && context.Find(request.HandleIndex) is FolderObject folder)
            context.Require(folder.Mailbox, folder.Folder, needed);
    }

    /// <exception cref="RopException">ecAccessDenied.</exception>
    public static void Require(this RopContext context, MailboxStore mailbox, long folder, MemberRights needed)
    {
        if (!context.May(mailbox, folder, needed)) throw new RopException(MapiErrorCode.AccessDenied);
    }

    /// <summary>The owner of a folder may do everything in it.</summary>
    public static bool May(this RopContext context, MailboxStore mailbox, long folder, MemberRights needed) =>
        !context.Session.IsDelegateIn(mailbox) || (RightsOf(context, mailbox, folder) & (needed | MemberRights.FolderOwner)) != 0;

    private static MemberRights RightsOf(RopContext context, MailboxStore mailbox, long folder)
    {
        var permissions = mailbox.Permissions(folder);
        var own = permissions.FirstOrDefault(permission => permission.Member > FolderPermission.DefaultMember && IsOf(context, permission));
        return (own ?? permissions.First(permission => permission.Member == FolderPermission.DefaultMember)).Rights;
    }

    private static bool IsOf(RopContext context, FolderPermission permission) =>
        string.Equals(AddressEntryId.TryRead(permission.EntryId)?.EmailAddress, context.Session.Account.LegacyExchangeDN, StringComparison.OrdinalIgnoreCase);
}
