using System.Runtime.CompilerServices;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;
using Dapper;

namespace Cutover.Orchestrator.Storage;

/// <summary>The ledger of one mailbox of one batch in SQLite. <c>pass</c> is 0 for what a checkpoint covers, else the pass that recorded it.</summary>
public sealed class SqliteItemLedger : IItemLedger
{
    private const int Page = 500;

    private const string EntryColumns =
        "key, folder, version, state, target_id, change_key, digest, is_read, read_state_in_doubt, item_class, subject, received, size, reason, kept_aside, pass";

    private readonly SqliteDatabase database;
    private readonly long mailbox;
    private long pass;

    private SqliteItemLedger(SqliteDatabase database, long mailbox, long pass) => (this.database, this.mailbox, this.pass) = (database, mailbox, pass);

    /// <summary>Opens the ledger of the mailbox, an empty one when there is none yet.</summary>
    /// <param name="source">The mailbox's legacyExchangeDN.</param>
    public static async Task<SqliteItemLedger> OpenAsync(SqliteDatabase database, string batch, string source, CancellationToken ct)
    {
        var row = await database.WriteAsync(
            connection =>
            {
                connection.Execute("INSERT INTO mailbox (batch, source) VALUES (@batch, @source) ON CONFLICT DO NOTHING", new { batch, source });
                return connection.QuerySingle<MailboxRow>("SELECT id, pass FROM mailbox WHERE batch = @batch AND source = @source", new { batch, source });
            },
            ct);
        return new SqliteItemLedger(database, row.Id, row.Pass);
    }

    /// <summary>Erases the ledgers of every mailbox of the batch.</summary>
    public static Task EraseAsync(SqliteDatabase database, string batch, CancellationToken ct) =>
        database.WriteAsync(connection => connection.Execute("DELETE FROM mailbox WHERE batch = @batch", new { batch }), ct);

    public async Task BeginPassAsync(CancellationToken ct) =>
        pass = await database.WriteAsync(
            connection => connection.ExecuteScalar<long>("UPDATE mailbox SET pass = pass + 1 WHERE id = @mailbox RETURNING pass", new { mailbox }), ct);

    public Task<IReadOnlyList<LedgerFolder>> GetFoldersAsync(CancellationToken ct) => Task.FromResult(database.Read<IReadOnlyList<LedgerFolder>>(
        connection =>
        [
            .. connection.Query<FolderRow>(
                "SELECT key, parent, name, role, container_class, item_count, target, is_in_doubt FROM folder WHERE mailbox = @mailbox", new { mailbox })
                .Select(row => row.ToFolder()),
        ]));

    public Task SaveFolderAsync(LedgerFolder folder, CancellationToken ct) => database.WriteAsync(
        connection => connection.Execute(
            """
            INSERT INTO folder (mailbox, key, parent, name, role, container_class, item_count, target, is_in_doubt)
            VALUES (@mailbox, @Key, @Parent, @Name, @Role, @ContainerClass, @ItemCount, @Target, @IsInDoubt)
            ON CONFLICT (mailbox, key) DO UPDATE SET parent = excluded.parent, name = excluded.name, role = excluded.role,
                container_class = excluded.container_class, item_count = excluded.item_count, target = excluded.target,
                is_in_doubt = excluded.is_in_doubt
            """,
            new
            {
                mailbox,
                Key = folder.Key.Value,
                Parent = folder.Folder.Parent?.Value,
                folder.Folder.Name,
                Role = folder.Folder.Role.ToString(),
                folder.Folder.ContainerClass,
                folder.Folder.ItemCount,
                Target = folder.Target?.Value,
                folder.IsInDoubt,
            }),
        ct);

    public Task RemoveFolderAsync(FolderKey folder, CancellationToken ct) => database.WriteAsync(
        connection => connection.Execute("DELETE FROM folder WHERE mailbox = @mailbox AND key = @Key", new { mailbox, Key = folder.Value }), ct);

    public Task<SyncState?> GetSyncStateAsync(FolderKey folder, CancellationToken ct)
    {
        var state = database.Read(connection => connection.ExecuteScalar<byte[]?>(
            "SELECT sync_state FROM folder WHERE mailbox = @mailbox AND key = @Key", new { mailbox, Key = folder.Value }));
        return Task.FromResult(state is null ? null : new SyncState(state));
    }

