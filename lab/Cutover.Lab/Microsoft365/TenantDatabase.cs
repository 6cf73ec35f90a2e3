using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Microsoft365;

/// <summary>The tenant's state file. What a change did is done when it returns, whatever becomes of the process. Thread-safe.</summary>
internal sealed class TenantDatabase : IDisposable
{
    private const int Version = 2;

    private const string Tables = """
        CREATE TABLE setting(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE domain(name TEXT PRIMARY KEY COLLATE NOCASE, document TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE recipient(id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE mailbox(number INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, change INTEGER NOT NULL);
        CREATE TABLE folder(
            number INTEGER PRIMARY KEY AUTOINCREMENT, mailbox INTEGER NOT NULL, parent INTEGER NOT NULL, name TEXT NOT NULL,
            type TEXT NOT NULL, well_known TEXT, change INTEGER NOT NULL, properties TEXT);
        CREATE INDEX folder_by_parent ON folder(mailbox, parent);
        CREATE TABLE item(
            number INTEGER PRIMARY KEY AUTOINCREMENT, mailbox INTEGER NOT NULL, folder INTEGER NOT NULL, change INTEGER NOT NULL,
            item_class TEXT NOT NULL, is_read INTEGER NOT NULL, size INTEGER NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL,
            received INTEGER, content INTEGER NOT NULL);
        CREATE INDEX item_by_folder ON item(folder, number);
        CREATE INDEX item_by_change ON item(folder, change);
        CREATE TABLE content(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE named_text(item INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(item, name)) WITHOUT ROWID;
        CREATE INDEX named_text_by_value ON named_text(name, value);
        CREATE TABLE removed(kind TEXT NOT NULL, container INTEGER NOT NULL, number INTEGER NOT NULL, change INTEGER NOT NULL,
            PRIMARY KEY(kind, container, number)) WITHOUT ROWID;
        CREATE TABLE sent_mail(number INTEGER PRIMARY KEY, sender TEXT NOT NULL, recipients TEXT NOT NULL, mime BLOB NOT NULL, sent INTEGER NOT NULL);
        """;

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private bool writing;

    private TenantDatabase(SqliteConnection connection) => this.connection = connection;

    /// <exception cref="InvalidDataException">The file was written by another version of the lab.</exception>
    public static TenantDatabase Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        connection.Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768;");
        EnsureTables(connection);
        return new TenantDatabase(connection);
    }

    public T Read<T>(Func<SqliteConnection, T> query)
    {
        lock (gate) return query(connection);
    }

    /// <summary>Makes the change as one transaction; a change within a change joins it.</summary>
    public T Write<T>(Func<SqliteConnection, T> change)
    {
        lock (gate)
        {
            if (writing) return change(connection);
            writing = true;
            try
            {
                using var transaction = connection.BeginTransaction();
                var result = change(connection);
                transaction.Commit();
                return result;
            }
            finally
            {
                writing = false;
            }
        }
    }

    public void Write(Action<SqliteConnection> change) => Write(database =>
    {
        change(database);
        return true;
    });

    /// <summary>The setting's value; made and kept when it isn't there yet.</summary>
    public byte[] Setting(string name, Func<byte[]> make) => Write(database =>
    {
        var kept = database.ExecuteScalar<byte[]>("SELECT value FROM setting WHERE name = @name", new { name });
        if (kept is not null) return kept;
        var value = make();
        database.Execute("INSERT INTO setting VALUES(@name, @value)", new { name, value });
        return value;
    });

    public void Dispose()
    {
        lock (gate) connection.Dispose();
    }

    private static void EnsureTables(SqliteConnection connection)
    {
        var found = connection.ExecuteScalar<long>("PRAGMA user_version");
        if (found == Version) return;
        if (found != 0)
            throw new InvalidDataException(
                $"The tenant's file {connection.DataSource} has schema version {found}, this lab reads version {Version}: remove the file to start anew.");
        using var transaction = connection.BeginTransaction();
        connection.Execute(Tables + $"PRAGMA user_version = {Version};");
        transaction.Commit();
    }
}
