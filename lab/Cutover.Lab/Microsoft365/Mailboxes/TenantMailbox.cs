using System.Text.Json;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Messages;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Microsoft365.Mailboxes;

/// <summary>One mailbox of the tenant: a view on the state file that holds nothing itself. Thread-safe.</summary>
public sealed partial class TenantMailbox
{
    private static readonly IReadOnlyDictionary<string, string> NoProperties = new Dictionary<string, string>();

    private readonly TenantDatabase database;
    private readonly long number;
    private readonly TimeProvider clock;

    internal TenantMailbox(TenantDatabase database, long number, Guid guid, TimeProvider clock) =>
        (this.database, this.number, Guid, this.clock) = (database, number, guid, clock);

    /// <summary>The ExchangeGuid.</summary>
    public Guid Guid { get; }

    /// <summary>Every folder, the root among them.</summary>
    public IReadOnlyList<TenantFolder> Folders => QueryFolders("TRUE", new { mailbox = number });

    /// <summary>Every item of the mailbox.</summary>
    public IReadOnlyList<TenantItem> Items => QueryItems("mailbox = @mailbox ORDER BY number", new { mailbox = number });

    public IReadOnlyList<TenantItem> ItemsOf(TenantFolder folder) => QueryItems("folder = @Number ORDER BY number", folder);

    /// <summary>The item's content as the tenant keeps it.</summary>
    public MapiMessage ReadMessage(TenantItem item) => MessageContent.Deserialize(database.Read(connection =>
        connection.ExecuteScalar<byte[]>("SELECT bytes FROM content WHERE number = (SELECT content FROM item WHERE number = @Number)",
            item))!);

    /// <summary>Items that carry the same value of a string-named property, such as a copy's stamp: (name, value) with the items.</summary>
    /// <param name="propertyName">Its Graph id, such as String {guid} Name CutoverSourceKey.</param>
    public IReadOnlyDictionary<string, IReadOnlyList<TenantItem>> DuplicatesBy(string propertyName)
    {
        var name = ExtendedPropertyId.Parse(propertyName).Canonical;
        var values = database.Read(connection => connection.Query<string>(
            """
            SELECT value FROM named_text JOIN item ON item.number = named_text.item
            WHERE name = @name AND mailbox = @number GROUP BY value HAVING COUNT(*) > 1
            """, new { name, number }).ToList());
        return values.ToDictionary(value => value, value => FindByNamedText(null, name, value));
    }

    private IReadOnlyList<TenantFolder> QueryFolders(string condition, object arguments) =>
        database.Read<IReadOnlyList<TenantFolder>>(connection =>
        [.. connection.Query<FolderRow>(
            $"SELECT number, parent, name, type, well_known AS WellKnown, change, properties FROM folder WHERE mailbox = {number} AND {condition}", arguments)
            .Select(ToFolder)]);

    private IReadOnlyList<TenantItem> QueryItems(string condition, object arguments) =>
        database.Read<IReadOnlyList<TenantItem>>(connection =>
        [.. connection.Query<ItemRow>(
            $"""
            SELECT item.number, folder, change, item_class AS ItemClass, is_read AS IsRead, size, created, modified, received
            FROM item WHERE mailbox = {number} AND {condition}
            """, arguments)
            .Select(ToItem)]);

    private long NextChange(SqliteConnection connection) => connection.ExecuteScalar<long>(
        "UPDATE mailbox SET change = change + 1 WHERE number = @number RETURNING change", new { number });

    private void RecordRemoval(SqliteConnection connection, string kind, long container, long removed) => connection.Execute(
        "INSERT OR REPLACE INTO removed VALUES(@kind, @container, @removed, @change)",
        new { kind, container, removed, change = NextChange(connection) });

    private TenantFolder ToFolder(FolderRow row) =>
        new(row.Number, row.Parent, row.Name, row.Type, row.WellKnown, row.Change)
        {
            Id = ObjectId.OfFolder(Guid, row.Number),
            ExtendedProperties = row.Properties is { } json ? JsonSerializer.Deserialize<Dictionary<string, string>>(json)! : NoProperties,
        };

    private TenantItem ToItem(ItemRow row) =>
        new(row.Number, row.Folder, row.Change, row.ItemClass, row.IsRead != 0, row.Size, Time(row.Created), Time(row.Modified),
            row.Received is { } received ? Time(received) : null)
        {
            Id = ObjectId.OfItem(Guid, row.Number),
            ChangeKey = ObjectId.ChangeKey(Guid, row.Change),
        };

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private sealed class FolderRow
    {
        public long Number { get; set; }

        public long Parent { get; set; }

        public string Name { get; set; } = "";

        public string Type { get; set; } = "";

        public string? WellKnown { get; set; }

        public long Change { get; set; }

        public string? Properties { get; set; }
    }

    private sealed class ItemRow
    {
        public long Number { get; set; }

        public long Folder { get; set; }

        public long Change { get; set; }

        public string ItemClass { get; set; } = "";

        public long IsRead { get; set; }

        public long Size { get; set; }

        public long Created { get; set; }

        public long Modified { get; set; }

        public long? Received { get; set; }
    }
}
