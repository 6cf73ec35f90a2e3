using Cutover.Core.Faults;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;
using Cutover.Core.Tests.Fakes;
using Cutover.Core.Verification;

namespace Cutover.Core.Tests.Verification;

public sealed class MailboxVerifierTests
{
    private readonly Bench bench = new();
    private readonly List<ItemKey> items = [];

    [Fact]
    public async Task A_mailbox_in_step_is_perfect()
    {
        await FillAndSyncAsync();

        var found = await bench.VerifyAsync();

        Assert.Equal(45, found.Count);
        Assert.All(found, item => Assert.Equal((VerificationOutcome.Verified, null), (item.Outcome, item.Reason)));
        Assert.Equal(DataConsistencyScore.Perfect, Sum(found).Score);
    }

    [Fact]
    public async Task A_missing_item_is_found()
    {
        await FillAndSyncAsync();
        bench.Target.Items.Remove(IdOf(items[7]), out _);

        await AssertOnlyAsync(items[7], VerificationOutcome.Missing, DataConsistencyScore.Investigate);
    }

    [Fact]
    public async Task A_doubled_item_is_found()
    {
        await FillAndSyncAsync();
        bench.Target.Items["twin"] = bench.Target.Items[IdOf(items[7])] with { Id = "twin" };

        await AssertOnlyAsync(items[7], VerificationOutcome.Duplicated, DataConsistencyScore.Investigate);
    }

    [Fact]
    public async Task A_changed_content_is_found()
    {
        await FillAndSyncAsync();
        var id = IdOf(items[7]);
        bench.Target.Items[id] = bench.Target.Items[id] with { Digest = new ContentDigest("other") };

        await AssertOnlyAsync(items[7], VerificationOutcome.Mismatched, DataConsistencyScore.Investigate);
    }

    [Fact]
    public async Task A_changed_read_state_is_found_and_weighs_little()
    {
        await FillAndSyncAsync();
        var id = IdOf(items[7]);
        bench.Target.Items[id] = bench.Target.Items[id] with { IsRead = !bench.Target.Items[id].IsRead };

        await AssertOnlyAsync(items[7], VerificationOutcome.Mismatched, DataConsistencyScore.Good);
    }

    [Fact]
    public async Task An_item_that_the_target_will_not_give_back_is_found()
    {
        await FillAndSyncAsync();
        var id = IdOf(items[7]);
        bench.Target.Items[id] = bench.Target.Items[id] with { Digest = null, ExportFault = new MigrationFault(FaultScope.Item, "ErrorCorruptData", "") };

        await AssertOnlyAsync(items[7], VerificationOutcome.Mismatched, DataConsistencyScore.Investigate);
    }

    [Fact]
    public async Task What_changed_after_the_last_sync_is_stale()
    {
        await FillAndSyncAsync();
        bench.Mailbox.Change(items[3], "changed");

        await AssertOnlyAsync(items[3], VerificationOutcome.Stale, DataConsistencyScore.Good);
    }

    [Fact]
    public async Task What_the_target_holds_in_an_older_version_is_stale()
    {
        await FillAndSyncAsync();
        var id = IdOf(items[3]);
        bench.Target.Items[id] = bench.Target.Items[id] with { Version = "0" };

        await AssertOnlyAsync(items[3], VerificationOutcome.Stale, DataConsistencyScore.Good);
    }

    [Fact]
    public async Task What_the_source_deleted_after_the_last_sync_is_stale_and_no_source_item()
    {
        await FillAndSyncAsync();
        bench.Mailbox.Delete(items[3]);

        var found = await AssertOnlyAsync(items[3], VerificationOutcome.Stale, DataConsistencyScore.Good);
        Assert.Equal(44, Sum(found).SourceItems);
    }

    [Fact]
    public async Task What_arrived_after_the_last_sync_is_missing()
    {
        await FillAndSyncAsync();
        var late = bench.Mailbox.Add(bench.Mailbox.AddFolder("Late", bench.Mailbox.Root));

        await AssertOnlyAsync(late, VerificationOutcome.Missing, DataConsistencyScore.Investigate);
    }

