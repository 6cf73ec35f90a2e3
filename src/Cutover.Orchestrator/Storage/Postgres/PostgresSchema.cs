using Cutover.Core.Faults;
using Dapper;
using Npgsql;

namespace Cutover.Orchestrator.Storage.Postgres;

/// <summary>
/// The schema as the migrations that lead to it, in order; <c>schema_version</c> counts those that ran. A migration that was released is never edited:
/// append another. Booleans are BIGINT 0/1 and moments are TEXT, as in SQLite, so that both databases answer in the same types.
/// </summary>
internal static class PostgresSchema
{
    // Any number, the same in every Cutover: hosts that start together migrate one after the other.
    private const long MigrationLock = 0x43_75_74_6F_76_65_72;

    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE batch (
            name       TEXT PRIMARY KEY,
            definition TEXT NOT NULL,
            created    TEXT COLLATE "C" NOT NULL,
            revision   BIGINT NOT NULL DEFAULT 1);

        CREATE TABLE history (
            id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            change  TEXT NOT NULL UNIQUE,
            at      TEXT NOT NULL,
            batch   TEXT NOT NULL,
            "user"  TEXT,
            "from"  TEXT,
            "to"    TEXT NOT NULL,
            cause   TEXT NOT NULL,
            actor   TEXT NOT NULL);
        CREATE INDEX history_batch ON history (batch, id);

        CREATE TABLE mailbox (
            id     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            batch  TEXT NOT NULL,
            source TEXT NOT NULL,
            pass   BIGINT NOT NULL DEFAULT 0,
            UNIQUE (batch, source));

        CREATE TABLE folder (
            mailbox         BIGINT NOT NULL REFERENCES mailbox ON DELETE CASCADE,
            key             TEXT COLLATE "C" NOT NULL,
            parent          TEXT,
            name            TEXT NOT NULL,
            role            TEXT NOT NULL,
            container_class TEXT NOT NULL,
            item_count      BIGINT NOT NULL,
            target          TEXT,
            is_in_doubt     BIGINT NOT NULL,
            sync_state      BYTEA,
            PRIMARY KEY (mailbox, key));

        CREATE TABLE item (
            mailbox    BIGINT NOT NULL REFERENCES mailbox ON DELETE CASCADE,
            key        TEXT COLLATE "C" NOT NULL,
            folder     TEXT COLLATE "C" NOT NULL,
            version    TEXT NOT NULL,
            state      BIGINT NOT NULL,
            target_id  TEXT,
            change_key TEXT,
            digest     TEXT,
            is_read    BIGINT NOT NULL,
            read_state_in_doubt BIGINT NOT NULL,
            item_class TEXT NOT NULL,
            subject    TEXT,
            received   TEXT,
            size       BIGINT NOT NULL,
            reason     TEXT,
            kept_aside TEXT,
            pass       BIGINT NOT NULL,
            PRIMARY KEY (mailbox, key));
        CREATE INDEX item_folder ON item (mailbox, folder, key);
        CREATE INDEX item_unsettled ON item (mailbox, folder, pass) WHERE pass <> 0;

        CREATE TABLE runbook_step (
            name   TEXT PRIMARY KEY,
            record TEXT NOT NULL);

        CREATE TABLE runbook_value (
            key  TEXT PRIMARY KEY,
            json TEXT NOT NULL);

        CREATE TABLE grain_state (
            service    TEXT NOT NULL,
            state_name TEXT NOT NULL,
            grain_id   TEXT NOT NULL,
            data       BYTEA,
            etag       BIGINT NOT NULL,
            PRIMARY KEY (service, state_name, grain_id));

        CREATE TABLE reminder (
            service  TEXT NOT NULL,
            grain_id TEXT NOT NULL,
            name     TEXT NOT NULL,
            start_at TEXT NOT NULL,
            period   BIGINT NOT NULL,
            hash     BIGINT NOT NULL,
            etag     TEXT NOT NULL,
            PRIMARY KEY (service, grain_id, name));
        CREATE INDEX reminder_hash ON reminder (service, hash);

        CREATE TABLE skip_approval (
            id      TEXT PRIMARY KEY,
            batch   TEXT NOT NULL,
            "user"  TEXT NOT NULL,
            at      TEXT NOT NULL,
            skipped BIGINT NOT NULL,
            actor   TEXT NOT NULL,
            reason  TEXT NOT NULL);

        CREATE TABLE silo_version (
            cluster TEXT PRIMARY KEY,
            version BIGINT NOT NULL);

        CREATE TABLE silo (
            cluster  TEXT NOT NULL,
            address  TEXT NOT NULL,
            entry    TEXT NOT NULL,
            is_alive TEXT NOT NULL,
            etag     BIGINT NOT NULL,
            PRIMARY KEY (cluster, address));
        """,
    ];

    public static int Version => Migrations.Length;

    public static void Migrate(NpgsqlConnection connection, string database)
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute("SELECT pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock });
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)");
        var version = connection.ExecuteScalar<long?>("SELECT version FROM schema_version") ?? 0;
        if (version > Version)
            throw new MigrationFault(
                FaultScope.Operator, $"The PostgreSQL database {database} was made by a newer Cutover (schema {version}, this one knows {Version}).",
                "Use that version on every host, or another database.");
        for (; version < Version; version++)
            connection.Execute(Migrations[version]);
        connection.Execute("DELETE FROM schema_version; INSERT INTO schema_version VALUES (@version)", new { version });
        transaction.Commit();
    }
}
