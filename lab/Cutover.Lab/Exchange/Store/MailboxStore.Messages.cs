using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Exchange.Store;

/// <content>The messages of the mailbox.</content>
public sealed partial class MailboxStore
{
    private const string SelectMessages = """
        SELECT id, folder, change_number AS ChangeNumber, is_read AS IsRead, read_change_number AS ReadChangeNumber, associated, size,
            item_class AS ItemClass, subject, flags, delivered, created, modified, corrupt, status,
            CASE WHEN imported_change = change_number THEN change_key END AS ChangeKey,
            CASE WHEN imported_change = change_number THEN predecessors END AS Predecessors
        FROM message WHERE mailbox = @Number
        """;

    /// <summary>Saves a message in a folder and returns its counter. Properties that a store always sets are added to <paramref name="message"/>.</summary>
    /// <param name="id">A counter from <see cref="ReserveCounters"/> that the client chose; null for a new one.</param>
    public long SaveMessage(long folder, MapiMessage message, bool isRead, bool isAssociated = false, long? id = null)
    {
        MessageDefaults.Apply(message, store.Now);
        return store.Write(database =>
        {
            RequireFolder(database, folder);
            MapNames(database, message);
            var row = RowOf(message);
            row.Id = id ?? counters.Next(database);
            row.Folder = folder;
            row.IsRead = isRead ? 1 : 0;
            row.Associated = isAssociated ? 1 : 0;
            Insert(database, row, MessageContent.Serialize(message));
            return row.Id;
        });
    }

    /// <summary>Replaces a message's content; it keeps its id and read state.</summary>
    /// <exception cref="ArgumentException">The message isn't there.</exception>
    public void UpdateMessage(long id, MapiMessage message)
    {
        MessageDefaults.Apply(message, store.Now);
        message.Properties.Set(PropertyTags.LastModificationTime, store.Now);
        store.Write(database =>
        {
            MapNames(database, message);
            Update(database, Require(database, id), RowOf(message), MessageContent.Serialize(message));
        });
    }

    /// <summary>
    /// Replaces the content of a message that was opened, unless somebody else did so since: then false, and nothing is changed.
    /// </summary>
    /// <exception cref="ArgumentException">The message isn't there any more.</exception>
    public bool TrySaveChanges(StoredMessage opened, MapiMessage message) => store.Write(_ =>
    {
        if (FindMessage(opened.Id) is { } now && now.ChangeNumber != opened.ChangeNumber) return false;
        UpdateMessage(opened.Id, message);
        return true;
    });

    /// <summary>Keeps the names that a client gave to the message's last change, until the next one.</summary>
    public void SetImportedChange(long id, ImportedChange change) => store.Write(database => database.Execute(
        """
        UPDATE message SET imported_change = change_number, change_key = @ChangeKey, predecessors = @Predecessors
        WHERE mailbox = @Number AND id = @id
        """,
        new { Number, id, change.ChangeKey, change.Predecessors }));

    /// <summary>Sets PidTagMessageStatus and nothing else: it is no change that a synchronisation tells of. Source: [MS-OXCMSG] 3.2.5.8.</summary>
    /// <exception cref="ArgumentException">The message isn't there.</exception>
    public void SetMessageStatus(long id, int status) => store.Write(database =>
    {
        Require(database, id);
        database.Execute("UPDATE message SET status = @status WHERE mailbox = @Number AND id = @id", new { Number, id, status });
    });

    /// <summary>Moves a message to another folder, where it is another message: returns its new counter.</summary>
    /// <exception cref="ArgumentException">The message or the folder isn't there.</exception>
    public long MoveMessage(long id, long folder, long? newId = null) => store.Write(database =>
    {
        RequireFolder(database, folder);
        var source = Require(database, id).Folder;
        var moved = newId ?? counters.Next(database);
        Bury(database, source, id);
        database.Execute(
            """
            UPDATE message SET id = @moved, folder = @folder, change_number = @changeNumber, read_change_number = 0, modified = @now
            WHERE mailbox = @Number AND id = @id
            """,
            new { Number, id, moved, folder, changeNumber = counters.Next(database), now = store.Now.Ticks });
        Touch(database, folder);
        return moved;
    });

