using System.Runtime.CompilerServices;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;
using Dapper;

namespace Cutover.Orchestrator.Storage;

/// <summary>
/// The ledger of one mailbox of one batch. <c>pass</c> is 0 for what a checkpoint covers, else the pass that recorded it. The mailbox's own <c>pass</c> is the
/// fence: what an older pass writes is refused.
/// </summary>
public sealed class DatabaseItemLedger : IItemLedger
{
    private const int Page = 500;

    private const string EntryColumns =
        "key, folder, version, state, target_id, change_key, digest, is_read, read_state_in_doubt, item_class, subject, received, size, reason, kept_aside, pass";

    private static readonly string EntryUpdates = string.Join(", ", EntryColumns.Split(", ").Skip(1).Select(column => $"{column} = excluded.{column}"));

    private readonly CutoverDatabase database;
    private readonly long mailbox;
    private long pass;

    private DatabaseItemLedger(CutoverDatabase database, long mailbox, long pass) => (this.database, this.mailbox, this.pass) = (database, mailbox, pass);

    /// <summary>Opens the ledger of the mailbox, an empty one when there is none yet.</summary>
    /// <param name="source">The mailbox's legacyExchangeDN.</param>
    public static async Task<DatabaseItemLedger> OpenAsync(CutoverDatabase database, string batch, string source, CancellationToken ct)
    {
        var row = await database.WriteAsync(
            async connection =>
            {
                await connection.ExecuteAsync("INSERT INTO mailbox (batch, source) VALUES (@batch, @source) ON CONFLICT DO NOTHING", new { batch, source });
                return await connection.QuerySingleAsync<MailboxRow>("SELECT id, pass FROM mailbox WHERE batch = @batch AND source = @source", new { batch, source });
            },
            ct);
        return new DatabaseItemLedger(database, row.Id, row.Pass);
    }

    /// <summary>Erases the ledgers of every mailbox of the batch.</summary>
    public static Task EraseAsync(CutoverDatabase database, string batch, CancellationToken ct) =>
        database.WriteAsync(connection => connection.ExecuteAsync("DELETE FROM mailbox WHERE batch = @batch", new { batch }), ct);

    public async Task BeginPassAsync(CancellationToken ct) =>
        pass = await database.WriteAsync(
            connection => connection.ExecuteScalarAsync<long>("UPDATE mailbox SET pass = pass + 1 WHERE id = @mailbox RETURNING pass", new { mailbox }), ct);

    public Task<IReadOnlyList<LedgerFolder>> GetFoldersAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<LedgerFolder>>(
        async connection =>
        [
            .. (await connection.QueryAsync<FolderRow>(
                "SELECT key, parent, name, role, container_class, item_count, target, is_in_doubt FROM folder WHERE mailbox = @mailbox", new { mailbox }))
                .Select(row => row.ToFolder()),
        ],
        ct);

