using System.Runtime.CompilerServices;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>A folder as somebody looks at it.</summary>
/// <param name="Path">Names from the top of what the user sees, parted by slashes; a slash in a name is written %2F, a percent sign %25.</param>
/// <param name="Id">The folder's long-term id.</param>
/// <param name="Items">Items as the server counts them, folder-associated ones left out.</param>
/// <param name="Size">Bytes of all its items, as the server counts them.</param>
public sealed record ViewedFolder(
    string Path, int Depth, string Name, string Id, FolderRole Role, string ContainerClass, bool IsSearchFolder, long Items, long Unread, long AssociatedItems,
    long Size);

/// <summary>Which mailbox of a user is looked at.</summary>
public enum ViewedMailbox
{
    Primary,

    /// <summary>The in-place archive, where the user has one.</summary>
    Archive,
}

/// <summary>An item of a list.</summary>
/// <param name="Id">The item's long-term id, to read it by.</param>
public sealed record ViewedItem(
    string Id, string ItemClass, string? Subject, string? From, DateTime? Received, long Size, bool IsRead, bool HasAttachments);

/// <summary>A mailbox that somebody looks at without migrating it. It is only ever read. Fails with <see cref="MigrationFault"/>.</summary>
public sealed class MailboxView : IAsyncDisposable
{
    private const int MessageFlagRead = 0x0001;
    private const int SearchFolder = 2;

    private const SendOptions ReadOptions = SendOptions.UseCpid | SendOptions.ForceUnicode | SendOptions.RecoverMode;

    private static readonly PropertyTag[] FolderColumns =
    [
        PropertyTags.FolderId, PropertyTags.ParentFolderId, PropertyTags.DisplayName, PropertyTags.ContainerClass, PropertyTags.FolderType,
        PropertyTags.ContentCount, PropertyTags.ContentUnreadCount, PropertyTags.AssociatedContentCount, PropertyTags.MessageSizeExtended,
    ];

    private static readonly PropertyTag[] ItemColumns =
    [
        PropertyTags.Mid, PropertyTags.MessageClass, PropertyTags.Subject, PropertyTags.SentRepresentingName, PropertyTags.MessageDeliveryTime,
        PropertyTags.CreationTime, PropertyTags.MessageSize, PropertyTags.MessageFlags, PropertyTags.HasAttachments,
    ];

    private readonly MailboxLogon logon;
    private readonly DirectoryAddresses addresses;
    private readonly string subject;

    internal MailboxView(MailboxLogon logon, SourceMailbox mailbox, DirectoryAddresses addresses)
    {
        this.logon = logon;
        this.addresses = addresses;
        Mailbox = mailbox;
        subject = $"mailbox {mailbox.PrimarySmtpAddress}";
    }

    public SourceMailbox Mailbox { get; }

    /// <summary>Finds the SMTP addresses of people whom items name by legacyExchangeDN.</summary>
    public IAddressResolver Addresses => addresses;

    /// <summary>What the server says it is.</summary>
    public string ServerVersion => logon.Session.ServerVersion.ToString();

