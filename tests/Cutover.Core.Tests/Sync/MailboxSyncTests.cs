using Cutover.Core.Faults;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;
using Cutover.Core.Tests.Fakes;
using Cutover.Core.Verification;

namespace Cutover.Core.Tests.Sync;

public sealed class MailboxSyncTests
{
    private readonly Bench bench = new();

    private FakeMailbox Mailbox => bench.Mailbox;

    [Fact]
    public async Task Every_item_of_every_folder_is_copied_once()
    {
        var projects = Mailbox.AddFolder("Projecten / 2026 📁", Mailbox.Inbox);
        Fill(Mailbox.Inbox, 20);
        Fill(projects, 3);

        var pass = await bench.SyncAsync();

        bench.AssertInStep();
        Assert.Equal((23, 0, 0), (pass.Created, pass.Replaced, pass.Skipped));
        Assert.Equal(23, bench.Target.Uploads);
    }

    [Fact]
    public async Task An_item_that_does_not_arrive_whole_is_copied_kept_aside_and_found_again_by_verification()
    {
        bench.Target.Loss = "Its colours were lost.";
        var key = Mailbox.Add(Mailbox.Inbox, "content");

        var pass = await bench.SyncAsync();
        Mailbox.SetRead(key, true);
        await bench.SyncAsync();

        var entry = await bench.Ledger.FindAsync(key, TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (pass.Created, pass.Skipped));
        Assert.Equal((LedgerState.Copied, "Its colours were lost.", $"kept-aside/{key}"), (entry!.State, entry.Reason, entry.KeptAside));
        Assert.Equal("content", Assert.Single(bench.KeptAside).Value);
        var id = Assert.Single(bench.Target.Items).Key;
        bench.Target.Items[id] = bench.Target.Items[id] with { Digest = new ContentDigest("other") };
        var verified = Assert.Single(await bench.VerifyAsync());
        Assert.Equal((VerificationOutcome.Mismatched, $"kept-aside/{key}"), (verified.Outcome, verified.KeptAside));
        Assert.Contains("Its colours were lost.", verified.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_lost_is_known_and_the_item_kept_aside_also_where_the_answer_got_lost()
    {
        bench.Target.Loss = "Its colours were lost.";
        var lost = false;
        bench.Points.Fault = point => point == "upload:after" && !lost && (lost = true) ? LostAnswer() : null;
        var key = Mailbox.Add(Mailbox.Inbox, "content");

        await bench.SyncAsync();

        var entry = await bench.Ledger.FindAsync(key, TestContext.Current.CancellationToken);
        Assert.True(lost);
        Assert.Equal((LedgerState.Copied, "Its colours were lost.", $"kept-aside/{key}"), (entry!.State, entry.Reason, entry.KeptAside));
        Assert.Equal(1, bench.Target.Uploads);
    }

    [Fact]
    public async Task A_pass_with_nothing_new_asks_nothing_of_the_target()
    {
        Fill(Mailbox.Inbox, 10);
        await bench.SyncAsync();
        var requests = bench.Target.Requests;

        var pass = await bench.SyncAsync();

        Assert.Equal(0, pass.Changes);
        Assert.Equal(requests, bench.Target.Requests);
    }

    [Fact]
    public async Task New_changed_moved_deleted_and_read_items_are_carried()
    {
        var archive = Mailbox.AddFolder("Archief", Mailbox.Root);
        var items = Fill(Mailbox.Inbox, 10);
        await bench.SyncAsync();

        Mailbox.Add(Mailbox.Inbox, "new");
        Mailbox.Change(items[0], "changed");
        Mailbox.Move(items[1], archive);
        Mailbox.Delete(items[2]);
        Mailbox.SetRead(items[4], true);
        var pass = await bench.SyncAsync();

        bench.AssertInStep();
        Assert.Equal((2, 1, 2, 1), (pass.Created, pass.Replaced, pass.Deleted, pass.ReadStates));
    }

    [Fact]
    public async Task A_changed_item_is_replaced_and_keeps_its_id()
    {
        var item = Mailbox.Add(Mailbox.Inbox);
        await bench.SyncAsync();
        var before = Assert.Single(bench.Target.Items.Keys);

        Mailbox.Change(item, "changed");
        await bench.SyncAsync();

        Assert.Equal(before, Assert.Single(bench.Target.Items.Keys));
        bench.AssertInStep();
    }

    [Fact]
    public async Task Renamed_moved_and_deleted_folders_are_followed()
    {
        var renamed = Mailbox.AddFolder("Old name", Mailbox.Root);
        var moved = Mailbox.AddFolder("Moved", Mailbox.Inbox);
        var deleted = Mailbox.AddFolder("Deleted", Mailbox.Root);
        var below = Mailbox.AddFolder("Below", deleted);
        foreach (var folder in new[] { renamed, moved, deleted, below })
            Fill(folder, 3);
        await bench.SyncAsync();

        Mailbox.Folders[renamed] = Mailbox.Folders[renamed] with { Name = "New name" };
        Mailbox.Folders[moved] = Mailbox.Folders[moved] with { Parent = renamed };
        Mailbox.RemoveFolder(deleted);
        await bench.SyncAsync();

        bench.AssertInStep();
        Assert.Equal(12, bench.Target.Uploads);
    }

    [Fact]
    public async Task A_folder_that_holds_something_else_by_now_stays()
    {
        var folder = Mailbox.AddFolder("Shared with the target's users", Mailbox.Root);
        Mailbox.Add(folder);
        await bench.SyncAsync();
        var counterpart = bench.Target.Folders.Values.Single(other => other.Name.StartsWith("Shared", StringComparison.Ordinal));
        bench.Target.Items["foreign"] = new FakeMailboxTarget.Item("foreign", "ck", counterpart.Id, null, null, null, false);

        Mailbox.RemoveFolder(folder);
        await bench.SyncAsync();

        Assert.Equal("foreign", Assert.Single(bench.Target.Items.Keys));
        Assert.Contains(counterpart.Id, bench.Target.Folders.Keys);
    }

    [Fact]
    public async Task A_lost_answer_after_the_commit_makes_no_duplicate()
    {
        Fill(Mailbox.Inbox, 10);
        var lost = 0;
        bench.Points.Fault = point => point == "upload:after" && Interlocked.Increment(ref lost) % 3 == 1 ? LostAnswer() : null;

        await bench.SyncAsync();

        bench.AssertInStep();
        Assert.Equal(10, bench.Target.Uploads);
    }

    [Fact]
    public async Task A_lost_answer_to_a_replacement_is_found_again()
    {
        var item = Mailbox.Add(Mailbox.Inbox);
        await bench.SyncAsync();
        Mailbox.Change(item, "changed");
        var lost = false;
        bench.Points.Fault = point => point == "upload:after" && !lost && (lost = true) ? LostAnswer() : null;

        await bench.SyncAsync();

        bench.AssertInStep();
        Assert.Equal(2, bench.Target.Uploads);
    }

    [Fact]
    public async Task A_refused_item_is_kept_aside_with_its_reason_and_the_mailbox_goes_on()
    {
        Fill(Mailbox.Inbox, 5);
        var poisoned = Mailbox.Add(Mailbox.Inbox, "poison");
        Fill(Mailbox.Inbox, 5);
        bench.Points.Fault = point => point == "upload:before" && bench.Ledger.All.Any(entry => entry.Key == poisoned && entry.State == LedgerState.Started)
            ? new MigrationFault(FaultScope.Item, "The target refused it (ErrorCorruptData).", "Look at the original.")
            : null;

        await bench.SyncAsync();

        var skipped = Assert.Single(bench.Ledger.All, entry => entry.Key == poisoned);
        Assert.Equal(LedgerState.Skipped, skipped.State);
        Assert.Contains("ErrorCorruptData", skipped.Reason, StringComparison.Ordinal);
        Assert.Equal("poison", bench.KeptAside[poisoned]);
        Assert.Equal(Mailbox.Items.Count, bench.Ledger.All.Count(entry => entry.State is LedgerState.Copied or LedgerState.Skipped));
    }

    [Fact]
    public async Task A_transient_item_fault_is_tried_again_before_the_item_is_skipped()
    {
        Mailbox.Add(Mailbox.Inbox);
        var failures = 0;
        bench.Points.Fault = point => point == "upload:before" && failures++ < 2
            ? new MigrationFault(FaultScope.Item, "Busy", "") { IsTransient = true }
            : null;

        var pass = await bench.SyncAsync();

        Assert.Equal((1, 0), (pass.Created, pass.Skipped));
    }

    [Fact]
    public async Task An_item_that_the_source_cannot_read_costs_only_itself()
    {
        var items = Fill(Mailbox.Inbox, 4);
        bench.Source.UnreadableItems[items[1]] = new MigrationFault(FaultScope.Item, "The message is damaged.", "");

        var pass = await bench.SyncAsync();

        Assert.Equal((3, 1), (pass.Created, pass.Skipped));
        Assert.Equal("The message is damaged.", (await bench.Ledger.FindAsync(items[1], default))!.Reason);
    }

    [Fact]
    public async Task A_read_state_that_cannot_be_set_stops_nothing()
    {
        var items = Fill(Mailbox.Inbox, 3);
        await bench.SyncAsync();
        Mailbox.SetRead(items[0], true);
        Mailbox.Change(items[1], "changed");
        bench.Points.Fault = point => point == "read:before" ? new MigrationFault(FaultScope.Item, "Not today", "") : null;

        var pass = await bench.SyncAsync();

        Assert.Equal((1, 0), (pass.Replaced, pass.ReadStates));
        Assert.Contains("Not today", (await bench.Ledger.FindAsync(items[0], default))!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultScope.Mailbox)]
    [InlineData(FaultScope.Operator)]
    public async Task A_wider_fault_ends_the_pass_and_leaves_nothing_behind(FaultScope scope)
    {
        Fill(Mailbox.Inbox, 10);
        var calls = 0;
        bench.Points.Fault = point => point == "upload:before" && ++calls == 4 ? new MigrationFault(scope, "Broken", "") : null;

        await Assert.ThrowsAsync<MigrationFault>(bench.SyncAsync);
        Assert.Equal(0, Mailbox.OpenItems);
        await bench.SyncAsync();

        bench.AssertInStep();
        Assert.Equal(10, bench.Target.Uploads);
    }

    [Fact]
    public async Task An_item_deleted_at_the_source_while_its_upload_is_in_doubt_ends_deleted()
    {
        var item = Mailbox.Add(Mailbox.Inbox);
        bench.Points.Fault = point => point == "upload:after" ? new MigrationFault(FaultScope.Operator, "Gone", "") { OutcomeUnknown = true } : null;
        await Assert.ThrowsAsync<MigrationFault>(bench.SyncAsync);
        Assert.Single(bench.Target.Items);

        bench.Points.Fault = _ => null;
        Mailbox.Delete(item);
        await bench.SyncAsync();

        Assert.Empty(bench.Target.Items);
        Assert.Equal(LedgerState.Deleted, (await bench.Ledger.FindAsync(item, default))!.State);
    }

    [Fact]
    public async Task As_much_as_the_target_allows_is_asked_at_once_and_no_more()
    {
        Fill(Mailbox.Inbox, 50);
        var limit = bench.Target.Capabilities.MaxConcurrentRequests;
        var full = new TaskCompletionSource();
        bench.Points.Pause = point =>
        {
            if (bench.Target.MostAtOnce == limit)
                full.TrySetResult();
            return point == "upload:before" ? full.Task : Task.CompletedTask;
        };

        await bench.SyncAsync();

        Assert.Equal(limit, bench.Target.MostAtOnce);
    }

    [Fact]
    public async Task Progress_ends_where_the_source_counts()
    {
        Fill(Mailbox.Inbox, 12);

        await bench.SyncAsync();

        Assert.Equal((12, 12, null), (bench.Progress!.ItemsTotal, bench.Progress.ItemsDone, bench.Progress.Folder));
    }

    private List<ItemKey> Fill(FolderKey folder, int count) =>
        [.. Enumerable.Range(1, count).Select(number => Mailbox.Add(folder, $"Mail {number}", number % 2 == 0))];

    private static MigrationFault LostAnswer() =>
        new(FaultScope.Endpoint, "The connection was lost before the answer came.", "") { OutcomeUnknown = true, IsTransient = true };
}
