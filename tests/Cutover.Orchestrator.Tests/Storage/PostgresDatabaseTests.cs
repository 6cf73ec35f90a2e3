using Cutover.Core.Batches;
using Cutover.Core.Faults;
using Cutover.Orchestrator.Storage;
using Cutover.Orchestrator.Storage.Postgres;
using Cutover.Tests;
using Npgsql;

namespace Cutover.Orchestrator.Tests.Storage;

[Collection(PostgresCollection.Name)]
public sealed class PostgresDatabaseTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_that_start_together_make_one_schema_and_see_each_others_writes()
    {
        var connectionString = await server.CreateDatabaseAsync();
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PostgresDatabase.Open(connectionString, TimeProvider.System))));
        var batch = BatchName.Parse("Contoso");

        await Task.WhenAll(databases.Select((database, number) => new BatchStore(database).AddHistoryAsync(
            new StateChange(DateTimeOffset.UnixEpoch, batch, $"user{number}", null, "Queued", "cause", "actor"), Ct)));

        Assert.Equal(4, await new BatchStore(databases[0]).GetHistoryAsync(batch, Ct).CountAsync(Ct));
        foreach (var database in databases) await database.DisposeAsync();
    }

    [Fact]
    public async Task Two_hosts_that_write_one_ledger_side_by_side_lose_nothing()
    {
        var connectionString = await server.CreateDatabaseAsync();
        await using var one = PostgresDatabase.Open(connectionString, TimeProvider.System);
        await using var other = PostgresDatabase.Open(connectionString, TimeProvider.System);
        var ledgers = await Task.WhenAll(new[] { one, other }.Select(database => DatabaseItemLedger.OpenAsync(database, "Batch", "a", Ct)));

        // Both write the same rows in opposite orders: what locks the other out is made again.
        await Task.WhenAll(ledgers.Select((ledger, number) => Task.WhenAll(Enumerable.Range(0, 1000).Select(item =>
            ledger.RecordAsync(new(new("f"), new(new($"k{(number == 0 ? item : 999 - item)}"), "1", false, "", null, null, 0), Core.Ledger.LedgerState.Copied, null, null), Ct)))));

        Assert.Equal(1000, (await ledgers[0].GetTotalsAsync(Ct)).Copied);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        var connectionString = await server.CreateDatabaseAsync();
        await PostgresDatabase.Open(connectionString, TimeProvider.System).DisposeAsync();
        await using (var source = NpgsqlDataSource.Create(connectionString))
        await using (var command = source.CreateCommand("UPDATE schema_version SET version = 999"))
            await command.ExecuteNonQueryAsync(Ct);

        Assert.Contains("newer", Assert.Throws<MigrationFault>(() => PostgresDatabase.Open(connectionString, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Timeout=1")]
    [InlineData("Host=127.0.0.1;Port=x;Password=hunter2")]
    [InlineData("hunter2")]
    public void A_database_that_cannot_be_used_is_refused_without_the_password(string connectionString)
    {
        var fault = Assert.Throws<MigrationFault>(() => PostgresDatabase.Open(connectionString, TimeProvider.System));

        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.DoesNotContain("hunter2", fault.ToString() + fault.NextStep, StringComparison.Ordinal);
    }
}

/// <summary>On a server of its own, because it goes away.</summary>
public sealed class PostgresOutageTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_and_readings_wait_for_a_database_that_is_away_and_go_on_by_themselves()
    {
        await using var database = PostgresDatabase.Open(await server.CreateDatabaseAsync(), TimeProvider.System);
        var ledger = await DatabaseItemLedger.OpenAsync(database, "Batch", "a", Ct);
        await ledger.RecordAsync(Entry(0), Ct);
        await server.StopAsync();

        var writes = Enumerable.Range(1, 500).Select(number => ledger.RecordAsync(Entry(number), Ct)).ToList();
        var reading = ledger.FindAsync(new("k0"), Ct);
        while (database.Trouble is null) await Task.Delay(10, Ct);
        Assert.Contains("127.0.0.1", database.Trouble, StringComparison.Ordinal);
        Assert.DoesNotContain(writes, write => write.IsCompleted);

        await server.StartAsync();
        await Task.WhenAll(writes);
        Assert.NotNull(await reading);
        Assert.Equal(501, (await ledger.GetTotalsAsync(Ct)).Copied);
        Assert.Null(database.Trouble);
    }

    [Fact]
    public async Task A_host_ends_although_its_database_is_away()
    {
        var database = PostgresDatabase.Open(await server.CreateDatabaseAsync(), TimeProvider.System);
        var ledger = await DatabaseItemLedger.OpenAsync(database, "Batch", "a", Ct);
        await server.StopAsync();
        var write = ledger.RecordAsync(Entry(1), Ct);
        while (database.Trouble is null) await Task.Delay(10, Ct);

        await database.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => write);
        await server.StartAsync();
    }

    private static Core.Ledger.LedgerEntry Entry(int number) =>
        new(new("f"), new(new($"k{number}"), "1", false, "", null, null, 0), Core.Ledger.LedgerState.Copied, null, null);
}
