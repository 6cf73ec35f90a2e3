using System.Text.Json;
using Cutover.Core.Runbooks;
using Dapper;

namespace Cutover.Orchestrator.Storage;

/// <summary>A run-book's memory in the one SQLite file.</summary>
public sealed class SqliteRunbookRecord(SqliteDatabase database) : IRunbookRecord
{
    public Task<StepRecord?> GetStepAsync(string step, CancellationToken ct) => Task.FromResult(
        database.Read(connection => connection.ExecuteScalar<string?>("SELECT record FROM runbook_step WHERE name = @step", new { step })) is { } json
            ? JsonSerializer.Deserialize<StepRecord>(json)
            : null);

    public Task SaveStepAsync(StepRecord record, CancellationToken ct) => database.WriteAsync(
        connection => connection.Execute(
            "INSERT OR REPLACE INTO runbook_step (name, record) VALUES (@Name, @Json)", new { record.Name, Json = JsonSerializer.Serialize(record) }),
        ct);

    public Task<string?> GetValueAsync(string key, CancellationToken ct) => Task.FromResult(
        database.Read(connection => connection.ExecuteScalar<string?>("SELECT json FROM runbook_value WHERE key = @key", new { key })));

    public Task SetValueAsync(string key, string json, CancellationToken ct) => database.WriteAsync(
        connection => connection.Execute("INSERT OR REPLACE INTO runbook_value (key, json) VALUES (@key, @json)", new { key, json }), ct);
}