    /// <summary>Copies a message to a folder and returns the copy's counter.</summary>
    /// <exception cref="ArgumentException">The message or the folder isn't there.</exception>
    public long CopyMessage(long id, long folder) => store.Write(database =>
    {
        RequireFolder(database, folder);
        Require(database, id);
        var copy = counters.Next(database);
        var content = database.ExecuteScalar<long>(
            """
            INSERT INTO content(bytes) SELECT bytes FROM content WHERE number = (SELECT content FROM message WHERE mailbox = @Number AND id = @id)
            RETURNING number
            """,
            new { Number, id });
        database.Execute(
            """
            CREATE TEMP TABLE copied AS SELECT * FROM message WHERE mailbox = @Number AND id = @id;
            UPDATE copied SET id = @copy, folder = @folder, change_number = @changeNumber, read_change_number = 0, content = @content;
            INSERT INTO message SELECT * FROM copied;
            DROP TABLE copied;
            """,
            new { Number, id, copy, folder, content, changeNumber = counters.Next(database) });
        Touch(database, folder);
        return copy;
    });

    /// <summary>Deletes a message for good.</summary>
    /// <exception cref="ArgumentException">The message isn't there.</exception>
    public void DeleteMessage(long id) => store.Write(database =>
    {
        Bury(database, Require(database, id).Folder, id);
        database.Execute(
            """
            DELETE FROM content WHERE number = (SELECT content FROM message WHERE mailbox = @Number AND id = @id);
            DELETE FROM message WHERE mailbox = @Number AND id = @id;
            """,
            new { Number, id });
    });

    /// <summary>Marks a message read or unread: a change of the read state, not of the content. Nothing changes when it is so already.</summary>
    public void SetReadState(long id, bool isRead) => store.Write(database =>
    {
        var message = Require(database, id);
        if (message.IsRead == isRead) return;
        database.Execute(
            "UPDATE message SET is_read = @isRead, read_change_number = @changeNumber WHERE mailbox = @Number AND id = @id",
            new { Number, id, isRead, changeNumber = counters.Next(database) });
        Touch(database, message.Folder);
    });

    /// <summary>Makes the server fail when it reads this message, as it does with a damaged one; <see cref="MessageDamage.None"/> mends it.</summary>
    public void MarkDamaged(long id, MessageDamage damage) => store.Write(database => database.Execute(
        "UPDATE message SET corrupt = @damage WHERE mailbox = @Number AND id = @id", new { Number, id, damage = (int)damage }));

    /// <summary>The messages of a folder, associated ones too, in the order of their ids.</summary>
    public IReadOnlyList<StoredMessage> Messages(long folder) => store.Read(database => database
        .Query<MessageRow>(SelectMessages + " AND folder = @folder ORDER BY id", new { Number, folder }).Select(row => row.ToMessage()).ToList());

