using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Dapper;

namespace Cutover.Orchestrator.Storage;

/// <summary>
/// Batch definitions, and the history of states, which is kept for good. Definitions hold no secrets, only where these are kept. Each grain asks for its
/// batch's definition, so it is parsed once per revision.
/// </summary>
public sealed class BatchStore(CutoverDatabase database)
{
    private const int Page = 500;

    private readonly ConcurrentDictionary<BatchName, (long Revision, MigrationBatch Batch, Dictionary<string, MigrationUser> Users)> parsed = new();

    /// <summary>Saves the definition in place of an earlier one of this name; false when that was the same.</summary>
    public async Task<bool> SaveAsync(MigrationBatch batch, DateTimeOffset now, CancellationToken ct)
    {
        var definition = JsonSerializer.Serialize(new Definition(batch.Source, batch.Target, batch.Users, batch.SkipLimit));
        return await database.WriteAsync(
            connection => connection.ExecuteAsync(
                """
                INSERT INTO batch (name, definition, created) VALUES (@Name, @definition, @Created)
                ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, revision = batch.revision + 1 WHERE batch.definition <> excluded.definition
                """,
                new { Name = batch.Name.Value, definition, Created = Text(now) }),
            ct) > 0;
    }

    /// <summary>The definition; null when there never was a batch of this name.</summary>
    public async Task<MigrationBatch?> FindAsync(BatchName name, CancellationToken ct)
    {
        var revision = await database.ReadAsync(connection => connection.ExecuteScalarAsync<long?>("SELECT revision FROM batch WHERE name = @Value", new { name.Value }), ct);
        if (revision is null) return null;
        if (parsed.TryGetValue(name, out var known) && known.Revision == revision) return known.Batch;
        var row = await database.ReadAsync(
            connection => connection.QuerySingleAsync<DefinitionRow>("SELECT definition, revision FROM batch WHERE name = @Value", new { name.Value }), ct);
        var batch = JsonSerializer.Deserialize<Definition>(row.Definition)!.ToBatch(name);
        parsed[name] = (row.Revision, batch, batch.Users.ToDictionary(user => user.Name));
        return batch;
    }

    /// <summary>The batch and one of its users.</summary>
    /// <exception cref="InvalidOperationException">There is none of these names.</exception>
    public async Task<(MigrationBatch Batch, MigrationUser User)> FindUserAsync(BatchName name, string user, CancellationToken ct) =>
        await FindAsync(name, ct) is { } batch && parsed[name].Users.TryGetValue(user, out var found)
            ? (batch, found)
            : throw new InvalidOperationException($"There is no user {user} in a batch {name}.");

    /// <summary>Every batch that was ever made, oldest first; removed ones too.</summary>
    public Task<IReadOnlyList<BatchName>> GetNamesAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<BatchName>>(
        async connection => [.. (await connection.QueryAsync<string>("SELECT name FROM batch ORDER BY created, name")).Select(BatchName.Parse)], ct);

    public Task AddHistoryAsync(StateChange change, CancellationToken ct)
    {
        var values = new
        {
            Change = Guid.NewGuid().ToString("N"),
            At = Text(change.At),
            Batch = change.Batch.Value,
            change.User,
            change.From,
            change.To,
            Cause = StorableText.Of(change.Cause),
            change.Actor,
        };
        return database.WriteAsync(
            connection => connection.ExecuteAsync(
                """
                INSERT INTO history (change, at, batch, "user", "from", "to", cause, actor) VALUES (@Change, @At, @Batch, @User, @From, @To, @Cause, @Actor)
                ON CONFLICT DO NOTHING
                """,
                values),
            ct);
    }

    public Task AddApprovalAsync(BatchName batch, SkipApproval approval, CancellationToken ct)
    {
        var values = new { Id = Guid.NewGuid().ToString("N"), Batch = batch.Value, approval.User, At = Text(approval.At), approval.Skipped, approval.Actor, Reason = StorableText.Of(approval.Reason) };
        return database.WriteAsync(
            connection => connection.ExecuteAsync(
                """INSERT INTO skip_approval (id, batch, "user", at, skipped, actor, reason) VALUES (@Id, @Batch, @User, @At, @Skipped, @Actor, @Reason) ON CONFLICT DO NOTHING""", values),
            ct);
    }

    /// <summary>Oldest first.</summary>
    public Task<IReadOnlyList<SkipApproval>> GetApprovalsAsync(BatchName batch, CancellationToken ct) => database.ReadAsync<IReadOnlyList<SkipApproval>>(
        async connection =>
        [
            .. (await connection.QueryAsync<ApprovalRow>(
                """SELECT at, "user", skipped, actor, reason FROM skip_approval WHERE batch = @Value ORDER BY at, id""", new { batch.Value })).Select(row => row.ToApproval()),
        ],
        ct);

    /// <summary>Oldest first.</summary>
    public async IAsyncEnumerable<StateChange> GetHistoryAsync(BatchName batch, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var (after, page) = (0L, new List<HistoryRow>()); ; after = page[^1].Id)
        {
            page = await database.ReadAsync(
                async connection => (await connection.QueryAsync<HistoryRow>(
                    $"""SELECT id, at, "user", "from", "to", cause, actor FROM history WHERE batch = @Value AND id > @after ORDER BY id LIMIT {Page}""",
                    new { batch.Value, after })).AsList(),
                ct);
            foreach (var row in page)
                yield return row.ToChange(batch);
            if (page.Count < Page)
                yield break;
        }
    }

    private static string Text(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);

    private sealed record Definition(MigrationEndpoint Source, MigrationEndpoint Target, IReadOnlyList<MigrationUser> Users, int? SkipLimit)
    {
        public MigrationBatch ToBatch(BatchName name) => new(name, Source, Target, Users) { SkipLimit = SkipLimit };
    }

    private sealed record ApprovalRow(string At, string User, long Skipped, string Actor, string Reason)
    {
        public SkipApproval ToApproval() => new(DateTimeOffset.ParseExact(At, "O", CultureInfo.InvariantCulture), User, Skipped, Actor, Reason);
    }

    private sealed record DefinitionRow(string Definition, long Revision);

    private sealed record HistoryRow(long Id, string At, string? User, string? From, string To, string Cause, string Actor)
    {
        public StateChange ToChange(BatchName batch) =>
            new(DateTimeOffset.ParseExact(At, "O", CultureInfo.InvariantCulture), batch, User, From, To, Cause, Actor);
    }
}
