using System.Globalization;
using Dapper;

namespace Cutover.Orchestrator.Storage;

/// <summary>Orleans reminders in the database, so that they survive the process.</summary>
public sealed class DatabaseReminderTable(CutoverDatabase database, string service) : IReminderTable
{
    private const string Columns = "grain_id, name, start_at, period, etag";

    public Task<ReminderTableData> ReadRows(GrainId grainId) =>
        QueryAsync("grain_id = @Grain", new { service, Grain = grainId.ToString() });

    /// <summary>The rows whose hash is in (begin, end] on the ring; all of them when both are equal.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        QueryAsync(begin < end ? "hash > @begin AND hash <= @end" : "(hash > @begin OR hash <= @end)", new { service, begin = (long)begin, end = (long)end });

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await QueryAsync("grain_id = @Grain AND name = @reminderName", new { service, Grain = grainId.ToString(), reminderName })).Reminders.SingleOrDefault();

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var etag = Guid.NewGuid().ToString("N");
        await database.WriteAsync(
            connection => connection.ExecuteAsync(
                """
                INSERT INTO reminder (service, grain_id, name, start_at, period, hash, etag)
                VALUES (@service, @Grain, @Name, @StartAt, @Period, @Hash, @etag)
                ON CONFLICT (service, grain_id, name) DO UPDATE SET start_at = excluded.start_at, period = excluded.period, hash = excluded.hash, etag = excluded.etag
                """,
                new
                {
                    service,
                    Grain = entry.GrainId.ToString(),
                    Name = entry.ReminderName,
                    StartAt = entry.StartAt.ToString("O", CultureInfo.InvariantCulture),
                    Period = entry.Period.Ticks,
                    Hash = (long)entry.GrainId.GetUniformHashCode(),
                    etag,
                }),
            CancellationToken.None);
        return etag;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        await database.WriteAsync(
            connection => connection.ExecuteAsync(
                "DELETE FROM reminder WHERE service = @service AND grain_id = @Grain AND name = @reminderName AND etag = @eTag",
                new { service, Grain = grainId.ToString(), reminderName, eTag }),
            CancellationToken.None) > 0;

    public Task TestOnlyClearTable() =>
        database.WriteAsync(connection => connection.ExecuteAsync("DELETE FROM reminder WHERE service = @service", new { service }), CancellationToken.None);

    private Task<ReminderTableData> QueryAsync(string condition, object values) => database.ReadAsync(
        async connection => new ReminderTableData((await connection.QueryAsync<ReminderRow>(
            $"SELECT {Columns} FROM reminder WHERE service = @service AND {condition}", values)).Select(row => row.ToEntry())),
        CancellationToken.None);

    private sealed record ReminderRow(string Grain_Id, string Name, string Start_At, long Period, string Etag)
    {
        public ReminderEntry ToEntry() => new()
        {
            GrainId = GrainId.Parse(Grain_Id, CultureInfo.InvariantCulture),
            ReminderName = Name,
            StartAt = DateTime.ParseExact(Start_At, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            Period = TimeSpan.FromTicks(Period),
            ETag = Etag,
        };
    }
}
