using System.Collections.Concurrent;
using Cutover.Core.Ledger;
using Cutover.Core.Tests.Fakes;
using Cutover.Orchestrator.Storage;
using Cutover.Tests;

namespace Cutover.Orchestrator.Tests.Storage;

/// <summary>The ledger on each database.</summary>
public abstract class DatabaseItemLedgerTests(TestDatabase database) : ItemLedgerContract, IAsyncLifetime
{
    [Fact]
    public async Task Erasing_a_batch_leaves_the_others()
    {
        var other = await DatabaseItemLedger.OpenAsync(database.Current, "Other", "a", default);
        var entry = new LedgerEntry(new("f"), new(new("k"), "1", false, "", null, null, 0), LedgerState.Started, null, null);
        await other.RecordAsync(entry, default);
        await (await OpenAsync()).RecordAsync(entry, default);

        await DatabaseItemLedger.EraseAsync(database.Current, "Batch", default);

        Assert.Null(await (await OpenAsync()).FindAsync(entry.Key, default));
        Assert.NotNull(await other.FindAsync(entry.Key, default));
    }

    [Fact]
    public async Task Text_that_no_database_stores_costs_its_odd_characters_only()
    {
        var ledger = await OpenAsync();
        var entry = new LedgerEntry(new("f"), new(new("k"), "1", false, "IPM.Note", "a\0b\uD800c 📅", null, 0), LedgerState.Started, null, null);

        await ledger.RecordAsync(entry, default);

        Assert.Equal("a\uFFFDb\uFFFDc 📅", (await ledger.FindAsync(entry.Key, default))!.Item.Subject);
    }

    public ValueTask InitializeAsync() => database.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return database.DisposeAsync();
    }

    protected override async Task<IItemLedger> OpenAsync(string mailbox = "a") => await DatabaseItemLedger.OpenAsync(database.Current, "Batch", mailbox, default);
}

public sealed class SqliteItemLedgerTests() : DatabaseItemLedgerTests(new TestSqlite());

[Collection(PostgresCollection.Name)]
public sealed class PostgresItemLedgerTests(PostgresServer server) : DatabaseItemLedgerTests(new TestPostgres(server));

/// <summary>The ledger that the engine's own tests use keeps the same contract.</summary>
public sealed class InMemoryItemLedgerTests : ItemLedgerContract
{
    private readonly ConcurrentDictionary<string, InMemoryItemLedger> ledgers = new();

    protected override Task<IItemLedger> OpenAsync(string mailbox = "a") => Task.FromResult<IItemLedger>(ledgers.GetOrAdd(mailbox, _ => new InMemoryItemLedger()).OpenElsewhere());
}
