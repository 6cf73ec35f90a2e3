using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;

namespace Cutover.Orchestrator.Tests.Storage;

/// <summary>What every ledger must do: the definition of done for a new storage.</summary>
public abstract class ItemLedgerContract
{
    private static readonly FolderKey Inbox = new("inbox");
    private static readonly FolderKey Other = new("other");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The same ledger again, as another process would open it.</summary>
    protected abstract Task<IItemLedger> OpenAsync(string mailbox = "a");

    [Fact]
    public async Task An_entry_is_read_back_as_it_was_recorded()
    {
        var ledger = await OpenAsync();
        await ledger.BeginPassAsync(Ct);
        var entry = new LedgerEntry(
            Inbox, new ItemInfo(new ItemKey("k1"), "v7", true, "IPM.Appointment", "Overleg 📅 'x'", new DateTimeOffset(2026, 3, 1, 12, 30, 15, 123, TimeSpan.FromHours(2)), 4711),
            LedgerState.Skipped, new TargetItem("id", "ck"), new ContentDigest("ab"), "because", "kept/aside");

        await ledger.RecordAsync(entry, Ct);

        Assert.Equal(entry, await (await OpenAsync()).FindAsync(entry.Key, Ct));
    }

    [Fact]
    public async Task An_entry_with_nothing_optional_is_read_back_too()
    {
        var ledger = await OpenAsync();
        await ledger.BeginPassAsync(Ct);
        var entry = new LedgerEntry(Inbox, new ItemInfo(new ItemKey("k1"), "1", false, "", null, null, 0), LedgerState.Started, null, null);

        await ledger.RecordAsync(entry, Ct);

        Assert.Equal(entry, await (await OpenAsync()).FindAsync(entry.Key, Ct));
        Assert.Null(await ledger.FindAsync(new ItemKey("k2"), Ct));
    }

    [Fact]
    public async Task A_later_record_takes_the_place_of_the_earlier_one()
    {
        var ledger = await OpenAsync();
        await ledger.RecordAsync(Entry("k1", LedgerState.Started), Ct);
        await ledger.RecordAsync(Entry("k1", LedgerState.Copied), Ct);

        Assert.Equal(LedgerState.Copied, (await ledger.FindAsync(new ItemKey("k1"), Ct))!.State);
        Assert.Equal((0, 1), Counts(await ledger.GetTotalsAsync(Ct)));
    }

