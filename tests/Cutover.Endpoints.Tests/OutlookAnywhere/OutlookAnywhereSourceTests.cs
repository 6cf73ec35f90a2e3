using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

public sealed class OutlookAnywhereSourceTests : IDisposable
{
    private readonly SourceLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public async Task Folders_come_parents_first_with_their_roles_whatever_their_names()
    {
        var project = lab.Anna.CreateFolder(lab.Inbox, "Noord/Zuid 📌", "IPF.Note");
        lab.Anna.CreateFolder(project, "Offertes", "IPF.Note");
        lab.FillInbox(3);
        await using var source = await lab.OpenAsync();
        var folders = await source.GetFoldersAsync(default).ToListAsync();
        Assert.Equal(FolderRole.Root, folders[0].Role);
        Assert.Null(folders[0].Parent);
        Assert.All(folders.Skip(1), folder => Assert.Contains(folders.TakeWhile(other => other != folder), other => other.Key == folder.Parent));
        Assert.Equal(
            [FolderRole.Root, FolderRole.Inbox, FolderRole.SentItems, FolderRole.DeletedItems, FolderRole.Drafts, FolderRole.Outbox, FolderRole.JunkEmail,
                FolderRole.Calendar, FolderRole.Contacts, FolderRole.Tasks, FolderRole.Notes, FolderRole.Journal],
            folders.Select(folder => folder.Role).Where(role => role is not (FolderRole.None or FolderRole.Archive)).Order());
        var inbox = Assert.Single(folders, folder => folder.Role == FolderRole.Inbox);
        Assert.Equal(("Postvak IN", 3L, lab.InboxKey), (inbox.Name, inbox.ItemCount, inbox.Key));
        Assert.Equal(inbox.Key, Assert.Single(folders, folder => folder.Name == "Noord/Zuid 📌").Parent);
    }

    [Fact]
    public async Task The_size_is_that_of_everything_in_the_mailbox()
    {
        lab.FillInbox(7);
        await using var source = await lab.OpenAsync();

        var size = await source.GetSizeAsync(default);

        Assert.True(size > 0);
        Assert.Equal(lab.Anna.Folders.Sum(folder => lab.Anna.Messages(folder.Id).Sum(message => (long)message.Size)), size);
    }

    [Fact]
    public async Task Every_item_comes_once_with_its_content_and_a_checkpoint_at_the_end()
    {
        var messages = lab.FillInbox(30);
        await using var source = await lab.OpenAsync();
        var run = await RunAsync(source, since: null);
        Assert.Equal(messages.Select(lab.KeyOf), run.Items.Select(item => item.Info.Key));
        Assert.Equal(messages.Select(message => lab.Anna.FindMessage(message)!.IsRead), run.Items.Select(item => item.Info.IsRead));
        Assert.Equal("Message 1", run.Items[0].Info.Subject);
        Assert.NotNull(run.State);
        for (var i = 0; i < messages.Count; i++) Assert.Equal(DigestOf(messages[i]), run.Items[i].Digest);
    }

