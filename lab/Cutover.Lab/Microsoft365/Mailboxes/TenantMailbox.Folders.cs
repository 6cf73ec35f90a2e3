using System.Text.Json;
using Dapper;

namespace Cutover.Lab.Microsoft365.Mailboxes;

public sealed partial class TenantMailbox
{
    private const string FolderKind = "folder";

    /// <summary>The folder with this id or well-known name; null when there is none.</summary>
    public TenantFolder? FindFolder(string idOrWellKnownName) =>
        ObjectId.ReadFolder(Guid, idOrWellKnownName) is { } found
            ? QueryFolders("number = @found", new { found }).SingleOrDefault()
            : QueryFolders("well_known = @name", new { name = idOrWellKnownName.ToLowerInvariant() }).SingleOrDefault();

    public TenantFolder Root => FindFolder(DefaultFolder.RootName)!;

    public IReadOnlyList<TenantFolder> ChildrenOf(TenantFolder parent) =>
        QueryFolders("parent = @Number ORDER BY name COLLATE NOCASE, number", parent);

    internal int ChildCount(TenantFolder folder) =>
        database.Read(connection => connection.ExecuteScalar<int>("SELECT COUNT(*) FROM folder WHERE parent = @Number", folder));

    internal int ItemCount(TenantFolder folder) =>
        database.Read(connection => connection.ExecuteScalar<int>("SELECT COUNT(*) FROM item WHERE folder = @Number", folder));

    internal int UnreadCount(TenantFolder folder) =>
        database.Read(connection =>
            connection.ExecuteScalar<int>("SELECT COUNT(*) FROM item WHERE folder = @Number AND is_read = 0", folder));

    /// <exception cref="MailboxException">ErrorFolderExists: a sibling has the name, whatever its case.</exception>
    internal TenantFolder CreateFolder(
        TenantFolder parent, string name, string type, IReadOnlyDictionary<string, string>? properties = null) =>
        database.Write(_ =>
        {
            CheckFree(parent.Number, name, except: 0);
            return Insert(parent.Number, name, type, wellKnownName: null, properties);
        });

    /// <exception cref="MailboxException">ErrorFolderExists.</exception>
    internal TenantFolder RenameFolder(TenantFolder folder, string name) => PlaceFolder(folder, folder.Parent, name);

    /// <exception cref="MailboxException">ErrorFolderExists, or the target lies below the folder itself.</exception>
    internal TenantFolder MoveFolder(TenantFolder folder, TenantFolder parent)
    {
        if (IsWithin(parent, folder))
            throw new MailboxException("ErrorMoveCopyFailed", "The move or copy operation failed., Cannot move a folder below itself.");
        return PlaceFolder(folder, parent.Number, folder.Name);
    }

    /// <summary>Deletes the folder with everything in it.</summary>
    /// <exception cref="MailboxException">ErrorDeleteDistinguishedFolder.</exception>
    internal void DeleteFolder(TenantFolder folder)
    {
        if (folder.WellKnownName is not null) throw MailboxException.Distinguished();
        database.Write(connection =>
        {
            foreach (var child in ChildrenOf(folder)) DeleteFolder(child);
            foreach (var item in ItemsOf(folder)) DeleteItem(item);
            connection.Execute("DELETE FROM folder WHERE number = @Number", folder);
            RecordRemoval(connection, FolderKind, folder.Parent, folder.Number);
        });
    }

    /// <summary>What changed among the folder's children since a change number, and the number to ask from next time.</summary>
    internal (IReadOnlyList<TenantFolder> Changed, IReadOnlyList<string> Removed, long Change) FolderDelta(
        TenantFolder parent, long since) => database.Read(_ =>
    {
        IReadOnlyList<TenantFolder> changed =
            QueryFolders("parent = @Number AND change > @since ORDER BY number", new { parent.Number, since });
        return (changed, RemovedSince(FolderKind, parent.Number, since, ObjectId.OfFolder), CurrentChange());
    });

    internal void CreateDefaultFolders(string? language) => database.Write(_ =>
    {
        var root = Insert(0, DefaultFolder.Root.NameIn(language), DefaultFolder.Root.Type, DefaultFolder.RootName);
        foreach (var folder in DefaultFolder.BelowRoot) Insert(root.Number, folder.NameIn(language), folder.Type, folder.WellKnownName);
    });

    internal long CurrentChange() =>
        database.Read(connection => connection.ExecuteScalar<long>("SELECT change FROM mailbox WHERE number = @number", new { number }));

    private TenantFolder PlaceFolder(TenantFolder folder, long parent, string name) => database.Write(connection =>
    {
        CheckFree(parent, name, except: folder.Number);
        if (parent != folder.Parent) RecordRemoval(connection, FolderKind, folder.Parent, folder.Number);
        connection.Execute(
            "UPDATE folder SET parent = @parent, name = @name, change = @change WHERE number = @Number",
            new { parent, name, change = NextChange(connection), folder.Number });
        connection.Execute("DELETE FROM removed WHERE kind = @kind AND container = @parent AND number = @Number",
            new { kind = FolderKind, parent, folder.Number });
        return QueryFolders("number = @Number", new { folder.Number }).Single();
    });

    private bool IsWithin(TenantFolder folder, TenantFolder ancestor)
    {
        for (var step = folder; step is not null; step = QueryFolders("number = @Parent", step).SingleOrDefault())
            if (step.Number == ancestor.Number) return true;
        return false;
    }

    // Names are compared by .NET: SQLite's NOCASE knows only ASCII.
    private void CheckFree(long parent, string name, long except)
    {
        var siblings = QueryFolders("parent = @parent AND number <> @except", new { parent, except });
        if (siblings.Any(sibling => sibling.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            throw MailboxException.FolderExists(name);
    }

    private TenantFolder Insert(
        long parent, string name, string type, string? wellKnownName, IReadOnlyDictionary<string, string>? properties = null) =>
        database.Write(connection =>
    {
        var change = NextChange(connection);
        var json = properties is null ? null : JsonSerializer.Serialize(properties);
        var inserted = connection.ExecuteScalar<long>(
            """
            INSERT INTO folder(mailbox, parent, name, type, well_known, change, properties)
            VALUES(@number, @parent, @name, @type, @wellKnownName, @change, @json) RETURNING number
            """, new { number, parent, name, type, wellKnownName, change, json });
        return QueryFolders("number = @inserted", new { inserted }).Single();
    });

    private IReadOnlyList<string> RemovedSince(string kind, long container, long since, Func<Guid, long, string> toId) =>
        database.Read<IReadOnlyList<string>>(connection =>
        [.. connection.Query<long>(
            "SELECT number FROM removed WHERE kind = @kind AND container = @container AND change > @since ORDER BY number",
            new { kind, container, since })
            .Select(removed => toId(Guid, removed))]);
}
