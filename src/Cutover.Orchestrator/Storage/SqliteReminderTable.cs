using System.Globalization;
using Dapper;

namespace Cutover.Orchestrator.Storage;

/// <summary>Orleans reminders in SQLite, so that they survive the process.</summary>
public sealed class SqliteReminderTable(SqliteDatabase database, string service) : IReminderTable
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
            connection => connection.Execute(
                """
                INSERT OR REPLACE INTO reminder (service, grain_id, name, start_at, period, hash, etag)
                VALUES (@service, @Grain, @Name, @StartAt, @Period, @Hash, @etag)
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
            connection => connection.Execute(
                "DELETE FROM reminder WHERE service = @service AND grain_id = @Grain AND name = @reminderName AND etag = @eTag",
                new { service, Grain = grainId.ToString(), reminderName, eTag }),
            CancellationToken.None) > 0;

    public Task TestOnlyClearTable() =>
        database.WriteAsync(connection => connection.Execute("DELETE FROM reminder WHERE service = @service", new { service }), CancellationToken.None);

    private Task<ReminderTableData> QueryAsync(string condition, object values) => Task.FromResult(database.Read(
        connection => new ReminderTableData(connection.Query<ReminderRow>(
            $"SELECT {Columns} FROM reminder WHERE service = @service AND {condition}", values).Select(row => row.ToEntry()))));

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
