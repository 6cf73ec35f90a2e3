using Cutover.Mapi.Rops;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Exchange.Store;

/// <summary>What one member may do in a folder. Source: [MS-OXCPERM] 2.2.</summary>
/// <param name="Member"><see cref="DefaultMember"/>, <see cref="AnonymousMember"/>, or a number that the store gave.</param>
/// <param name="EntryId">The member's address-book entry id; empty for the default and the anonymous one.</param>
public sealed record FolderPermission(long Member, byte[] EntryId, string Name, MemberRights Rights)
{
    public const long DefaultMember = 0;
    public const long AnonymousMember = -1;
}

/// <content>Who may do what in the folders of the mailbox.</content>
public sealed partial class MailboxStore
{
    /// <summary>The permissions of a folder: the default, the anonymous, then the others in the order in which they came.</summary>
    public IReadOnlyList<FolderPermission> Permissions(long folder) => store.Read(database =>
    {
        var set = database.Query<PermissionRow>(
            "SELECT member, entry_id AS EntryId, name, rights FROM permission WHERE mailbox = @Number AND folder = @folder ORDER BY member",
            new { Number, folder }).Select(row => row.ToPermission()).ToList();
        FolderPermission Of(long member, string name, MemberRights rights) =>
            set.Find(permission => permission.Member == member) ?? new FolderPermission(member, [], name, rights);
        return (IReadOnlyList<FolderPermission>)
        [
            Of(FolderPermission.DefaultMember, "", IsCalendar(database, folder) ? MemberRights.FreeBusySimple : MemberRights.None),
            Of(FolderPermission.AnonymousMember, "Anonymous", MemberRights.None),
            .. set.Where(permission => permission.Member > FolderPermission.DefaultMember),
        ];
    });

    /// <summary>Gives a member rights in a folder, new ones when it has some; returns its number.</summary>
    public long SetPermission(long folder, byte[] entryId, string name, MemberRights rights) => store.Write(database =>
    {
        RequireFolder(database, folder);
        var known = Permissions(folder).FirstOrDefault(permission =>
            permission.Member > FolderPermission.DefaultMember && permission.EntryId.AsSpan().SequenceEqual(entryId));
        var member = known?.Member ?? counters.Next(database);
        Write(database, folder, new FolderPermission(member, entryId, name, rights));
        return member;
    });

    /// <summary>Changes the rights of a member; false when there is no such member.</summary>
    public bool SetPermission(long folder, long member, MemberRights rights) => store.Write(database =>
    {
        if (Permissions(folder).FirstOrDefault(permission => permission.Member == member) is not { } found) return false;
        Write(database, folder, found with { Rights = rights });
        return true;
    });

    /// <summary>Takes a member's rights away; false when there is no such member.</summary>
    public bool RemovePermission(long folder, long member) => store.Write(database => database.Execute(
        "DELETE FROM permission WHERE mailbox = @Number AND folder = @folder AND member = @member", new { Number, folder, member }) > 0);

    private void Write(SqliteConnection database, long folder, FolderPermission permission) => database.Execute(
        """
        INSERT INTO permission(mailbox, folder, member, entry_id, name, rights) VALUES (@Number, @folder, @Member, @EntryId, @Name, @rights)
        ON CONFLICT DO UPDATE SET rights = excluded.rights, name = excluded.name
        """,
        new { Number, folder, permission.Member, permission.EntryId, permission.Name, rights = (int)permission.Rights });

    private bool IsCalendar(SqliteConnection database, long folder) => database.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM folder WHERE mailbox = @Number AND id = @folder AND special = @calendar",
        new { Number, folder, calendar = (int)SpecialFolder.Calendar }) > 0;

    private sealed class PermissionRow
    {
        public long Member { get; set; }

        public byte[] EntryId { get; set; } = [];

        public string Name { get; set; } = "";

        public long Rights { get; set; }

        public FolderPermission ToPermission() => new(Member, EntryId, Name, (MemberRights)Rights);
    }
}
