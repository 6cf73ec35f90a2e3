using System.Text.Json;
using Cutover.Core.Runbooks;
using Dapper;

namespace Cutover.Orchestrator.Storage;

/// <summary>A run-book's memory in the database.</summary>
public sealed class DatabaseRunbookRecord(CutoverDatabase database) : IRunbookRecord
{
    public async Task<StepRecord?> GetStepAsync(string step, CancellationToken ct) =>
        await database.ReadAsync(connection => connection.ExecuteScalarAsync<string?>("SELECT record FROM runbook_step WHERE name = @step", new { step }), ct) is { } json
            ? JsonSerializer.Deserialize<StepRecord>(json)
            : null;

    public Task SaveStepAsync(StepRecord record, CancellationToken ct) => database.WriteAsync(
        connection => connection.ExecuteAsync(
            "INSERT INTO runbook_step (name, record) VALUES (@Name, @Json) ON CONFLICT (name) DO UPDATE SET record = excluded.record",
            new { record.Name, Json = JsonSerializer.Serialize(record) }),
        ct);

    public Task<string?> GetValueAsync(string key, CancellationToken ct) =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<string?>("SELECT json FROM runbook_value WHERE key = @key", new { key }), ct);

    public Task SetValueAsync(string key, string json, CancellationToken ct) => database.WriteAsync(
        connection => connection.ExecuteAsync(
            "INSERT INTO runbook_value (key, json) VALUES (@key, @json) ON CONFLICT (key) DO UPDATE SET json = excluded.json", new { key, json }),
        ct);
}