    /// <summary>The folders below the top of what the user sees, parents before children, siblings by name.</summary>
    public async IAsyncEnumerable<ViewedFolder> GetFoldersAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var top = logon.Response.Folder(LogonFolder.IpmSubtree);
        var roles = await GuardedAsync(() => RolesAsync(ct));
        var rows = await GuardedAsync(() => logon.GetHierarchyAsync(top, FolderColumns, ct).ToListAsync(ct).AsTask());
        var children = rows.ToLookup(row => row[PropertyTags.ParentFolderId] as long? ?? 0);
        var open = new Stack<(PropertyBag Row, string Path, int Depth)>();
        void Open(long parent, string path, int depth)
        {
            foreach (var row in children[parent].OrderByDescending(NameOf, StringComparer.OrdinalIgnoreCase))
                open.Push((row, path + NameOf(row).Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal), depth));
        }

        Open(top.ToInt64(), "", 0);
        while (open.TryPop(out var next))
        {
            yield return Folder(next.Row, next.Path, next.Depth, roles);
            if (next.Row[PropertyTags.FolderId] is long id) Open(id, next.Path + "/", next.Depth + 1);
        }
    }

    /// <summary>The folder with this path or id. Names are compared without case; a well-known folder is found by its role too, whatever its language.</summary>
    /// <exception cref="MigrationFault">There is no such folder; the message says which there are.</exception>
    public async Task<ViewedFolder> FindFolderAsync(string pathOrId, CancellationToken ct)
    {
        var folders = await GetFoldersAsync(ct).ToListAsync(ct);
        var path = pathOrId.Trim('/');
        return folders.Find(folder => folder.Path.Equals(path, StringComparison.OrdinalIgnoreCase) || folder.Id == pathOrId)
            ?? folders.Find(folder => folder.Role != FolderRole.None && folder.Role.ToString().Equals(path, StringComparison.OrdinalIgnoreCase))
            ?? throw new MigrationFault(
                FaultScope.Operator, $"The {subject} has no folder '{pathOrId}'", "List its folders with: cutover mailbox tree");
    }

    /// <summary>The items of a folder, newest first as far as the server's table is.</summary>
    public async IAsyncEnumerable<ViewedItem> GetItemsAsync(ViewedFolder folder, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var rows = logon.GetContentsAsync(IdOf(folder), ItemColumns, ct).GetAsyncEnumerator(ct);
        while (await GuardedAsync(() => rows.MoveNextAsync().AsTask())) yield return Item(rows.Current);
    }

    /// <summary>One item with everything it holds, in memory.</summary>
    /// <exception cref="MigrationFault">The folder has no such item, or the server can't read it.</exception>
    public async Task<MapiMessage> ReadAsync(ViewedFolder folder, string itemId, CancellationToken ct)
    {
        if (!LongTermId.TryParse(itemId, out var id) || logon.Replicas.FromLongTerm(id) is not { } message) throw NoSuchItem(folder, itemId);
        var content = await GuardedAsync(() => ReadAsync(IdOf(folder), message, ct));
        return content ?? throw NoSuchItem(folder, itemId);
    }

    public async ValueTask DisposeAsync()
    {
        await addresses.DisposeAsync();
        await logon.DisposeAsync();
    }

    private async Task<MapiMessage?> ReadAsync(ObjectId folder, ObjectId message, CancellationToken ct)
    {
        var builder = new MapiMessageBuilder();
        var lexer = new FastTransferLexer(builder);
        try
        {
            await foreach (var piece in logon.CopyMessageAsync(folder, message, ReadOptions, partner: null, ct)) lexer.Feed(piece.Span);
        }
        catch (MapiException e) when (e.ErrorCode == MapiErrorCode.NotFound)
        {
            return null;
        }
        lexer.Complete();
        return builder.Build();
    }

    private async Task<IReadOnlyDictionary<LongTermId, FolderRole>> RolesAsync(CancellationToken ct)
    {
        var inbox = await logon.GetFolderPropertiesAsync(logon.Response.Folder(LogonFolder.Inbox), SpecialFolders.Columns, ct);
        var root = await logon.GetFolderPropertiesAsync(logon.Response.Folder(LogonFolder.Root), SpecialFolders.Columns, ct);
        return SpecialFolders.Find(logon, [inbox, root]);
    }

    private ViewedFolder Folder(PropertyBag row, string path, int depth, IReadOnlyDictionary<LongTermId, FolderRole> roles)
    {
        var id = logon.Replicas.ToLongTerm(new ObjectId(row[PropertyTags.FolderId] as long? ?? 0));
        return new ViewedFolder(
            path, depth, NameOf(row), id.ToString(), roles.GetValueOrDefault(id), row.GetString(PropertyTags.ContainerClass) ?? "IPF.Note",
            row.GetInteger(PropertyTags.FolderType) == SearchFolder, row.GetInteger(PropertyTags.ContentCount) ?? 0,
            row.GetInteger(PropertyTags.ContentUnreadCount) ?? 0, row.GetInteger(PropertyTags.AssociatedContentCount) ?? 0,
            row[PropertyTags.MessageSizeExtended] as long? ?? 0);
    }

    private ViewedItem Item(PropertyBag row) => new(
        logon.Replicas.ToLongTerm(new ObjectId(row[PropertyTags.Mid] as long? ?? 0)).ToString(),
        row.GetString(PropertyTags.MessageClass) ?? "IPM.Note",
        row.GetString(PropertyTags.Subject),
        row.GetString(PropertyTags.SentRepresentingName),
        (row[PropertyTags.MessageDeliveryTime] ?? row[PropertyTags.CreationTime]) as DateTime?,
        (uint)(row.GetInteger(PropertyTags.MessageSize) ?? 0),
        ((row.GetInteger(PropertyTags.MessageFlags) ?? 0) & MessageFlagRead) != 0,
        row[PropertyTags.HasAttachments] is true);

    private ObjectId IdOf(ViewedFolder folder) =>
        LongTermId.TryParse(folder.Id, out var id) && logon.Replicas.FromLongTerm(id) is { } shortId
            ? shortId
            : throw OutlookAnywhereFaults.FolderKeyUnknown(folder.Id, subject);

    private static string NameOf(PropertyBag row) => row.GetString(PropertyTags.DisplayName) ?? "";

    private MigrationFault NoSuchItem(ViewedFolder folder, string itemId) => new(
        FaultScope.Operator, $"The folder {folder.Path} of the {subject} has no item {itemId}", "List its items with: cutover mailbox ls");

    private async Task<T> GuardedAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw OutlookAnywhereFaults.Of(e, subject);
        }
    }
}
