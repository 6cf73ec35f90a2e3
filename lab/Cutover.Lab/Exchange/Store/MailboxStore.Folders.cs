using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Exchange.Store;

/// <content>The folders of the mailbox.</content>
public sealed partial class MailboxStore
{
    private const string SelectFolders = """
        WITH counts AS (
            SELECT folder, SUM(associated = 0) AS items, SUM(associated = 0 AND is_read = 0) AS unread, SUM(associated) AS associated,
                SUM(size) AS size
            FROM message WHERE mailbox = @Number GROUP BY folder),
        deleted AS (SELECT folder, COUNT(*) AS items FROM tombstone WHERE mailbox = @Number GROUP BY folder)
        SELECT f.id, f.parent, f.name, f.container_class AS ContainerClass, f.special, f.is_search AS IsSearch, f.change_number AS ChangeNumber,
            f.created, f.modified, f.content_modified AS ContentModified, c.items AS Items, c.unread AS Unread, c.associated AS Associated,
            d.items AS Deleted, c.size,
            EXISTS(SELECT 1 FROM folder child WHERE child.mailbox = @Number AND child.parent = f.id) AS HasSubfolders
        FROM folder f LEFT JOIN counts c ON c.folder = f.id LEFT JOIN deleted d ON d.folder = f.id
        WHERE f.mailbox = @Number
        """;

    /// <summary>Every folder of the mailbox, those outside the IPM subtree too, in the order of creation.</summary>
    public IReadOnlyList<StoredFolder> Folders =>
        store.Read(database => database.Query<FolderRow>(SelectFolders + " ORDER BY f.id", new { Number }).Select(row => row.ToFolder()).ToList());

    /// <summary>The folders that the user sees: the IPM subtree and all below it.</summary>
    public IReadOnlyList<StoredFolder> VisibleFolders
    {
        get
        {
            var all = Folders;
            var root = all.First(folder => folder.Special == SpecialFolder.IpmSubtree);
            return [root, .. FolderTree.Below(all, root.Id)];
        }
    }

    /// <summary>The folder that plays a role. User folders, the on-premises archive included, are found by name instead.</summary>
    public long FolderOf(FolderRole role) => FolderOf(role.ToSpecialFolder());

    public long FolderOf(SpecialFolder special) => store.Read(database => database.ExecuteScalar<long>(
        "SELECT id FROM folder WHERE mailbox = @Number AND special = @special", new { Number, special = (int)special }));

    /// <summary>The folder with this counter; null when it isn't there.</summary>
    public StoredFolder? FindFolder(long id) => store.Read(database =>
        database.QuerySingleOrDefault<FolderRow>(SelectFolders + " AND f.id = @id", new { Number, id })?.ToFolder());

    /// <summary>The direct child of this name, compared without regard to case; null when there is none.</summary>
    public long? FindFolder(long parent, string name) => store.Read(database => database
        .Query<(long Id, string Name)>("SELECT id, name FROM folder WHERE mailbox = @Number AND parent = @parent", new { Number, parent })
        .Where(child => string.Equals(child.Name, name, StringComparison.OrdinalIgnoreCase))
        .Select(child => (long?)child.Id).FirstOrDefault());

    /// <summary>Makes a folder and returns its counter.</summary>
    /// <param name="name">May hold any character; a sibling may not bear it too.</param>
    /// <param name="containerClass">PidTagContainerClass, such as IPF.Note.</param>
    /// <param name="isSearch">It shows messages of other folders and holds none.</param>
    /// <exception cref="ArgumentException">The parent isn't there, or has a folder of this name.</exception>
    public long CreateFolder(long parent, string name, string containerClass, bool isSearch = false, long? id = null) => store.Write(database =>
    {
        RequireFolder(database, parent);
        RequireFreeName(parent, name);
        return InsertFolder(database, new DefaultFolder(SpecialFolder.None, SpecialFolder.None, name, name, containerClass, isSearch), parent, name, id);
    });

    /// <summary>Gives a folder another name.</summary>
    public void RenameFolder(long folder, string name) => ChangeFolder(folder, database =>
        database.Execute("UPDATE folder SET name = @name WHERE mailbox = @Number AND id = @folder", new { Number, folder, name }));

    /// <summary>Puts a folder under another parent; it keeps its id and its messages theirs.</summary>
    public void MoveFolder(long folder, long parent) => ChangeFolder(folder, database =>
    {
        RequireFolder(database, parent);
        database.Execute("UPDATE folder SET parent = @parent WHERE mailbox = @Number AND id = @folder", new { Number, folder, parent });
    });

    /// <summary>Sets a property that the store doesn't compute, such as PidTagComment.</summary>
    public void SetFolderProperty(long folder, PropertyTag tag, object value) => EditFolderProperties(folder, bag => bag.Set(tag, value));

    /// <summary>Changes properties that the store doesn't compute.</summary>
    public void EditFolderProperties(long folder, Action<PropertyBag> edit) => ChangeFolder(folder, database =>
    {
        var bag = FolderPropertiesOf(database, folder);
        edit(bag);
        database.Execute(
            "UPDATE folder SET properties = @bytes WHERE mailbox = @Number AND id = @folder",
            new { Number, folder, bytes = MessageContent.SerializeBag(bag) });
    });

    /// <summary>Gives a folder another PidTagContainerClass.</summary>
    public void SetContainerClass(long folder, string containerClass) => ChangeFolder(folder, database => database.Execute(
        "UPDATE folder SET container_class = @containerClass WHERE mailbox = @Number AND id = @folder", new { Number, folder, containerClass }));

