using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Orleans.Serialization;
using Orleans.Storage;

namespace Cutover.Orchestrator.Storage;

/// <summary>
/// Grain state in SQLite. A state class needs <c>[GenerateSerializer]</c>: without it, it saves and can't be read back. The etag is a counter; a
/// writer that holds an older one is refused, as an evicted silo must be.
/// </summary>
public sealed class SqliteGrainStorage(SqliteDatabase database, Serializer serializer, string service) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = database.Read(connection => connection.QuerySingleOrDefault<StateRow>(
            "SELECT data, etag FROM grain_state WHERE service = @service AND state_name = @stateName AND grain_id = @Grain",
            new { service, stateName, Grain = grainId.ToString() }));
        grainState.RecordExists = row is { Data: not null };
        grainState.ETag = row?.Etag.ToString(CultureInfo.InvariantCulture);
        grainState.State = row is { Data: { } data } ? serializer.Deserialize<T>(data) : Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await SaveAsync(stateName, grainId, serializer.SerializeToArray(grainState.State), grainState.ETag);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await SaveAsync(stateName, grainId, null, grainState.ETag);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    /// <summary>The row stays when the state is cleared, so that a late writer's older etag is still refused.</summary>
    private async Task<string> SaveAsync(string stateName, GrainId grainId, byte[]? data, string? etag)
    {
        var expected = etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);
        var saved = await database.WriteAsync(
            connection => Save(connection, new { service, stateName, Grain = grainId.ToString(), data, expected, next = expected + 1 }), CancellationToken.None);
        return saved == 1
            ? (expected + 1).ToString(CultureInfo.InvariantCulture)
            : throw new InconsistentStateException($"The state {stateName} of {grainId} was written by another activation.", "unknown", etag);
    }

    private static int Save(SqliteConnection connection, object values) => connection.Execute(
        """
        INSERT INTO grain_state (service, state_name, grain_id, data, etag) SELECT @service, @stateName, @Grain, @data, @next
        WHERE @expected = 0 OR EXISTS (SELECT 1 FROM grain_state WHERE service = @service AND state_name = @stateName AND grain_id = @Grain)
        ON CONFLICT (service, state_name, grain_id) DO UPDATE SET data = excluded.data, etag = excluded.etag WHERE etag = @expected
        """,
        values);

    private sealed record StateRow(byte[]? Data, long Etag);
}
