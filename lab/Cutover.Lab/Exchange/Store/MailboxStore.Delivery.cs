using Dapper;

namespace Cutover.Lab.Exchange.Store;

/// <summary>Where messages of a class are delivered.</summary>
public sealed record ReceiveFolder(string MessageClass, long Folder, DateTime Modified);

/// <summary>What the owner of the mailbox has read in a public folder, in the form that a public store gave it.</summary>
/// <param name="Source">The database that gave it.</param>
public sealed record PerUserInformation(Guid Source, byte[] Data);

/// <content>Receive folders, and what it remembers of public folders. Source: [MS-OXCSTOR] 3.2.1, 3.2.3.</content>
public sealed partial class MailboxStore
{
    /// <summary>Those that a mailbox is born with, and those that were set.</summary>
    public IReadOnlyList<ReceiveFolder> ReceiveFolders
    {
        get
        {
            var born = FindFolder(FolderOf(SpecialFolder.MailboxRoot))?.Created ?? store.Now;
            var (inbox, root) = (FolderOf(SpecialFolder.Inbox), FolderOf(SpecialFolder.MailboxRoot));
            var set = store.Read(database => database.Query<(string Class, long Folder, long Modified)>(
                "SELECT message_class, folder, modified FROM receive_folder WHERE mailbox = @Number", new { Number }).ToList());
            var given = set.ToDictionary(row => row.Class, row => new ReceiveFolder(row.Class, row.Folder, Utc(row.Modified)), StringComparer.OrdinalIgnoreCase);
            foreach (var name in (string[])["", "IPM", "Report.IPM"]) given.TryAdd(name, new ReceiveFolder(name, inbox, born));
            given.TryAdd("IPC", new ReceiveFolder("IPC", root, born));
            return [.. given.Values.OrderBy(row => row.MessageClass, StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>Delivers a class to a folder; 0 forgets the class.</summary>
    public void SetReceiveFolder(string messageClass, long folder) => store.Write(database => database.Execute(
        folder == 0
            ? "DELETE FROM receive_folder WHERE mailbox = @Number AND message_class = @messageClass"
            : "INSERT OR REPLACE INTO receive_folder(mailbox, message_class, folder, modified) VALUES (@Number, @messageClass, @folder, @now)",
        new { Number, messageClass, folder, now = store.Now.Ticks }));

    /// <param name="folder">Names a public folder: the text of its long-term id.</param>
    public PerUserInformation? FindPerUserInformation(string folder)
    {
        var (source, data) = store.Read(database => database.QuerySingleOrDefault<(string?, byte[]?)>(
            "SELECT source, data FROM per_user WHERE mailbox = @Number AND folder = @folder", new { Number, folder }));
        return source is null || data is null ? null : new PerUserInformation(Guid.Parse(source), data);
    }

    public void SetPerUserInformation(string folder, PerUserInformation information) => store.Write(database => database.Execute(
        "INSERT OR REPLACE INTO per_user(mailbox, folder, source, data) VALUES (@Number, @folder, @source, @Data)",
        new { Number, folder, source = information.Source.ToString(), information.Data }));

    /// <summary>The public folders of a database that something is remembered of.</summary>
    public IReadOnlyList<string> PerUserFolders(Guid source) => store.Read(database => database.Query<string>(
        "SELECT folder FROM per_user WHERE mailbox = @Number AND source = @source", new { Number, source = source.ToString() }).ToList());
}
