using System.Collections.Concurrent;
using Cutover.Core.Ledger;
using Cutover.Core.Tests.Fakes;
using Cutover.Orchestrator.Storage;

namespace Cutover.Orchestrator.Tests.Storage;

public sealed class SqliteItemLedgerTests : ItemLedgerContract, IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDatabase database;

    public SqliteItemLedgerTests() => database = SqliteDatabase.Open(folder.Database);

    [Fact]
    public async Task Erasing_a_batch_leaves_the_others()
    {
        var other = await SqliteItemLedger.OpenAsync(database, "Other", "a", default);
        var entry = new LedgerEntry(new("f"), new(new("k"), "1", false, "", null, null, 0), LedgerState.Started, null, null);
        await other.RecordAsync(entry, default);
        await (await OpenAsync()).RecordAsync(entry, default);

        await SqliteItemLedger.EraseAsync(database, "Batch", default);

        Assert.Null(await (await OpenAsync()).FindAsync(entry.Key, default));
        Assert.NotNull(await other.FindAsync(entry.Key, default));
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    protected override async Task<IItemLedger> OpenAsync(string mailbox = "a") => await SqliteItemLedger.OpenAsync(database, "Batch", mailbox, default);
}

/// <summary>The ledger that the engine's own tests use keeps the same contract.</summary>
public sealed class InMemoryItemLedgerTests : ItemLedgerContract
{
    private readonly ConcurrentDictionary<string, InMemoryItemLedger> ledgers = new();

    protected override Task<IItemLedger> OpenAsync(string mailbox = "a") => Task.FromResult<IItemLedger>(ledgers.GetOrAdd(mailbox, _ => new InMemoryItemLedger()));
}
