using System.Data.Common;
using System.Globalization;
using Dapper;
using Orleans.Serialization;
using Orleans.Storage;

namespace Cutover.Orchestrator.Storage;

/// <summary>
/// Grain state in the database. A state class needs <c>[GenerateSerializer]</c>: without it, it saves and can't be read back. The etag is a number drawn for
/// each write; a writer that holds an older one is refused, as an evicted silo must be, and a write made twice because its answer was lost is one.
/// </summary>
public sealed class DatabaseGrainStorage(CutoverDatabase database, Serializer serializer, string service) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<StateRow>(
                "SELECT data, etag FROM grain_state WHERE service = @service AND state_name = @stateName AND grain_id = @Grain",
                new { service, stateName, Grain = grainId.ToString() }),
            CancellationToken.None);
        grainState.RecordExists = row is { Data: not null };
        grainState.ETag = row?.Etag.ToString(CultureInfo.InvariantCulture);
        grainState.State = row is { Data: { } data } ? serializer.Deserialize<T>(data) : Activator.CreateInstance<T>();
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
        var next = Random.Shared.NextInt64(1, long.MaxValue);
        var saved = await database.WriteAsync(
            connection => SaveAsync(connection, new { service, stateName, Grain = grainId.ToString(), data, expected, next }), CancellationToken.None);
        return saved == 1
            ? next.ToString(CultureInfo.InvariantCulture)
            : throw new InconsistentStateException($"The state {stateName} of {grainId} was written by another activation.", "unknown", etag);
    }

    private static async Task<int> SaveAsync(DbConnection connection, object values)
    {
        var updated = await connection.ExecuteAsync(
            """
            UPDATE grain_state SET data = @data, etag = @next
            WHERE service = @service AND state_name = @stateName AND grain_id = @Grain AND (etag = @expected OR etag = @next)
            """,
            values);
        return updated > 0 ? updated : await connection.ExecuteAsync(
            """
            INSERT INTO grain_state (service, state_name, grain_id, data, etag) SELECT @service, @stateName, @Grain, @data, @next WHERE @expected = 0
            ON CONFLICT DO NOTHING
            """,
            values);
    }

    private sealed record StateRow(byte[]? Data, long Etag);
}