    /// <summary>The versions of a folder's messages, with the highest counter of the mailbox at that moment.</summary>
    public (IReadOnlyList<MessageVersion> Messages, long LastCounter) Versions(long folder) => store.Read(database =>
    {
        var versions = new List<MessageVersion>();
        using var reader = database.ExecuteReader(
            """
            SELECT id, change_number, read_change_number, is_read, associated, COALESCE(delivered, modified)
            FROM message WHERE mailbox = @Number AND folder = @folder ORDER BY id
            """,
            new { Number, folder });
        while (reader.Read())
        {
            versions.Add(new MessageVersion(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3) != 0, reader.GetInt64(4) != 0, reader.GetInt64(5)));
        }
        return ((IReadOnlyList<MessageVersion>)versions, counters.Last);
    });

    /// <summary>The message without its content; null when it isn't there.</summary>
    public StoredMessage? FindMessage(long id) => store.Read(database => Find(database, id));

    /// <summary>The whole message as it was saved, with the store's own properties and today's read flag in PidTagMessageFlags.</summary>
    /// <exception cref="ArgumentException">The message isn't there.</exception>
    public MapiMessage ReadMessage(long id) =>
        OpenMessage(id)?.Content ?? throw new ArgumentException($"The mailbox has no message {id:X}.", nameof(id));

    /// <summary>A message and its content, read in one moment; null when it isn't there.</summary>
    public (StoredMessage Message, MapiMessage Content)? OpenMessage(long id)
    {
        var found = store.Read(database =>
        {
            var message = Find(database, id);
            return message is null ? default : (Message: message, Bytes: ReadContent(database, id));
        });
        if (found.Message is null) return null;
        var content = MessageContent.Deserialize(found.Bytes);
        content.Properties.Set(PropertyTags.MessageFlags, found.Message.Flags);
        return (found.Message, content);
    }

    /// <summary>Messages that left a folder: their counters with the change number of their leaving.</summary>
    public IReadOnlyList<(long Id, long ChangeNumber)> DeletedMessages(long folder) => store.Read(database => database
        .Query<(long, long)>("SELECT id, change_number FROM tombstone WHERE mailbox = @Number AND folder = @folder", new { Number, folder }).ToList());

    private StoredMessage? Find(SqliteConnection database, long id) =>
        database.QuerySingleOrDefault<MessageRow>(SelectMessages + " AND id = @id", new { Number, id })?.ToMessage();

    private StoredMessage Require(SqliteConnection database, long id) =>
        Find(database, id) ?? throw new ArgumentException($"The mailbox has no message {id:X}.", nameof(id));

    private byte[] ReadContent(SqliteConnection database, long id) => database.ExecuteScalar<byte[]>(
        "SELECT bytes FROM content WHERE number = (SELECT content FROM message WHERE mailbox = @Number AND id = @id)", new { Number, id })!;

    private void Insert(SqliteConnection database, MessageRow row, byte[] content)
    {
        row.Mailbox = Number;
        row.ChangeNumber = counters.Next(database);
        row.Size = content.Length;
        row.Content = database.ExecuteScalar<long>("INSERT INTO content(bytes) VALUES (@content) RETURNING number", new { content });
        database.Execute(
            """
            INSERT INTO message(mailbox, id, folder, change_number, is_read, read_change_number, associated, size,
                item_class, subject, flags, delivered, created, modified, content)
            VALUES (@Mailbox, @Id, @Folder, @ChangeNumber, @IsRead, 0, @Associated, @Size, @ItemClass, @Subject, @Flags, @Delivered, @Created,
                @Modified, @Content)
            """,
            row);
        Touch(database, row.Folder);
    }

    private void Update(SqliteConnection database, StoredMessage old, MessageRow row, byte[] content)
    {
        row.Mailbox = Number;
        row.Id = old.Id;
        row.ChangeNumber = counters.Next(database);
        row.Size = content.Length;
        database.Execute(
            "UPDATE content SET bytes = @content WHERE number = (SELECT content FROM message WHERE mailbox = @Number AND id = @Id)",
            new { content, Number, old.Id });
        database.Execute(
            """
            UPDATE message SET change_number = @ChangeNumber, size = @Size, item_class = @ItemClass, subject = @Subject, flags = @Flags,
                delivered = @Delivered, created = @Created, modified = @Modified
            WHERE mailbox = @Mailbox AND id = @Id
            """,
            row);
        Touch(database, old.Folder);
    }

    private void Bury(SqliteConnection database, long folder, long id)
    {
        database.Execute(
            "INSERT INTO tombstone(mailbox, folder, id, change_number) VALUES (@Number, @folder, @id, @changeNumber)",
            new { Number, folder, id, changeNumber = counters.Next(database) });
        Touch(database, folder);
    }

    private void Touch(SqliteConnection database, long folder) => database.Execute(
        "UPDATE folder SET content_modified = @now WHERE mailbox = @Number AND id = @folder", new { Number, folder, now = store.Now.Ticks });

    private void MapNames(SqliteConnection database, MapiMessage message)
    {
        MessageDefaults.MapNames(message, name =>
            names.Register(database, name) ?? throw new InvalidOperationException("The mailbox has no property id left for a new name."));
    }

    private static MessageRow RowOf(MapiMessage message) => new()
    {
        ItemClass = message.Properties.GetString(PropertyTags.MessageClass) ?? "IPM.Note",
        Subject = message.Properties.GetString(PropertyTags.Subject),
        Flags = MessageDefaults.FlagsOf(message),
        Delivered = (message.Properties[PropertyTags.MessageDeliveryTime] as DateTime?)?.Ticks,
        Created = ((DateTime)message.Properties[PropertyTags.CreationTime]!).Ticks,
        Modified = ((DateTime)message.Properties[PropertyTags.LastModificationTime]!).Ticks,
    };

    private sealed class MessageRow
    {
        public long Mailbox { get; set; }

        public long Id { get; set; }

        public long Folder { get; set; }

        public long ChangeNumber { get; set; }

        public long IsRead { get; set; }

        public long ReadChangeNumber { get; set; }

        public long Associated { get; set; }

        public long Size { get; set; }

        public string ItemClass { get; set; } = "";

        public string? Subject { get; set; }

        public long Flags { get; set; }

        public long? Delivered { get; set; }

        public long Created { get; set; }

        public long Modified { get; set; }

        public long Corrupt { get; set; }

        public long Status { get; set; }

        public byte[]? ChangeKey { get; set; }

        public byte[]? Predecessors { get; set; }

        public long Content { get; set; }

        public StoredMessage ToMessage() => new(
            Id, Folder, ChangeNumber, IsRead != 0, ReadChangeNumber, Associated != 0, Size,
            ItemClass, Subject, MessageDefaults.FlagsIn(Flags, IsRead != 0, Associated != 0), Delivered is { } delivered ? Utc(delivered) : null,
            Utc(Created), Utc(Modified), (MessageDamage)Corrupt, (int)Status)
        {
            Imported = ChangeKey is { } key && Predecessors is { } predecessors ? new ImportedChange(key, predecessors) : null,
        };
    }
}
