using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Exchange.Store;

/// <summary>The tables of the store file. Times are ticks in UTC; GUIDs are text; a mailbox's objects are named by their counter.</summary>
internal static class StoreSchema
{
    private const int Version = 5;

    private const string Tables = """
        CREATE TABLE mailbox(
            number INTEGER PRIMARY KEY, legacy_dn TEXT NOT NULL UNIQUE COLLATE NOCASE, display_name TEXT NOT NULL, language TEXT NOT NULL,
            guid TEXT NOT NULL, replica TEXT NOT NULL, reserved INTEGER NOT NULL, properties BLOB);
        CREATE TABLE access(
            mailbox INTEGER NOT NULL, account TEXT NOT NULL COLLATE NOCASE, allowed INTEGER NOT NULL,
            PRIMARY KEY(mailbox, account)) WITHOUT ROWID;
        CREATE TABLE named_property(
            mailbox INTEGER NOT NULL, id INTEGER NOT NULL, property_set TEXT NOT NULL, lid INTEGER, name TEXT,
            PRIMARY KEY(mailbox, id)) WITHOUT ROWID;
        CREATE TABLE folder(
            mailbox INTEGER NOT NULL, id INTEGER NOT NULL, parent INTEGER NOT NULL, name TEXT NOT NULL, container_class TEXT NOT NULL,
            special INTEGER NOT NULL, is_search INTEGER NOT NULL, change_number INTEGER NOT NULL,
            created INTEGER NOT NULL, modified INTEGER NOT NULL, content_modified INTEGER NOT NULL, properties BLOB,
            PRIMARY KEY(mailbox, id)) WITHOUT ROWID;
        CREATE TABLE replica(
            mailbox INTEGER NOT NULL, id INTEGER NOT NULL, guid TEXT NOT NULL, PRIMARY KEY(mailbox, id)) WITHOUT ROWID;
        CREATE TABLE receive_folder(
            mailbox INTEGER NOT NULL, message_class TEXT NOT NULL COLLATE NOCASE, folder INTEGER NOT NULL, modified INTEGER NOT NULL,
            PRIMARY KEY(mailbox, message_class)) WITHOUT ROWID;
        CREATE TABLE per_user(
            mailbox INTEGER NOT NULL, folder TEXT NOT NULL, source TEXT NOT NULL, data BLOB NOT NULL,
            PRIMARY KEY(mailbox, folder)) WITHOUT ROWID;
        CREATE TABLE search(
            mailbox INTEGER NOT NULL, folder INTEGER NOT NULL, restriction BLOB NOT NULL, scope TEXT NOT NULL, is_recursive INTEGER NOT NULL,
            found TEXT, PRIMARY KEY(mailbox, folder)) WITHOUT ROWID;
        CREATE TABLE folder_tombstone(
            mailbox INTEGER NOT NULL, id INTEGER NOT NULL, parent INTEGER NOT NULL, change_number INTEGER NOT NULL,
            PRIMARY KEY(mailbox, id)) WITHOUT ROWID;
        CREATE TABLE message(
            mailbox INTEGER NOT NULL, id INTEGER NOT NULL, folder INTEGER NOT NULL, change_number INTEGER NOT NULL,
            is_read INTEGER NOT NULL, read_change_number INTEGER NOT NULL, associated INTEGER NOT NULL, size INTEGER NOT NULL,
            item_class TEXT NOT NULL, subject TEXT, flags INTEGER NOT NULL, delivered INTEGER, created INTEGER NOT NULL, modified INTEGER NOT NULL,
            corrupt INTEGER NOT NULL DEFAULT 0, status INTEGER NOT NULL DEFAULT 0,
            imported_change INTEGER, change_key BLOB, predecessors BLOB,
            content INTEGER NOT NULL,
            PRIMARY KEY(mailbox, id)) WITHOUT ROWID;
        CREATE INDEX message_by_folder ON message(mailbox, folder, id);
        CREATE TABLE permission(
            mailbox INTEGER NOT NULL, folder INTEGER NOT NULL, member INTEGER NOT NULL, entry_id BLOB NOT NULL, name TEXT NOT NULL,
            rights INTEGER NOT NULL, PRIMARY KEY(mailbox, folder, member)) WITHOUT ROWID;
        CREATE TABLE rule(
            mailbox INTEGER NOT NULL, folder INTEGER NOT NULL, id INTEGER NOT NULL, properties BLOB NOT NULL,
            PRIMARY KEY(mailbox, folder, id)) WITHOUT ROWID;
        CREATE TABLE content(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE tombstone(
            mailbox INTEGER NOT NULL, folder INTEGER NOT NULL, id INTEGER NOT NULL, change_number INTEGER NOT NULL,
            PRIMARY KEY(mailbox, folder, id)) WITHOUT ROWID;
        """;

    /// <summary>Makes the tables when the file is new.</summary>
    /// <exception cref="InvalidDataException">The file was written by another version of the lab.</exception>
    public static void Ensure(SqliteConnection connection)
    {
        // A page size takes effect only before the first table; bigger pages suit message blobs.
        connection.Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768;");
        var found = connection.ExecuteScalar<long>("PRAGMA user_version");
        if (found == Version) return;
        if (found != 0)
        {
            throw new InvalidDataException(
                $"The store file {connection.DataSource} has schema version {found}, this lab reads version {Version}: remove the file to start anew.");
        }
        using var transaction = connection.BeginTransaction();
        connection.Execute(Tables + $"PRAGMA user_version = {Version};");
        transaction.Commit();
    }
}