    [Fact]
    public async Task Records_made_side_by_side_are_all_there()
    {
        var ledger = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 2000).Select(number => ledger.RecordAsync(Entry($"k{number}"), Ct)));

        Assert.Equal((0, 2000), Counts(await (await OpenAsync()).GetTotalsAsync(Ct)));
    }

    [Fact]
    public async Task Entries_of_a_folder_leave_out_other_folders_and_the_deleted()
    {
        var ledger = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 1203).SelectMany(number =>
            new[] { ledger.RecordAsync(Entry($"k{number}"), Ct), ledger.RecordAsync(Entry($"o{number}") with { Folder = Other }, Ct) }));
        await ledger.RecordAsync(Entry("k5", LedgerState.Deleted), Ct);

        var keys = await ledger.GetEntriesAsync(Inbox, Ct).Select(entry => entry.Key.Value).ToListAsync(Ct);

        Assert.Equal(Enumerable.Range(0, 1203).Where(number => number != 5).Select(number => $"k{number}").Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Entries_may_be_recorded_while_they_are_gone_through()
    {
        var ledger = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 510).Select(number => ledger.RecordAsync(Entry($"k{number:D4}"), Ct)));

        var seen = 0;
        await foreach (var entry in ledger.GetEntriesAsync(Inbox, Ct))
        {
            seen++;
            await ledger.RecordAsync(entry with { State = LedgerState.Deleted }, Ct);
        }

        Assert.Equal(510, seen);
        Assert.Empty(await ledger.GetEntriesAsync(Inbox, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Mailboxes_know_nothing_of_each_other()
    {
        var (first, second) = (await OpenAsync("a"), await OpenAsync("b"));
        await first.RecordAsync(Entry("k1"), Ct);
        await first.SaveFolderAsync(Folder(Inbox), Ct);

        Assert.Null(await second.FindAsync(new ItemKey("k1"), Ct));
        Assert.Empty(await second.GetFoldersAsync(Ct));
    }

    [Fact]
    public async Task A_pass_that_a_later_one_superseded_changes_nothing_any_more()
    {
        var earlier = await OpenAsync();
        await earlier.BeginPassAsync(Ct);
        await earlier.SaveFolderAsync(Folder(Inbox), Ct);
        await earlier.RecordAsync(Entry("k1", LedgerState.Started), Ct);
        var later = await OpenAsync();
        await later.BeginPassAsync(Ct);

        foreach (var late in new Func<Task>[]
        {
            () => earlier.RecordAsync(Entry("k1"), Ct), () => earlier.SaveFolderAsync(Folder(Other), Ct), () => earlier.RemoveFolderAsync(Inbox, Ct),
            () => earlier.SaveCheckpointAsync(Inbox, new SyncState(new byte[] { 1 }), Ct), () => earlier.SettleAsync(Inbox, Ct),
        })
            await Assert.ThrowsAsync<SupersededPassException>(late);

        Assert.Equal(LedgerState.Started, (await later.FindAsync(new ItemKey("k1"), Ct))!.State);
        Assert.Equal([Folder(Inbox)], await later.GetFoldersAsync(Ct));
        Assert.Null(await later.GetSyncStateAsync(Inbox, Ct));
        await later.RecordAsync(Entry("k1"), Ct);
    }

    [Fact]
    public async Task Folders_are_read_back_replaced_and_removed()
    {
        var ledger = await OpenAsync();
        await ledger.SaveFolderAsync(Folder(Inbox) with { Target = null, IsInDoubt = true }, Ct);
        await ledger.SaveFolderAsync(Folder(Other) with { Folder = Folder(Other).Folder with { Parent = Inbox, Name = "a/b 📁" } }, Ct);
        Assert.Contains(Folder(Inbox) with { Target = null, IsInDoubt = true }, await (await OpenAsync()).GetFoldersAsync(Ct));

        await ledger.SaveFolderAsync(Folder(Inbox), Ct);
        await ledger.RemoveFolderAsync(Other, Ct);

        Assert.Equal([Folder(Inbox)], await (await OpenAsync()).GetFoldersAsync(Ct));
    }

    [Fact]
    public async Task A_checkpoint_stays_when_its_folder_is_renamed_and_goes_when_it_is_removed()
    {
        var ledger = await OpenAsync();
        await ledger.SaveFolderAsync(Folder(Inbox), Ct);
        Assert.Null(await ledger.GetSyncStateAsync(Inbox, Ct));
        await ledger.SaveCheckpointAsync(Inbox, new SyncState(new byte[] { 1, 2, 3 }), Ct);
        await ledger.SaveFolderAsync(Folder(Inbox) with { Folder = Folder(Inbox).Folder with { Name = "Renamed" } }, Ct);

        Assert.Equal([1, 2, 3], (await (await OpenAsync()).GetSyncStateAsync(Inbox, Ct))!.Value.ToArray());

        await ledger.RemoveFolderAsync(Inbox, Ct);
        await ledger.SaveFolderAsync(Folder(Inbox), Ct);
        Assert.Null(await ledger.GetSyncStateAsync(Inbox, Ct));
    }

    [Fact]
    public async Task What_no_checkpoint_covered_is_unsettled_in_the_next_pass()
    {
        var ledger = await OpenAsync();
        await ledger.SaveFolderAsync(Folder(Inbox), Ct);
        await ledger.BeginPassAsync(Ct);
        await ledger.RecordAsync(Entry("covered"), Ct);
        await ledger.SaveCheckpointAsync(Inbox, new SyncState(new byte[] { 1 }), Ct);
        await ledger.RecordAsync(Entry("uncovered"), Ct);
        await ledger.RecordAsync(Entry("seen again"), Ct);
        await ledger.RecordAsync(Entry("deleted", LedgerState.Deleted), Ct);
        Assert.Empty(await ledger.GetUnsettledAsync(Inbox, Ct).ToListAsync(Ct));

        ledger = await OpenAsync();
        await ledger.BeginPassAsync(Ct);
        await ledger.RecordAsync(Entry("seen again"), Ct);

        Assert.Equal("uncovered", Assert.Single(await ledger.GetUnsettledAsync(Inbox, Ct).ToListAsync(Ct)).Key.Value);
        Assert.True((await ledger.FindAsync(new ItemKey("covered"), Ct))!.IsSettled);
        Assert.False((await ledger.FindAsync(new ItemKey("uncovered"), Ct))!.IsSettled);

        await ledger.SaveCheckpointAsync(Inbox, new SyncState(new byte[] { 2 }), Ct);
        Assert.Equal("uncovered", Assert.Single(await ledger.GetUnsettledAsync(Inbox, Ct).ToListAsync(Ct)).Key.Value);
        await ledger.SettleAsync(Inbox, Ct);
        Assert.Empty(await ledger.GetUnsettledAsync(Inbox, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Totals_count_by_state()
    {
        var ledger = await OpenAsync();
        await ledger.SaveFolderAsync(Folder(Inbox), Ct);
        foreach (var (state, number) in Enum.GetValues<LedgerState>().SelectMany(state => Enumerable.Range(0, (int)state + 1).Select(number => (state, number))))
            await ledger.RecordAsync(Entry($"{state}{number}", state), Ct);

        Assert.Equal(new LedgerTotals(1, 2, 3, 4, 1, 20), await ledger.GetTotalsAsync(Ct));
    }

    private static (long Started, long Copied) Counts(LedgerTotals totals) => (totals.Started, totals.Copied);

    private static LedgerFolder Folder(FolderKey key) =>
        new(new MailboxFolder(key, null, key.Value, FolderRole.Inbox, "IPF.Note", 12), new TargetFolderId($"target of {key}"));

    private static LedgerEntry Entry(string key, LedgerState state = LedgerState.Copied) => new(
        Inbox, new ItemInfo(new ItemKey(key), "1", false, "IPM.Note", "Subject", DateTimeOffset.UnixEpoch, 10), state, new TargetItem($"id {key}", "ck"), new ContentDigest("00"));
}
