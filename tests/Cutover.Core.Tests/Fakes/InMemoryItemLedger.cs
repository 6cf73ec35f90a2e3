using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;

namespace Cutover.Core.Tests.Fakes;

/// <summary>The ledger's contract in memory: outlives the killed runs of a test as a database would.</summary>
public sealed class InMemoryItemLedger(Interruptions? interruptions = null) : IItemLedger
{
    private readonly Interruptions points = interruptions ?? new Interruptions();
    private ConcurrentDictionary<ItemKey, (LedgerEntry Entry, long Pass)> items = new();
    private ConcurrentDictionary<FolderKey, LedgerFolder> folders = new();
    private ConcurrentDictionary<FolderKey, SyncState> states = new();
    private StrongBox<long> latest = new();
    private long pass;

    /// <summary>The same ledger as another process would open it.</summary>
    public InMemoryItemLedger OpenElsewhere(Interruptions? elsewhere = null) =>
        new(elsewhere) { items = items, folders = folders, states = states, latest = latest, pass = latest.Value };

    public IEnumerable<LedgerEntry> All => items.Values.Select(item => item.Entry);

    public Task BeginPassAsync(CancellationToken ct) => WriteAsync(() =>
    {
        lock (latest) pass = ++latest.Value;
    }, isFenced: false);

    public async Task<IReadOnlyList<LedgerFolder>> GetFoldersAsync(CancellationToken ct)
    {
        await points.AtAsync("ledger:read");
        return [.. folders.Values];
    }

    public Task SaveFolderAsync(LedgerFolder folder, CancellationToken ct) => WriteAsync(() => folders[folder.Key] = folder);

    public Task RemoveFolderAsync(FolderKey folder, CancellationToken ct) => WriteAsync(() =>
    {
        folders.TryRemove(folder, out _);
        states.TryRemove(folder, out _);
    });

    public async Task<SyncState?> GetSyncStateAsync(FolderKey folder, CancellationToken ct)
    {
        await points.AtAsync("ledger:read");
        return states.GetValueOrDefault(folder);
    }

    public Task SaveCheckpointAsync(FolderKey folder, SyncState state, CancellationToken ct) => WriteAsync(() =>
    {
        states[folder] = state;
        Settle(folder, recorded => recorded == pass);
    });

    public IAsyncEnumerable<LedgerEntry> GetUnsettledAsync(FolderKey folder, CancellationToken ct) =>
        Entries(folder, recorded => recorded != 0 && recorded != pass);

    public Task SettleAsync(FolderKey folder, CancellationToken ct) => WriteAsync(() => Settle(folder, _ => true));

    public async Task<LedgerEntry?> FindAsync(ItemKey key, CancellationToken ct)
    {
        await points.AtAsync("ledger:read");
        return items.TryGetValue(key, out var known) ? Read(known) : null;
    }

    public IAsyncEnumerable<LedgerEntry> GetEntriesAsync(FolderKey folder, CancellationToken ct) => Entries(folder, _ => true);

    public Task RecordAsync(LedgerEntry entry, CancellationToken ct) => WriteAsync(() => items[entry.Key] = (entry, pass));

    public Task<LedgerTotals> GetTotalsAsync(CancellationToken ct)
    {
        long Count(LedgerState state) => All.Count(entry => entry.State == state);
        return Task.FromResult(new LedgerTotals(
            Count(LedgerState.Started), Count(LedgerState.Copied), Count(LedgerState.Skipped), Count(LedgerState.Deleted), folders.Count,
            All.Where(entry => entry.State == LedgerState.Copied).Sum(entry => entry.Item.Size)));
    }

    private static LedgerEntry Read((LedgerEntry Entry, long Pass) known) => known.Entry with { IsSettled = known.Pass == 0 };

    private void Settle(FolderKey folder, Func<long, bool> which)
    {
        foreach (var (key, known) in items.Where(item => item.Value.Entry.Folder == folder && which(item.Value.Pass)).ToList())
            items[key] = (known.Entry, 0);
    }

    private async IAsyncEnumerable<LedgerEntry> Entries(FolderKey folder, Func<long, bool> which)
    {
        await points.AtAsync("ledger:read");
        var found = items.Values.Where(item => item.Entry.Folder == folder && item.Entry.State != LedgerState.Deleted && which(item.Pass));
        foreach (var known in found.OrderBy(item => item.Entry.Key.Value, StringComparer.Ordinal).ToList())
            yield return Read(known);
    }

    private async Task WriteAsync(Action write, bool isFenced = true)
    {
        await points.AtAsync("ledger:before");
        if (isFenced && pass != latest.Value) throw new SupersededPassException();
        write();
        await points.AtAsync("ledger:after");
    }
}