    /// <summary>The properties that were set on the folder; those that the store computes come from <see cref="FolderProperties"/>.</summary>
    public PropertyBag FolderPropertiesOf(long folder) => store.Read(database => FolderPropertiesOf(database, folder));

    /// <summary>Removes a folder with its subfolders and messages for good.</summary>
    public void DeleteFolder(long folder) => store.Write(database => Delete(database, folder));

    /// <summary>Folders that were removed: their counters with the change number of the removal.</summary>
    public IReadOnlyList<(long Id, long ChangeNumber)> DeletedFolders => store.Read(database => database
        .Query<(long, long)>("SELECT id, change_number FROM folder_tombstone WHERE mailbox = @Number", new { Number }).ToList());

    internal void CreateDefaultFolders() => store.Write(database =>
    {
        var made = new Dictionary<SpecialFolder, long> { [SpecialFolder.None] = 0 };
        foreach (var folder in IsPublic ? DefaultFolders.Public : DefaultFolders.All)
        {
            made[folder.Special] = InsertFolder(database, folder, made[folder.Parent], folder.NameIn(Language));
        }
    });

    private long InsertFolder(SqliteConnection database, DefaultFolder folder, long parent, string name, long? chosenId = null)
    {
        var id = chosenId ?? counters.Next(database);
        database.Execute(
            """
            INSERT INTO folder(mailbox, id, parent, name, container_class, special, is_search, change_number, created, modified, content_modified)
            VALUES (@Number, @id, @parent, @name, @containerClass, @special, @isSearch, @changeNumber, @now, @now, @now)
            """,
            new
            {
                Number,
                id,
                parent,
                name,
                containerClass = folder.ContainerClass,
                special = (int)folder.Special,
                isSearch = folder.IsSearch,
                changeNumber = counters.Next(database),
                now = store.Now.Ticks,
            });
        return id;
    }

    private void ChangeFolder(long folder, Action<SqliteConnection> change) => store.Write(database =>
    {
        RequireFolder(database, folder);
        change(database);
        database.Execute(
            "UPDATE folder SET change_number = @changeNumber, modified = @now WHERE mailbox = @Number AND id = @folder",
            new { Number, folder, changeNumber = counters.Next(database), now = store.Now.Ticks });
    });

    private void Delete(SqliteConnection database, long folder)
    {
        var children = database.Query<long>("SELECT id FROM folder WHERE mailbox = @Number AND parent = @folder", new { Number, folder }).ToList();
        foreach (var child in children) Delete(database, child);
        database.Execute(
            """
            DELETE FROM content WHERE number IN (SELECT content FROM message WHERE mailbox = @Number AND folder = @folder);
            DELETE FROM message WHERE mailbox = @Number AND folder = @folder;
            DELETE FROM tombstone WHERE mailbox = @Number AND folder = @folder;
            DELETE FROM search WHERE mailbox = @Number AND folder = @folder;
            DELETE FROM permission WHERE mailbox = @Number AND folder = @folder;
            DELETE FROM rule WHERE mailbox = @Number AND folder = @folder;
            INSERT INTO folder_tombstone(mailbox, id, parent, change_number)
                SELECT mailbox, id, parent, @changeNumber FROM folder WHERE mailbox = @Number AND id = @folder;
            DELETE FROM folder WHERE mailbox = @Number AND id = @folder;
            """,
            new { Number, folder, changeNumber = counters.Next(database) });
    }

    private PropertyBag FolderPropertiesOf(SqliteConnection database, long folder)
    {
        var bytes = database.ExecuteScalar<byte[]?>(
            "SELECT properties FROM folder WHERE mailbox = @Number AND id = @folder", new { Number, folder });
        return bytes is null ? [] : MessageContent.DeserializeBag(bytes);
    }

    private void RequireFolder(SqliteConnection database, long folder)
    {
        var found = database.ExecuteScalar<long>("SELECT COUNT(*) FROM folder WHERE mailbox = @Number AND id = @folder", new { Number, folder });
        if (found == 0) throw new ArgumentException($"The mailbox has no folder {folder:X}.", nameof(folder));
    }

    private void RequireFreeName(long parent, string name)
    {
        if (FindFolder(parent, name) is not null)
            throw new ArgumentException($"The folder {parent:X} has a folder of the name '{name}' already.", nameof(name));
    }

    private sealed class FolderRow
    {
        public long Id { get; set; }

        public long Parent { get; set; }

        public string Name { get; set; } = "";

        public string ContainerClass { get; set; } = "";

        public long Special { get; set; }

        public long IsSearch { get; set; }

        public long ChangeNumber { get; set; }

        public long Created { get; set; }

        public long Modified { get; set; }

        public long ContentModified { get; set; }

        public long? Items { get; set; }

        public long? Unread { get; set; }

        public long? Associated { get; set; }

        public long? Deleted { get; set; }

        public long? Size { get; set; }

        public long HasSubfolders { get; set; }

        public StoredFolder ToFolder() => new(
            Id, Parent, Name, ContainerClass, (SpecialFolder)Special, IsSearch != 0, ChangeNumber,
            Utc(Created), Utc(Modified), Utc(ContentModified),
            (int)(Items ?? 0), (int)(Unread ?? 0), (int)(Associated ?? 0), (int)(Deleted ?? 0), Size ?? 0, HasSubfolders != 0);
    }

    private static DateTime Utc(long ticks) => new(ticks, DateTimeKind.Utc);
}
