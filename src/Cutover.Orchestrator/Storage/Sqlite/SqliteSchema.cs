using Cutover.Core.Faults;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Orchestrator.Storage.Sqlite;

/// <summary>
/// The schema as the migrations that lead to it, in order; <c>PRAGMA user_version</c> counts those that ran. A migration that was released is never
/// edited: append another.
/// </summary>
internal static class SqliteSchema
{
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE batch (
            name       TEXT PRIMARY KEY,
            definition TEXT NOT NULL,
            created    TEXT NOT NULL) WITHOUT ROWID;

        CREATE TABLE history (
            id      INTEGER PRIMARY KEY,
            at      TEXT NOT NULL,
            batch   TEXT NOT NULL,
            "user"  TEXT,
            "from"  TEXT,
            "to"    TEXT NOT NULL,
            cause   TEXT NOT NULL,
            actor   TEXT NOT NULL);
        CREATE INDEX history_batch ON history (batch, id);

        CREATE TABLE mailbox (
            id     INTEGER PRIMARY KEY,
            batch  TEXT NOT NULL,
            source TEXT NOT NULL,
            pass   INTEGER NOT NULL DEFAULT 0,
            UNIQUE (batch, source));

        CREATE TABLE folder (
            mailbox         INTEGER NOT NULL REFERENCES mailbox ON DELETE CASCADE,
            key             TEXT NOT NULL,
            parent          TEXT,
            name            TEXT NOT NULL,
            role            TEXT NOT NULL,
            container_class TEXT NOT NULL,
            item_count      INTEGER NOT NULL,
            target          TEXT,
            is_in_doubt     INTEGER NOT NULL,
            sync_state      BLOB,
            PRIMARY KEY (mailbox, key));

        CREATE TABLE item (
            mailbox    INTEGER NOT NULL REFERENCES mailbox ON DELETE CASCADE,
            key        TEXT NOT NULL,
            folder     TEXT NOT NULL,
            version    TEXT NOT NULL,
            state      INTEGER NOT NULL,
            target_id  TEXT,
            change_key TEXT,
            digest     TEXT,
            is_read    INTEGER NOT NULL,
            read_state_in_doubt INTEGER NOT NULL,
            item_class TEXT NOT NULL,
            subject    TEXT,
            received   TEXT,
            size       INTEGER NOT NULL,
            reason     TEXT,
            kept_aside TEXT,
            pass       INTEGER NOT NULL,
            PRIMARY KEY (mailbox, key)) WITHOUT ROWID;
        CREATE INDEX item_folder ON item (mailbox, folder, key);
        CREATE INDEX item_unsettled ON item (mailbox, folder, pass) WHERE pass <> 0;

        CREATE TABLE runbook_step (
            name   TEXT PRIMARY KEY,
            record TEXT NOT NULL) WITHOUT ROWID;

        CREATE TABLE runbook_value (
            key  TEXT PRIMARY KEY,
            json TEXT NOT NULL) WITHOUT ROWID;

        CREATE TABLE grain_state (
            service    TEXT NOT NULL,
            state_name TEXT NOT NULL,
            grain_id   TEXT NOT NULL,
            data       BLOB,
            etag       INTEGER NOT NULL,
            PRIMARY KEY (service, state_name, grain_id)) WITHOUT ROWID;

        CREATE TABLE reminder (
            service  TEXT NOT NULL,
            grain_id TEXT NOT NULL,
            name     TEXT NOT NULL,
            start_at TEXT NOT NULL,
            period   INTEGER NOT NULL,
            hash     INTEGER NOT NULL,
            etag     TEXT NOT NULL,
            PRIMARY KEY (service, grain_id, name)) WITHOUT ROWID;
        CREATE INDEX reminder_hash ON reminder (service, hash);
        """,
        """
        ALTER TABLE batch ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

        ALTER TABLE history ADD COLUMN change TEXT;
        UPDATE history SET change = id;
        CREATE UNIQUE INDEX history_change ON history (change);

        CREATE TABLE skip_approval (
            id      TEXT PRIMARY KEY,
            batch   TEXT NOT NULL,
            "user"  TEXT NOT NULL,
            at      TEXT NOT NULL,
            skipped INTEGER NOT NULL,
            actor   TEXT NOT NULL,
            reason  TEXT NOT NULL);
        """,
    ];

    public static int Version => Migrations.Length;

    public static void Migrate(SqliteConnection connection, string path)
    {
        var version = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (version > Version)
            throw new MigrationFault(
                FaultScope.Operator, $"The database {path} was made by a newer Cutover (schema {version}, this one knows {Version}).",
                "Use that version, or another work folder.");
        for (; version < Version; version++)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Migrations[version], transaction: transaction);
            connection.Execute($"PRAGMA user_version = {version + 1}", transaction: transaction);
            transaction.Commit();
        }
    }
}
