using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Orchestrator.Storage;
using Cutover.Orchestrator.Storage.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Orchestrator.Tests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_second_process_is_refused_with_a_reason()
    {
        await using var first = SqliteDatabase.Open(folder.Database, TimeProvider.System);

        var fault = Assert.Throws<MigrationFault>(() => SqliteDatabase.Open(folder.Database, TimeProvider.System));

        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains(folder.Path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await SqliteDatabase.Open(folder.Database, TimeProvider.System).DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False"))
            connection.Execute("PRAGMA user_version = 999");

        Assert.Contains("newer", Assert.Throws<MigrationFault>(() => SqliteDatabase.Open(folder.Database, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        await File.WriteAllTextAsync(folder.Database, new string('x', 5000));

        Assert.Throws<MigrationFault>(() => SqliteDatabase.Open(folder.Database, TimeProvider.System));

        Assert.Equal(5000, new FileInfo(folder.Database).Length);
    }

    [Fact]
    public async Task A_write_that_fails_takes_none_of_its_group_along()
    {
        await using var database = SqliteDatabase.Open(folder.Database, TimeProvider.System);
        Task Insert(string name) => database.WriteAsync(
            connection => connection.ExecuteAsync("INSERT INTO batch (name, definition, created) VALUES (@name, '', '')", new { name }), default);

        await Insert("taken");
        var writes = Enumerable.Range(0, 50).Select(number => Insert(number == 20 ? "taken" : $"n{number}")).ToList();
        await Assert.ThrowsAsync<SqliteException>(() => Task.WhenAll(writes));

        Assert.Equal(49, writes.Count(write => write.IsCompletedSuccessfully));
        Assert.Equal(50, await database.ReadAsync(connection => connection.ExecuteScalarAsync<int>("SELECT count(*) FROM batch"), default));
    }

    [Fact]
    public async Task Definitions_and_history_are_there_after_a_restart()
    {
        var endpoint = new MigrationEndpoint("e", MigrationEndpointType.OutlookAnywhere, new Dictionary<string, string> { ["a"] = "b" }, new SecretRef("env:X"), 2, 3);
        var user = new MigrationUser(new SourceMailbox("/o=x", "a@b.c"), new TargetMailbox("u", "m", "a@b.c"));
        var batch = new MigrationBatch(BatchName.Parse("Contoso"), endpoint, endpoint with { Name = "t", Type = MigrationEndpointType.Microsoft365 }, [user]);
        var change = new StateChange(DateTimeOffset.UnixEpoch.AddTicks(1), batch.Name, null, null, "Created", "cause", "actor");
        await using (var database = SqliteDatabase.Open(folder.Database, TimeProvider.System))
        {
            await new BatchStore(database).SaveAsync(batch, DateTimeOffset.UnixEpoch, default);
            await new BatchStore(database).AddHistoryAsync(change, default);
        }

        await using var again = SqliteDatabase.Open(folder.Database, TimeProvider.System);
        var found = (await new BatchStore(again).FindAsync(batch.Name, default))!;

        Assert.Equal(("b", batch.Target.Name, user), (found.Source.Settings["a"], found.Target.Name, Assert.Single(found.Users)));
        Assert.Equal([batch.Name], await new BatchStore(again).GetNamesAsync(default));
        Assert.Equal([change], await new BatchStore(again).GetHistoryAsync(batch.Name, default).ToListAsync());
    }

    public void Dispose() => folder.Dispose();
}
