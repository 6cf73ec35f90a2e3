using Cutover.Core.Batches;
using Cutover.Orchestrator.Storage;
using Cutover.Orchestrator.Users;
using Cutover.Tests;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Cutover.Orchestrator.Tests.Storage;

/// <summary>What Orleans needs of each database.</summary>
public abstract class OrleansStorageTests(TestDatabase database) : IAsyncLifetime
{
    private static readonly GrainId Grain = GrainId.Create("migrationuser", "Contoso/a@contoso.com");

    private readonly ServiceProvider services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private DatabaseGrainStorage Storage => new(database.Current, services.GetRequiredService<Serializer>(), "cutover");

    private DatabaseReminderTable Reminders => new(database.Current, "cutover");

    [Fact]
    public async Task Grain_state_is_read_back_by_another_process()
    {
        var written = new GrainState<MigrationUserState>(new MigrationUserState
        {
            Status = MigrationUserStatus.IncrementalSynced,
            IsStarted = true,
            Counts = new UserCounts(1, 2, 3, 4, 5, 6, 7, 8),
            LastSynced = DateTimeOffset.UnixEpoch,
            Error = "e",
        });
        await Storage.WriteStateAsync("user", Grain, written);
        await database.ReopenAsync();

        var read = new GrainState<MigrationUserState>();
        await Storage.ReadStateAsync("user", Grain, read);

        Assert.True(read.RecordExists);
        Assert.Equal(written.ETag, read.ETag);
        Assert.Equal(
            (written.State!.Status, true, written.State.Counts, written.State.LastSynced, "e"),
            (read.State!.Status, read.State.IsStarted, read.State.Counts, read.State.LastSynced, read.State.Error));
    }

    [Fact]
    public async Task A_grain_that_was_never_saved_begins_fresh()
    {
        var read = new GrainState<MigrationUserState>();

        await Storage.ReadStateAsync("user", Grain, read);

        Assert.False(read.RecordExists);
        Assert.Equal(MigrationUserStatus.Queued, read.State!.Status);
    }

    [Fact]
    public async Task A_writer_with_an_older_etag_is_refused()
    {
        var (first, second) = (new GrainState<MigrationUserState>(), new GrainState<MigrationUserState>());
        await Storage.ReadStateAsync("user", Grain, first);
        await Storage.ReadStateAsync("user", Grain, second);
        await Storage.WriteStateAsync("user", Grain, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("user", Grain, second));
        await Storage.WriteStateAsync("user", Grain, first);
    }

    [Fact]
    public async Task Cleared_state_is_gone_and_a_late_writer_is_still_refused()
    {
        var (first, late) = (new GrainState<MigrationUserState>(), new GrainState<MigrationUserState>());
        await Storage.WriteStateAsync("user", Grain, first);
        await Storage.ReadStateAsync("user", Grain, late);
        await Storage.ClearStateAsync("user", Grain, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("user", Grain, late));
        await Storage.ReadStateAsync("user", Grain, late);
        Assert.False(late.RecordExists);
        await Storage.WriteStateAsync("user", Grain, late);
    }

    [Fact]
    public async Task Reminders_survive_and_are_found_by_grain_and_by_range()
    {
        var entries = Enumerable.Range(0, 20).Select(number => Reminder($"Contoso/user{number}")).ToList();
        foreach (var entry in entries)
            await Reminders.UpsertRow(entry);
        await database.ReopenAsync();

        var one = await Reminders.ReadRow(entries[3].GrainId, "sync");
        Assert.Equal((entries[3].GrainId, entries[3].StartAt, entries[3].Period), (one!.GrainId, one.StartAt, one.Period));
        Assert.Equal(DateTimeKind.Utc, one.StartAt.Kind);
        Assert.Single((await Reminders.ReadRows(entries[3].GrainId)).Reminders);
        Assert.Null(await Reminders.ReadRow(entries[3].GrainId, "other"));
        Assert.Equal(20, (await Reminders.ReadRows(0, 0)).Reminders.Count);
        foreach (var (begin, end) in new[] { (1000u, 3_000_000_000u), (3_000_000_000u, 1000u) })
        {
            var expected = entries.Where(entry => InRange(entry.GrainId.GetUniformHashCode(), begin, end)).Select(entry => entry.GrainId.ToString());
            Assert.Equal(expected.Order(), (await Reminders.ReadRows(begin, end)).Reminders.Select(entry => entry.GrainId.ToString()).Order());
        }
    }

    [Fact]
    public async Task A_reminder_is_removed_only_by_its_etag()
    {
        var entry = Reminder("Contoso/user");
        var older = await Reminders.UpsertRow(entry);
        var newer = await Reminders.UpsertRow(entry);

        Assert.False(await Reminders.RemoveRow(entry.GrainId, "sync", older!));
        Assert.True(await Reminders.RemoveRow(entry.GrainId, "sync", newer!));
        Assert.Empty((await Reminders.ReadRows(0, 0)).Reminders);
    }

    public ValueTask InitializeAsync() => database.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static bool InRange(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static ReminderEntry Reminder(string key) => new()
    {
        GrainId = GrainId.Create("migrationuser", key),
        ReminderName = "sync",
        StartAt = DateTime.UnixEpoch.AddTicks(5),
        Period = TimeSpan.FromMinutes(1),
    };
}

public sealed class SqliteOrleansStorageTests() : OrleansStorageTests(new TestSqlite());

[Collection(PostgresCollection.Name)]
public sealed class PostgresOrleansStorageTests(PostgresServer server) : OrleansStorageTests(new TestPostgres(server));