    [Fact]
    public async Task A_skipped_item_is_listed_with_its_reason_and_its_original()
    {
        await FillAndSyncAsync();
        var bad = bench.Mailbox.Add(bench.Mailbox.Inbox, "bad");
        bench.Points.Fault = point => point == "upload:before" ? new MigrationFault(FaultScope.Item, "Too large.", "Ask the user.") : null;
        await bench.SyncAsync();

        var found = await AssertOnlyAsync(bad, VerificationOutcome.Skipped, DataConsistencyScore.Investigate);
        var skipped = found.Single(item => item.Item.Key == bad);
        Assert.Equal(("Too large. Ask the user.", $"kept-aside/{bad}"), (skipped.Reason, skipped.KeptAside));
    }

    [Fact]
    public async Task Mail_that_did_not_come_through_Cutover_is_not_judged()
    {
        await FillAndSyncAsync();
        var folder = bench.Target.Items[IdOf(items[0])].Folder;
        bench.Target.Items["delivered"] = new FakeMailboxTarget.Item("delivered", "ck", folder, null, null, null, false);

        Assert.Equal(DataConsistencyScore.Perfect, Sum(await bench.VerifyAsync()).Score);
    }

    [Fact]
    public async Task The_ledger_is_not_believed()
    {
        await FillAndSyncAsync();
        var entry = (await bench.Ledger.FindAsync(items[0], default))!;
        await bench.Ledger.RecordAsync(entry with { State = LedgerState.Copied, Digest = new ContentDigest("made up") }, default);

        await AssertOnlyAsync(items[0], VerificationOutcome.Mismatched, DataConsistencyScore.Investigate);
    }

    [Fact]
    public async Task A_passing_fault_while_reading_back_is_tried_again()
    {
        await FillAndSyncAsync();
        var failures = 0;
        bench.Points.Fault = point => point is "export:before" or "list:after" && failures++ % 2 == 0
            ? new MigrationFault(FaultScope.Endpoint, "Busy", "") { IsTransient = true }
            : null;

        Assert.Equal(DataConsistencyScore.Perfect, Sum(await bench.VerifyAsync()).Score);
    }

    [Theory]
    [InlineData(1000, 0, 0, DataConsistencyScore.Perfect)]
    [InlineData(1000, 0, 900, DataConsistencyScore.Good)]
    [InlineData(1000, 10, 0, DataConsistencyScore.Investigate)]
    [InlineData(1000, 11, 0, DataConsistencyScore.Poor)]
    [InlineData(5, 1, 0, DataConsistencyScore.Investigate)]
    [InlineData(5, 2, 0, DataConsistencyScore.Poor)]
    public void The_score_follows_the_published_rules(long items, long missing, long stale, DataConsistencyScore expected) =>
        Assert.Equal(expected, (VerificationTotals.None with { SourceItems = items, Missing = missing, Stale = stale }).Score);

    private async Task FillAndSyncAsync()
    {
        var folder = bench.Mailbox.AddFolder("Projecten / 2026", bench.Mailbox.Inbox);
        for (var number = 0; number < 45; number++)
            items.Add(bench.Mailbox.Add(number % 3 == 0 ? folder : bench.Mailbox.Inbox, $"Mail {number}", number % 2 == 0));
        await bench.SyncAsync();
    }

    private string IdOf(ItemKey key) => bench.Target.Items.Values.Single(item => item.Key == key).Id;

    private async Task<IReadOnlyList<VerifiedItem>> AssertOnlyAsync(ItemKey key, VerificationOutcome outcome, DataConsistencyScore score)
    {
        var found = await bench.VerifyAsync();
        var finding = Assert.Single(found, item => item.Outcome != VerificationOutcome.Verified);
        Assert.Equal((key, outcome), (finding.Item.Key, finding.Outcome));
        Assert.NotNull(finding.Reason);
        Assert.Equal(score, Sum(found).Score);
        return found;
    }

    private static VerificationTotals Sum(IEnumerable<VerifiedItem> found) => found.Aggregate(VerificationTotals.None, (sum, item) => sum + item.Totals);
}