    [Fact]
    public async Task An_item_stream_holds_the_whole_item_stamped_with_key_and_version()
    {
        var message = lab.Anna.SaveMessage(lab.Inbox, SourceLab.Message("With figures", attachmentSize: 40_000), isRead: true);
        await using var source = await lab.OpenAsync();
        await foreach (var change in source.GetChangesAsync(lab.InboxKey, null, default))
        {
            if (change is not Upserted { Item: var item }) continue;
            for (var time = 0; time < 2; time++)
            {
                await using var stream = await item.OpenAsync(default);
                Assert.Equal(item.StreamLength, stream.Length);
                var digest = await ItemDigest.ReadAsync(stream, default);
                Assert.Equal(item.Digest, digest.Complete());
                Assert.Equal((item.Info.Key.Value, item.Info.Version), (digest.SourceKey, digest.SourceVersion));
            }
            Assert.Equal(DigestOf(message), item.Digest);
            await item.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_large_item_goes_through_a_file_that_leaves_no_trace()
    {
        var message = lab.Anna.SaveMessage(lab.Inbox, SourceLab.Message("Large", attachmentSize: 3_000_000), isRead: true);
        await using var source = await lab.OpenAsync();
        var run = await RunAsync(source, since: null);
        Assert.Equal(DigestOf(message), Assert.Single(run.Items).Digest);
        Assert.Empty(Directory.GetFiles(lab.SpoolDirectory));
    }

    [Fact]
    public async Task A_second_run_brings_nothing()
    {
        lab.FillInbox(12);
        await using var source = await lab.OpenAsync();
        var first = await RunAsync(source, since: null);
        var second = await RunAsync(source, first.State);
        Assert.Empty(second.Items);
        Assert.Empty(second.Others);
        Assert.NotNull(second.State);
    }

    [Fact]
    public async Task New_changed_moved_deleted_and_read_items_come_as_what_they_are()
    {
        var messages = lab.FillInbox(8);
        var other = lab.Anna.CreateFolder(lab.Inbox, "Archief", "IPF.Note");
        await using var source = await lab.OpenAsync();
        var first = await RunAsync(source, since: null);

        var added = lab.Anna.SaveMessage(lab.Inbox, SourceLab.Message("New"), isRead: false);
        lab.Anna.UpdateMessage(messages[0], SourceLab.Message("Changed"));
        lab.Anna.SetReadState(messages[2], true);
        lab.Anna.SetReadState(messages[3], false);
        lab.Anna.DeleteMessage(messages[4]);
        var moved = lab.Anna.MoveMessage(messages[5], other);

        var second = await RunAsync(source, first.State);
        Assert.Equal([lab.KeyOf(messages[0]), lab.KeyOf(added)], second.Items.Select(item => item.Info.Key).OrderBy(key => key.Value));
        var gone = Assert.Single(second.Others.OfType<Deleted>()).Items;
        Assert.Equal([4, 5], Enumerable.Range(0, 8).Where(i => gone.Contains(lab.KeyOf(messages[i]))));
        var read = Assert.Single(second.Others.OfType<ReadStateChanged>(), change => change.IsRead).Items;
        var unread = Assert.Single(second.Others.OfType<ReadStateChanged>(), change => !change.IsRead).Items;
        Assert.Equal([2], Enumerable.Range(0, 8).Where(i => read.Contains(lab.KeyOf(messages[i]))));
        Assert.Equal([3], Enumerable.Range(0, 8).Where(i => unread.Contains(lab.KeyOf(messages[i]))));
        var elsewhere = await RunAsync(source, null, new FolderKey($"{lab.Anna.ReplicaGuid:N}-{other:x12}"));
        Assert.Equal(lab.KeyOf(moved), Assert.Single(elsewhere.Items).Info.Key);
    }

    [Fact]
    public async Task The_contents_table_gives_the_versions_that_the_synchronisation_gave()
    {
        lab.FillInbox(400);
        await using var source = await lab.OpenAsync();
        var run = await RunAsync(source, since: null);
        var items = await source.GetItemsAsync(lab.InboxKey, default).ToListAsync();
        Assert.Equal(
            run.Items.Select(item => (item.Info.Key, item.Info.Version, item.Info.IsRead, item.Info.Subject)).OrderBy(item => item.Key.Value),
            items.Select(item => (item.Key, item.Version, item.IsRead, item.Subject)).OrderBy(item => item.Key.Value));
    }

    [Fact]
    public async Task A_cancelled_reading_ends_as_cancelled()
    {
        lab.FillInbox(200);
        await using var source = await lab.OpenAsync();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var change in source.GetChangesAsync(lab.InboxKey, null, cancel.Token))
            {
                if (change is Upserted { Item: var item }) await item.DisposeAsync();
                await cancel.CancelAsync();
            }
        });
        Assert.Equal(200, (await RunAsync(source, since: null)).Items.Count);
    }

    [Fact]
    public async Task A_read_mark_changes_no_version()
    {
        var message = lab.FillInbox(1)[0];
        await using var source = await lab.OpenAsync();
        var before = await source.GetItemsAsync(lab.InboxKey, default).SingleAsync();
        lab.Anna.SetReadState(message, !before.IsRead);
        var after = await source.GetItemsAsync(lab.InboxKey, default).SingleAsync();
        Assert.Equal((before.Version, !before.IsRead), (after.Version, after.IsRead));
    }

    [Fact]
    public async Task A_cut_connection_goes_on_from_the_last_checkpoint_without_loss()
    {
        lab.MaximumOutput = EmsmdbInterface.MaximumOutput;
        var messages = lab.FillInbox(350);
        var connections = 0;
        await using var source = await lab.OpenAsync(() =>
            new InProcessRpcClient(lab.Server, SourceLab.Administrator, callsUntilCut: ++connections == 1 ? 4 : int.MaxValue));
        SyncState? state = null;
        var finished = new List<ItemKey>();
        var sinceCheckpoint = new List<ItemKey>();
        var fault = await Assert.ThrowsAsync<MigrationFault>(async () =>
        {
            await foreach (var change in source.GetChangesAsync(lab.InboxKey, null, default))
            {
                if (change is Upserted { Item: var item }) await TakeAsync(item, sinceCheckpoint);
                if (change is not Checkpoint { State: var reached }) continue;
                state = reached;
                finished.AddRange(sinceCheckpoint);
                sinceCheckpoint.Clear();
            }
        });
        Assert.Equal((FaultScope.Mailbox, true), (fault.Scope, fault.IsTransient));
        Assert.NotEmpty(finished);
        var rest = await RunAsync(source, state);
        Assert.Equal(2, connections);
        Assert.Equal(messages.Select(lab.KeyOf), finished.Concat(rest.Items.Select(item => item.Info.Key)));
        Assert.Empty(rest.Others.OfType<Deleted>());
        Assert.Empty((await RunAsync(source, rest.State)).Items);
    }

    [Fact]
    public async Task A_connection_that_is_used_up_is_replaced_in_the_middle_of_a_folder()
    {
        lab.MaximumOutput = EmsmdbInterface.MaximumOutput;
        var messages = lab.FillInbox(250);
        var connections = 0;
        await using var source = await lab.OpenAsync(() =>
        {
            connections++;
            return new InProcessRpcClient(lab.Server, SourceLab.Administrator) { CallsOfLife = 4 };
        });
        var run = await RunAsync(source, since: null);
        Assert.True(connections > 1);
        Assert.Equal(messages.Select(lab.KeyOf), run.Items.Select(item => item.Info.Key));
        Assert.Empty((await RunAsync(source, run.State)).Items);
    }

    [Fact]
    public async Task A_reader_that_stops_early_can_go_on_with_the_same_connection()
    {
        lab.FillInbox(300);
        await using var source = await lab.OpenAsync();
        await foreach (var change in source.GetChangesAsync(lab.InboxKey, null, default))
        {
            if (change is Upserted { Item: var item })
            {
                await item.DisposeAsync();
                break;
            }
        }
        Assert.Equal(300, (await RunAsync(source, since: null)).Items.Count);
        Assert.Equal(1, lab.Server.Sessions);
    }

    [Fact]
    public async Task A_damaged_message_costs_itself_only()
    {
        var messages = lab.FillInbox(5);
        lab.Anna.MarkDamaged(messages[2], MessageDamage.Whole);
        await using var source = await lab.OpenAsync();
        var run = await RunAsync(source, since: null);
        Assert.Equal(4, run.Items.Count);
        var unreadable = Assert.Single(run.Others.OfType<Unreadable>());
        Assert.Equal((lab.KeyOf(messages[2]), FaultScope.Item, false), (unreadable.Item.Key, unreadable.Fault.Scope, unreadable.Fault.IsTransient));
    }

    [Fact]
    public async Task An_administrator_without_rights_is_refused_and_told_what_to_grant()
    {
        lab.Anna.DenyFullAccess(SourceLab.Administrator.LegacyExchangeDN);
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => lab.OpenAsync());
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("no right to open the mailbox anna@contoso.com", fault.Message);
        Assert.Contains("FullAccess", fault.NextStep);
        Assert.Equal(0, lab.Server.Sessions);
    }

    [Fact]
    public async Task An_account_without_a_mailbox_is_told_so()
    {
        var stranger = new LabAccount("stranger", "stranger@contoso.com", "", "/o=Contoso/cn=nobody", HasFullAccessToAll: true);
        var fault = await Assert.ThrowsAsync<MigrationFault>(() =>
            lab.OpenAsync(() => new InProcessRpcClient(lab.Server, SourceLab.Administrator), stranger));
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("does not know the migration account", fault.Message);
    }

    [Fact]
    public async Task A_full_server_pauses_the_endpoint()
    {
        lab.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "RopSynchronizationConfigure"));
        lab.FillInbox(1);
        await using var source = await lab.OpenAsync();
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => RunAsync(source, since: null));
        Assert.Equal((FaultScope.Endpoint, true), (fault.Scope, fault.IsTransient));
        Assert.Single((await RunAsync(source, since: null)).Items);
    }

    [Fact]
    public async Task A_server_that_forgot_the_session_is_asked_again_over_another_one()
    {
        lab.FillInbox(2);
        await using var source = await lab.OpenAsync();
        lab.Server.DropSessions();
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => RunAsync(source, since: null));
        Assert.Equal((FaultScope.Mailbox, true), (fault.Scope, fault.IsTransient));
        Assert.Equal(2, (await RunAsync(source, since: null)).Items.Count);
    }

    [Fact]
    public async Task An_unknown_folder_or_state_is_refused()
    {
        await using var source = await lab.OpenAsync();
        await Assert.ThrowsAsync<MigrationFault>(() => RunAsync(source, null, new FolderKey("nonsense")));
        await Assert.ThrowsAsync<MigrationFault>(() => RunAsync(source, new SyncState(new byte[] { 9, 9 })));
    }

    [Fact]
    public async Task Round_trips_are_counted_and_few()
    {
        lab.FillInbox(100);
        await using var source = await lab.OpenAsync();
        var opened = source.RoundTrips;
        await RunAsync(source, since: null);
        Assert.InRange(source.RoundTrips - opened, 1, 2);
    }

    /// <summary>The digest of a message as the store holds it.</summary>
    private ContentDigest DigestOf(long message)
    {
        var digest = new ItemDigest();
        MapiMessageWriter.Write(digest, lab.Anna.ReadMessage(message));
        return digest.Complete();
    }

    private static async Task TakeAsync(MailboxItem item, List<ItemKey> keys)
    {
        keys.Add(item.Info.Key);
        await item.DisposeAsync();
    }

    private async Task<Run> RunAsync(IMailboxSource source, SyncState? since, FolderKey? folder = null)
    {
        var run = new Run();
        await foreach (var change in source.GetChangesAsync(folder ?? lab.InboxKey, since, default))
        {
            if (change is Upserted { Item: var item })
            {
                run.Items.Add((item.Info, item.Digest));
                await item.DisposeAsync();
            }
            else if (change is Checkpoint { State: var state }) run.State = state;
            else run.Others.Add(change);
        }
        return run;
    }

    private sealed class Run
    {
        public List<(ItemInfo Info, ContentDigest Digest)> Items { get; } = [];

        public List<FolderChange> Others { get; } = [];

        public SyncState? State { get; set; }
    }
}
