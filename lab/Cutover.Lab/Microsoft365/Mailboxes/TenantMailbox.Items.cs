using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Microsoft365.Mailboxes;

public sealed partial class TenantMailbox
{
    private const string ItemKind = "item";

    /// <summary>The item with this id; null when there is none.</summary>
    public TenantItem? FindItem(string id) =>
        ObjectId.ReadItem(Guid, id) is { } found ? QueryItems("item.number = @found", new { found }).SingleOrDefault() : null;

    internal IReadOnlyList<TenantItem> ItemsOf(TenantFolder folder, int skip, int top) =>
        QueryItems("folder = @Number ORDER BY number LIMIT @top OFFSET @skip", new { folder.Number, skip, top });

    /// <summary>Saves a message as an item of the folder. The service sets what is its own to set.</summary>
    internal TenantItem CreateItem(TenantFolder folder, MapiMessage message) => database.Write(connection =>
    {
        var change = NextChange(connection);
        var now = clock.GetUtcNow();
        var inserted = connection.ExecuteScalar<long>(
            """
            INSERT INTO item(mailbox, folder, change, item_class, is_read, size, created, modified, content)
            VALUES(@number, @folder, @change, '', 0, 0, @now, @now, 0) RETURNING number
            """, new { number, folder = folder.Number, change, now = now.Ticks });
        Store(connection, inserted, folder.Number, change, message, now);
        return QueryItems("item.number = @inserted", new { inserted }).Single();
    });

    /// <summary>Replaces the item's content as a whole; its id stays.</summary>
    /// <exception cref="MailboxException">ErrorIrresolvableConflict: the change key is not the item's present one.</exception>
    internal TenantItem UpdateItem(TenantItem item, string changeKey, MapiMessage message) => database.Write(connection =>
    {
        if (FindItem(item.Id) is not { } present) throw MailboxException.NotFound();
        if (present.ChangeKey != changeKey) throw MailboxException.Conflict();
        DropContent(connection, item.Number);
        Store(connection, item.Number, item.Folder, NextChange(connection), message, clock.GetUtcNow());
        return QueryItems("item.number = @Number", new { item.Number }).Single();
    });

    internal TenantItem SetReadState(TenantItem item, bool isRead) => database.Write(connection =>
    {
        connection.Execute("UPDATE item SET is_read = @isRead, change = @change WHERE number = @Number",
            new { isRead, change = NextChange(connection), item.Number });
        return QueryItems("item.number = @Number", new { item.Number }).Single();
    });

    /// <summary>Puts the item into another folder, where it gets a new id as every mutable id does.</summary>
    internal TenantItem MoveItem(TenantItem item, TenantFolder folder) => database.Write(_ =>
    {
        var message = ReadMessage(item);
        ServiceProperties.Refresh(message.Properties, item);
        DeleteItem(item);
        return CreateItem(folder, message);
    });

    internal void DeleteItem(TenantItem item) => database.Write(connection =>
    {
        DropContent(connection, item.Number);
        connection.Execute("DELETE FROM item WHERE number = @Number", item);
        RecordRemoval(connection, ItemKind, item.Folder, item.Number);
    });

    /// <summary>What changed in the folder since a change number, and the number to ask from next time.</summary>
    internal (IReadOnlyList<TenantItem> Changed, IReadOnlyList<string> Removed, long Change) ItemDelta(TenantFolder folder, long since) =>
        database.Read(_ =>
    {
        var changed = QueryItems("folder = @Number AND change > @since ORDER BY number", new { folder.Number, since });
        return (changed, RemovedSince(ItemKind, folder.Number, since, ObjectId.OfItem), CurrentChange());
    });

    /// <summary>Items whose string-named property has this value; in one folder, or in the whole mailbox.</summary>
    internal IReadOnlyList<TenantItem> FindByNamedText(TenantFolder? folder, string name, string value) => QueryItems(
        """
        (@folder IS NULL OR folder = @folder)
        AND item.number IN (SELECT named_text.item FROM named_text WHERE named_text.name = @name AND named_text.value = @value) ORDER BY item.number
        """, new { folder = folder?.Number, name, value });

    /// <summary>The item's string-named properties, by their Graph ids; cheaper than reading its content.</summary>
    internal IReadOnlyDictionary<string, string> NamedTexts(TenantItem item) => database.Read(connection =>
        connection.Query<(string Name, string Value)>("SELECT name, value FROM named_text WHERE item = @Number", item)
            .ToDictionary(text => text.Name, text => text.Value, StringComparer.OrdinalIgnoreCase));

    private void Store(SqliteConnection connection, long itemNumber, long folder, long change, MapiMessage message, DateTimeOffset now)
    {
        var kept = ServiceProperties.Stamp(message, Guid, itemNumber, now);
        var bytes = MessageContent.Serialize(kept);
        var content = connection.ExecuteScalar<long>("INSERT INTO content(bytes) VALUES(@bytes) RETURNING number", new { bytes });
        connection.Execute(
            """
            UPDATE item SET folder = @folder, change = @change, item_class = @itemClass, is_read = @isRead, size = @size, modified = @modified,
                received = @received, content = @content WHERE number = @itemNumber
            """,
            new
            {
                itemNumber,
                folder,
                change,
                content,
                itemClass = kept.Properties.GetString(PropertyTags.MessageClass) ?? "IPM.Note",
                isRead = ServiceProperties.IsRead(kept),
                size = kept.Properties.GetInteger(PropertyTags.MessageSize) ?? bytes.Length,
                modified = now.Ticks,
                received = (kept.Properties[PropertyTags.MessageDeliveryTime] as DateTime?)?.Ticks,
            });
        foreach (var property in kept.Properties)
            if (property is { Name.Name: not null, Value: string text })
                connection.Execute("INSERT OR REPLACE INTO named_text VALUES(@itemNumber, @name, @text)",
                    new { itemNumber, name = ExtendedPropertyId.Of(property).Canonical, text });
    }

    private static void DropContent(SqliteConnection connection, long itemNumber)
    {
        connection.Execute("DELETE FROM content WHERE number = (SELECT content FROM item WHERE number = @itemNumber)", new { itemNumber });
        connection.Execute("DELETE FROM named_text WHERE item = @itemNumber", new { itemNumber });
    }
}
