using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Dapper;

namespace Cutover.Orchestrator.Storage;

/// <summary>Batch definitions, and the history of states, which is kept for good. Definitions hold no secrets, only where these are kept.</summary>
public sealed class BatchStore(SqliteDatabase database)
{
    private const int Page = 500;

    /// <summary>Saves the definition in place of an earlier one of this name; false when that was the same.</summary>
    public async Task<bool> SaveAsync(MigrationBatch batch, DateTimeOffset now, CancellationToken ct)
    {
        var definition = JsonSerializer.Serialize(new Definition(batch.Source, batch.Target, batch.Users));
        return await database.WriteAsync(
            connection => connection.Execute(
                """
                INSERT INTO batch (name, definition, created) VALUES (@Name, @definition, @Created)
                ON CONFLICT (name) DO UPDATE SET definition = excluded.definition WHERE definition <> excluded.definition
                """,
                new { Name = batch.Name.Value, definition, Created = Text(now) }),
            ct) > 0;
    }

    public MigrationBatch? Find(BatchName name) =>
        database.Read(connection => connection.ExecuteScalar<string?>("SELECT definition FROM batch WHERE name = @Value", new { name.Value })) is { } json
            ? JsonSerializer.Deserialize<Definition>(json)!.ToBatch(name)
            : null;

    /// <summary>Every batch that was ever made, oldest first; removed ones too.</summary>
    public IReadOnlyList<BatchName> Names() => database.Read<IReadOnlyList<BatchName>>(
        connection => [.. connection.Query<string>("SELECT name FROM batch ORDER BY created, name").Select(BatchName.Parse)]);

    public Task AddHistoryAsync(StateChange change, CancellationToken ct) => database.WriteAsync(
        connection => connection.Execute(
            """INSERT INTO history (at, batch, "user", "from", "to", cause, actor) VALUES (@At, @Batch, @User, @From, @To, @Cause, @Actor)""",
            new { At = Text(change.At), Batch = change.Batch.Value, change.User, change.From, change.To, change.Cause, change.Actor }),
        ct);

    /// <summary>Oldest first.</summary>
    public async IAsyncEnumerable<StateChange> GetHistoryAsync(BatchName batch, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        for (var (after, page) = (0L, new List<HistoryRow>()); ; after = page[^1].Id)
        {
            ct.ThrowIfCancellationRequested();
            page = database.Read(connection => connection.Query<HistoryRow>(
                $"""SELECT id, at, "user", "from", "to", cause, actor FROM history WHERE batch = @Value AND id > @after ORDER BY id LIMIT {Page}""",
                new { batch.Value, after }).AsList());
            foreach (var row in page)
                yield return row.ToChange(batch);
            if (page.Count < Page)
                yield break;
        }
    }

    private static string Text(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);

    private sealed record Definition(MigrationEndpoint Source, MigrationEndpoint Target, IReadOnlyList<MigrationUser> Users)
    {
        public MigrationBatch ToBatch(BatchName name) => new(name, Source, Target, Users);
    }

    private sealed record HistoryRow(long Id, string At, string? User, string? From, string To, string Cause, string Actor)
    {
        public StateChange ToChange(BatchName batch) =>
            new(DateTimeOffset.ParseExact(At, "O", CultureInfo.InvariantCulture), batch, User, From, To, Cause, Actor);
    }
}
