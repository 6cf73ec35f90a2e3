using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>A folder with what tells whether its contents changed; null when that can't be told.</summary>
internal sealed record ListedFolder(MailboxFolder Folder, FolderFingerprint? Fingerprint);

/// <summary>Lists the folders of one part of a mailbox, parents first: one round trip for the IPM subtree, whatever its size up to 256 KiB.</summary>
internal sealed class FolderListing(MailboxLogon logon)
{
    private const int SearchFolder = 2;

    /// <summary>Bears this name in every language. Source: [MS-OXOSFLD] 2.2.1.</summary>
    private const string RecoverableItems = "Recoverable Items";

    private static readonly PropertyTag[] Columns =
    [
        PropertyTags.FolderId, PropertyTags.ParentFolderId, PropertyTags.DisplayName, PropertyTags.ContainerClass, PropertyTags.FolderType,
        .. FolderFingerprint.Columns,
    ];

    private readonly DateTime listed = logon.ServerTime;
    private IReadOnlyDictionary<LongTermId, FolderRole> roles = new Dictionary<LongTermId, FolderRole>();

    /// <summary>Every folder, search folders left out; none when the mailbox has no such part.</summary>
    public async Task<IReadOnlyList<ListedFolder>> ReadAsync(SourceScope scope, CancellationToken ct)
    {
        if (await RootAsync(scope, ct) is not var (root, below)) return [];
        var children = new Dictionary<long, List<PropertyBag>>();
        foreach (var row in below) AddChild(children, row);
        var folders = new List<ListedFolder> { Folder(root, parent: null) };
        var open = new Queue<long>([(long)root[PropertyTags.FolderId]!]);
        while (open.TryDequeue(out var parent))
        {
            foreach (var row in children.GetValueOrDefault(parent) ?? [])
            {
                open.Enqueue((long)row[PropertyTags.FolderId]!);
                folders.Add(Folder(row, KeyOf(parent)));
            }
        }
        return folders;
    }

    private Task<(PropertyBag Root, IReadOnlyList<PropertyBag> Below)?> RootAsync(SourceScope scope, CancellationToken ct) => scope switch
    {
        SourceScope.IpmSubtree => IpmSubtreeAsync(ct),
        SourceScope.CommonViews => CommonViewsAsync(ct),
        _ => RecoverableItemsAsync(ct),
    };

    private async Task<(PropertyBag Root, IReadOnlyList<PropertyBag> Below)?> IpmSubtreeAsync(CancellationToken ct)
    {
        var id = logon.Response.Folder(LogonFolder.IpmSubtree);
        // Outlook keeps the special folders on both; where they differ the Inbox is what clients follow.
        ObjectId[] asked = [logon.Response.Folder(LogonFolder.Inbox), logon.Response.Folder(LogonFolder.Root), id];
        var (found, below) = await logon.GetFoldersWithHierarchyAsync(asked, [.. SpecialFolders.Columns, .. Columns], Columns, ct);
        roles = SpecialFolders.Find(logon, found.SkipLast(1));
        return (found[^1].Set(PropertyTags.FolderId, id.ToInt64()), below);
    }

    private async Task<(PropertyBag Root, IReadOnlyList<PropertyBag> Below)?> CommonViewsAsync(CancellationToken ct)
    {
        var id = logon.Response.Folder(LogonFolder.CommonViews);
        var (found, below) = await logon.GetFoldersWithHierarchyAsync([id], Columns, Columns, ct);
        return (found[0].Set(PropertyTags.FolderId, id.ToInt64()), below);
    }

    private async Task<(PropertyBag Root, IReadOnlyList<PropertyBag> Below)?> RecoverableItemsAsync(CancellationToken ct)
    {
        await foreach (var row in logon.GetSubfoldersAsync(logon.Response.Folder(LogonFolder.Root), Columns, ct))
        {
            if (row.GetString(PropertyTags.DisplayName) == RecoverableItems && row[PropertyTags.FolderId] is long id)
                return (row, await logon.GetHierarchyAsync(new ObjectId(id), Columns, ct).ToListAsync(ct));
        }
        return null;
    }

    /// <summary>Tables come in any order; search folders hold nothing of their own.</summary>
    private static void AddChild(Dictionary<long, List<PropertyBag>> children, PropertyBag row)
    {
        if (row.GetInteger(PropertyTags.FolderType) == SearchFolder) return;
        if (row[PropertyTags.FolderId] is not long || row[PropertyTags.ParentFolderId] is not long parent)
            throw new MapiProtocolException("A row of the hierarchy table has no folder id");
        if (!children.TryGetValue(parent, out var rows)) children.Add(parent, rows = []);
        rows.Add(row);
    }

    private ListedFolder Folder(PropertyBag row, FolderKey? parent)
    {
        var id = logon.Replicas.ToLongTerm(new ObjectId((long)row[PropertyTags.FolderId]!));
        var folder = new MailboxFolder(
            SourceKeys.FolderKey(id),
            parent,
            row.GetString(PropertyTags.DisplayName) ?? "",
            roles.GetValueOrDefault(id, FolderRole.None),
            row.GetString(PropertyTags.ContainerClass) ?? "IPF.Note",
            row.GetInteger(PropertyTags.ContentCount) ?? 0);
        return new ListedFolder(folder, FolderFingerprint.Read(row, listed));
    }

    private FolderKey KeyOf(long id) => SourceKeys.FolderKey(logon.Replicas.ToLongTerm(new ObjectId(id)));
}