    public Task SaveFolderAsync(LedgerFolder folder, CancellationToken ct) => WriteFencedAsync(
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
            Name = StorableText.Of(folder.Folder.Name),
            Role = folder.Folder.Role.ToString(),
            folder.Folder.ContainerClass,
            folder.Folder.ItemCount,
            Target = folder.Target?.Value,
            IsInDoubt = folder.IsInDoubt ? 1L : 0,
        },
        ct);

    public Task RemoveFolderAsync(FolderKey folder, CancellationToken ct) =>
        WriteFencedAsync("DELETE FROM folder WHERE mailbox = @mailbox AND key = @Key", new { mailbox, Key = folder.Value }, ct);

    public async Task<SyncState?> GetSyncStateAsync(FolderKey folder, CancellationToken ct)
    {
        var state = await database.ReadAsync(
            connection => connection.ExecuteScalarAsync<byte[]?>("SELECT sync_state FROM folder WHERE mailbox = @mailbox AND key = @Key", new { mailbox, Key = folder.Value }), ct);
        return state is null ? null : new SyncState(state);
    }

    public Task SaveCheckpointAsync(FolderKey folder, SyncState state, CancellationToken ct) => WriteFencedAsync(
        """
        UPDATE folder SET sync_state = @State WHERE mailbox = @mailbox AND key = @Key;
        UPDATE item SET pass = 0 WHERE mailbox = @mailbox AND folder = @Key AND pass = @pass;
        """,
        new { mailbox, Key = folder.Value, State = state.Value.ToArray(), pass },
        ct);

    public IAsyncEnumerable<LedgerEntry> GetUnsettledAsync(FolderKey folder, CancellationToken ct) =>
        PagedAsync($"folder = @Folder AND pass <> 0 AND pass <> @pass AND state <> {(int)LedgerState.Deleted}", folder, ct);

    public Task SettleAsync(FolderKey folder, CancellationToken ct) => WriteFencedAsync(
        "UPDATE item SET pass = 0 WHERE mailbox = @mailbox AND folder = @Key AND pass <> 0", new { mailbox, Key = folder.Value }, ct);

    public async Task<LedgerEntry?> FindAsync(ItemKey key, CancellationToken ct) => (await database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<EntryRow>(
            $"SELECT {EntryColumns} FROM item WHERE mailbox = @mailbox AND key = @Key", new { mailbox, Key = key.Value }), ct))?.ToEntry();

    public IAsyncEnumerable<LedgerEntry> GetEntriesAsync(FolderKey folder, CancellationToken ct) =>
        PagedAsync($"folder = @Folder AND state <> {(int)LedgerState.Deleted}", folder, ct);

    /// <summary>Every entry that was skipped, by folder and key.</summary>
    public IAsyncEnumerable<LedgerEntry> GetSkippedAsync(CancellationToken ct) => PagedAsync($"state = {(int)LedgerState.Skipped}", new FolderKey(""), ct);

    public Task RecordAsync(LedgerEntry entry, CancellationToken ct) => WriteFencedAsync(
        $"""
        INSERT INTO item (mailbox, {EntryColumns})
        VALUES (@mailbox, @Key, @Folder, @Version, @State, @Target_Id, @Change_Key, @Digest, @Is_Read, @Read_State_In_Doubt, @Item_Class, @Subject, @Received, @Size,
            @Reason, @Kept_Aside, @Pass)
        ON CONFLICT (mailbox, key) DO UPDATE SET {EntryUpdates}
        """,
        EntryRow.Of(entry, pass).Parameters(mailbox),
        ct);

    public async Task<LedgerTotals> GetTotalsAsync(CancellationToken ct)
    {
        var row = await database.ReadAsync(
            connection => connection.QuerySingleAsync<TotalsRow>(
                $"""
                SELECT count(*) FILTER (WHERE state = {(int)LedgerState.Started}) AS started, count(*) FILTER (WHERE state = {(int)LedgerState.Copied}) AS copied,
                    count(*) FILTER (WHERE state = {(int)LedgerState.Skipped}) AS skipped, count(*) FILTER (WHERE state = {(int)LedgerState.Deleted}) AS deleted,
                    CAST(coalesce(sum(CASE WHEN state = {(int)LedgerState.Copied} THEN size END), 0) AS BIGINT) AS bytes,
                    (SELECT count(*) FROM folder WHERE mailbox = @mailbox) AS folders
                FROM item WHERE mailbox = @mailbox
                """,
                new { mailbox }),
            ct);
        return new LedgerTotals(row.Started, row.Copied, row.Skipped, row.Deleted, row.Folders, row.Bytes);
    }

    /// <summary>Writes only while this pass is the mailbox's latest, and it stays so until the transaction ends.</summary>
    private Task WriteFencedAsync(string statement, object values, CancellationToken ct) => database.WriteAsync(
        async connection =>
        {
            var isLatest = await connection.ExecuteScalarAsync<long?>($"SELECT 1 FROM mailbox WHERE id = @mailbox AND pass = @pass {database.SharedLock}", new { mailbox, pass });
            if (isLatest is null) throw new SupersededPassException();
            await connection.ExecuteAsync(statement, values);
        },
        ct);

    /// <summary>Page by page in order of the key, so that entries may be recorded while the caller goes through them.</summary>
    private async IAsyncEnumerable<LedgerEntry> PagedAsync(string condition, FolderKey folder, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var (after, page) = ("", new List<EntryRow>()); ; after = page[^1].Key)
        {
            page = await database.ReadAsync(
                async connection => (await connection.QueryAsync<EntryRow>(
                    $"SELECT {EntryColumns} FROM item WHERE mailbox = @mailbox AND {condition} AND key > @after ORDER BY key LIMIT {Page}",
                    new { mailbox, Folder = folder.Value, pass, after })).AsList(),
                ct);
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