    public Task SaveCheckpointAsync(FolderKey folder, SyncState state, CancellationToken ct) => database.WriteAsync(
        connection => connection.Execute(
            """
            UPDATE folder SET sync_state = @State WHERE mailbox = @mailbox AND key = @Key;
            UPDATE item SET pass = 0 WHERE mailbox = @mailbox AND folder = @Key AND pass = @pass;
            """,
            new { mailbox, Key = folder.Value, State = state.Value.ToArray(), pass }),
        ct);

    public IAsyncEnumerable<LedgerEntry> GetUnsettledAsync(FolderKey folder, CancellationToken ct) =>
        PagedAsync($"folder = @Folder AND pass <> 0 AND pass <> @pass AND state <> {(int)LedgerState.Deleted}", folder, ct);

    public Task SettleAsync(FolderKey folder, CancellationToken ct) => database.WriteAsync(
        connection => connection.Execute(
            "UPDATE item SET pass = 0 WHERE mailbox = @mailbox AND folder = @Key AND pass <> 0", new { mailbox, Key = folder.Value }),
        ct);

    public Task<LedgerEntry?> FindAsync(ItemKey key, CancellationToken ct) => Task.FromResult(database.Read(
        connection => connection.QuerySingleOrDefault<EntryRow>(
            $"SELECT {EntryColumns} FROM item WHERE mailbox = @mailbox AND key = @Key", new { mailbox, Key = key.Value })?.ToEntry()));

    public IAsyncEnumerable<LedgerEntry> GetEntriesAsync(FolderKey folder, CancellationToken ct) =>
        PagedAsync($"folder = @Folder AND state <> {(int)LedgerState.Deleted}", folder, ct);

    public Task RecordAsync(LedgerEntry entry, CancellationToken ct)
    {
        var row = EntryRow.Of(entry, pass);
        return database.WriteAsync(
            connection => connection.Execute(
                $"""
                INSERT OR REPLACE INTO item (mailbox, {EntryColumns})
                VALUES (@mailbox, @Key, @Folder, @Version, @State, @Target_Id, @Change_Key, @Digest, @Is_Read, @Read_State_In_Doubt, @Item_Class, @Subject, @Received, @Size,
                    @Reason, @Kept_Aside, @Pass)
                """,
                row.Parameters(mailbox)),
            ct);
    }

    public Task<LedgerTotals> GetTotalsAsync(CancellationToken ct) => Task.FromResult(database.Read(
        connection =>
        {
            var row = connection.QuerySingle<TotalsRow>(
                """
                SELECT coalesce(sum(state = 0), 0) AS started, coalesce(sum(state = 1), 0) AS copied, coalesce(sum(state = 2), 0) AS skipped,
                    coalesce(sum(state = 3), 0) AS deleted, coalesce(sum(CASE WHEN state = 1 THEN size END), 0) AS bytes,
                    (SELECT count(*) FROM folder WHERE mailbox = @mailbox) AS folders
                FROM item WHERE mailbox = @mailbox
                """,
                new { mailbox });
            return new LedgerTotals(row.Started, row.Copied, row.Skipped, row.Deleted, row.Folders, row.Bytes);
        }));

    /// <summary>Page by page in order of the key, so that entries may be recorded while the caller goes through them.</summary>
    private async IAsyncEnumerable<LedgerEntry> PagedAsync(string condition, FolderKey folder, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        for (var (after, page) = ("", new List<EntryRow>()); ; after = page[^1].Key)
        {
            ct.ThrowIfCancellationRequested();
            page = database.Read(connection => connection.Query<EntryRow>(
                $"SELECT {EntryColumns} FROM item WHERE mailbox = @mailbox AND {condition} AND key > @after ORDER BY key LIMIT {Page}",
                new { mailbox, Folder = folder.Value, pass, after }).AsList());
            foreach (var row in page)
                yield return row.ToEntry();
            if (page.Count < Page)
                yield break;
        }
    }

    private sealed record MailboxRow(long Id, long Pass);

    private sealed record TotalsRow(long Started, long Copied, long Skipped, long Deleted, long Bytes, long Folders);

    private sealed record FolderRow(
        string Key, string? Parent, string Name, string Role, string Container_Class, long Item_Count, string? Target, long Is_In_Doubt)
    {
        public LedgerFolder ToFolder() => new(
            new MailboxFolder(
                new FolderKey(Key), Parent is null ? null : new FolderKey(Parent), Name, Enum.Parse<FolderRole>(Role), Container_Class, Item_Count),
            Target is null ? null : new TargetFolderId(Target))
        {
            IsInDoubt = Is_In_Doubt != 0,
        };
    }
}
