using Cutover.Core.Batches;
using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Core.Reporting;
using Cutover.Core.Verification;
using Cutover.Orchestrator.Hosting;
using Cutover.Orchestrator.Tests.Storage;
using Cutover.Tests;

namespace Cutover.Orchestrator.Tests.Hosting;

/// <summary>The engine on each database.</summary>
public abstract class MigrationServiceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_runs_to_Synced_is_kept_in_step_verified_and_removed()
    {
        var contoso = new FakeOrganisation(mailboxCount: 8, items: 25);
        await using var host = await StartAsync(contoso);
        var (service, name) = (host.Service, contoso.Batch.Name);

        Assert.Equal(MigrationBatchStatus.Created, (await service.EnsureBatchAsync(contoso.Batch, Ct)).Status);
        await service.StartAsync(name, "admin", Ct);
        var synced = await service.WaitUntilSyncedAsync(name, DateTimeOffset.MinValue, Ct);
        Assert.Equal(MigrationBatchStatus.Synced, synced.Status);
        Assert.All(synced.Users, user => Assert.Equal((MigrationUserStatus.Synced, 25L), (user.Status, user.Counts.Items)));
        contoso.AssertInStep();
        Assert.InRange(contoso.MostOpen, 1, 3);

        foreach (var user in contoso.Names)
            Change(contoso, user);
        var since = TimeProvider.System.GetUtcNow();
        await service.SyncNowAsync(name, "admin", Ct);
        var again = await service.WaitUntilSyncedAsync(name, since, Ct);
        Assert.All(again.Users, user => Assert.Equal((MigrationUserStatus.IncrementalSynced, 3L), (user.Status, user.Counts.IncrementalItems)));
        contoso.AssertInStep();

        var leftBehind = new ProvisioningFinding("S36", "The rule 'Print' runs in Outlook alone", "Make it again in the new mailbox.");
        var findings = new Dictionary<string, IReadOnlyList<ProvisioningFinding>> { ["user5@contoso.com"] = [leftBehind] };
        var verification = await service.VerifyAsync(name, findings, null, Ct);
        Assert.Equal((DataConsistencyScore.Perfect, 8 * 25L, 8 * 25L), (verification.Score, verification.Totals.SourceItems, verification.Totals.Verified));
        foreach (var mailbox in verification.Mailboxes)
        {
            Assert.Null((await ReceiptVerifier.VerifyAsync(mailbox.ReceiptPath, null, Ct)).Problem);
            var lines = await File.ReadAllLinesAsync(mailbox.ReceiptPath, Ct);
            Assert.Equal(mailbox.User.Name == "user5@contoso.com" ? 1 : 0, lines.Count(line => line.StartsWith("""{"type":"finding",""", StringComparison.Ordinal)));
        }

        await service.RemoveAsync(name, "admin", Ct);
        var removed = await service.GetStatusAsync(name, Ct);
        Assert.Equal(MigrationBatchStatus.Completed, removed!.Status);
        Assert.All(removed.Users, user => Assert.Equal(MigrationUserStatus.Completed, user.Status));
        var history = await service.GetHistoryAsync(name, Ct).ToListAsync(Ct);
        var batchStates = history.Where(change => change.User is null).Select(change => change.To).ToList();
        Assert.Equal(["Created", "Starting", "Waiting", "Syncing", "Synced", "IncrementalSyncing"], batchStates.Take(6));
        Assert.Equal(["Synced", "Removing", "Completed"], batchStates.TakeLast(3));
        Assert.Equal(
            ["Validating", "Starting", "Syncing", "Synced", "IncrementalSyncing", "IncrementalSynced", "Removing", "Completed"],
            history.Where(change => change.User == "user5@contoso.com").Select(change => change.To));
    }

    [Fact]
    public async Task A_host_killed_in_the_middle_is_finished_by_the_next_one_with_nothing_twice()
    {
        var contoso = new FakeOrganisation(mailboxCount: 6, items: 40);
        var reached = new TaskCompletionSource();
        var uploads = 0;
        foreach (var user in contoso.Names)
            contoso[user].Points.Pause = point => point == "upload:after" && Interlocked.Increment(ref uploads) == 60 ? Signal(reached) : Task.CompletedTask;
        var first = await StartAsync(contoso);
        await first.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await first.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        await reached.Task.WaitAsync(Ct);
        foreach (var user in contoso.Names)
            contoso[user].Points.Restart(killAtPoint: 1);
        await first.KillAsync();
        Assert.True(uploads < 6 * 40);

        foreach (var user in contoso.Names)
            contoso[user].Points.Restart();
        await using var second = await StartAsync(contoso);
        var synced = await second.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);

        Assert.All(synced.Users, user => Assert.Equal((MigrationUserStatus.Synced, null), (user.Status, user.Error)));
        contoso.AssertInStep();
    }

    [Fact]
    public async Task What_was_synced_is_still_known_after_a_restart()
    {
        var contoso = new FakeOrganisation(mailboxCount: 2, items: 5);
        BatchStatus before;
        await using (var first = await StartAsync(contoso))
        {
            await first.Service.EnsureBatchAsync(contoso.Batch, Ct);
            await first.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
            before = await first.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);
        }

        await using var second = await StartAsync(contoso);
        var after = await second.Service.GetStatusAsync(contoso.Batch.Name, Ct);

        Assert.Equal((before.Status, before.Created, before.Started, before.LastSynced), (after!.Status, after.Created, after.Started, after.LastSynced));
        Assert.Equal(before.Counts, after.Counts);
    }

    [Fact]
    public async Task A_fault_for_the_operator_fails_its_mailbox_only_and_start_tries_it_again()
    {
        var contoso = new FakeOrganisation(mailboxCount: 3, items: 5);
        contoso["user2@contoso.com"].Points.Fault = point => point == "open:target" ? new MigrationFault(FaultScope.Operator, "No licence.", "Assign one.") : null;
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);

        var status = await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);
        var failed = Assert.Single(status.Users, user => user.Status == MigrationUserStatus.Failed);
        Assert.Equal(("user2@contoso.com", "No licence.", "Assign one."), (failed.User.Name, failed.Error, failed.NextStep));
        Assert.Equal(MigrationBatchStatus.SyncedWithErrors, status.Status);

        contoso["user2@contoso.com"].Points.Fault = _ => null;
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        status = await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);

        Assert.Equal(MigrationBatchStatus.Synced, status.Status);
        contoso.AssertInStep();
    }

    [Fact]
    public async Task A_sync_that_failed_is_still_owed_and_does_not_wait_for_the_interval()
    {
        var contoso = new FakeOrganisation(mailboxCount: 1, items: 5);
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);
        var user = contoso.Names.Single();
        Change(contoso, user);
        var failures = 0;
        contoso[user].Points.Fault = point => point == "upload:before" && Interlocked.Increment(ref failures) == 1
            ? new MigrationFault(FaultScope.Mailbox, "The connection broke.", "")
            : null;

        var since = TimeProvider.System.GetUtcNow();
        await host.Service.SyncNowAsync(contoso.Batch.Name, "admin", Ct);
        var status = await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, since, Ct);

        Assert.True(failures > 1, "the fault did not strike");
        Assert.Equal(MigrationUserStatus.IncrementalSynced, status.Users.Single().Status);
        contoso.AssertInStep();
    }

    [Fact]
    public async Task Faults_that_pass_are_lived_through()
    {
        var contoso = new FakeOrganisation(mailboxCount: 4, items: 20);
        var random = new Random(7);
        foreach (var user in contoso.Names)
            contoso[user].Points.Fault = point => Passing(random, point);
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);

        var status = await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);

        Assert.All(status.Users, user => Assert.Equal((MigrationUserStatus.Synced, null), (user.Status, user.Error)));
        contoso.AssertInStep();
    }

    [Fact]
    public async Task A_stopped_batch_goes_on_where_it_was()
    {
        var contoso = new FakeOrganisation(mailboxCount: 2, items: 30);
        var reached = new TaskCompletionSource();
        contoso["user1@contoso.com"].Points.Pause = point =>
        {
            if (point == "upload:after")
                reached.TrySetResult();
            return Task.CompletedTask;
        };
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        await reached.Task.WaitAsync(Ct);
        await host.Service.StopAsync(contoso.Batch.Name, "admin", Ct);
        Assert.Equal(MigrationBatchStatus.Stopped, (await host.Service.GetStatusAsync(contoso.Batch.Name, Ct))!.Status);

        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);

        contoso.AssertInStep();
    }

    [Fact]
    public async Task Changed_settings_cut_short_what_hangs_on_the_old_ones()
    {
        var contoso = new FakeOrganisation(mailboxCount: 2, items: 10);
        var hanging = new TaskCompletionSource();
        contoso["user1@contoso.com"].Points.Pause = async point =>
        {
            if (point != "open:target" || contoso.Batch.Target.Settings.ContainsKey("url"))
                return;
            hanging.TrySetResult();
            await Task.Delay(Timeout.Infinite, contoso.Cut);
        };
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        await hanging.Task.WaitAsync(Ct);

        contoso.Batch = contoso.Batch with { Target = contoso.Batch.Target with { Settings = new Dictionary<string, string> { ["url"] = "new" } } };
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);

        contoso.AssertInStep();
    }

    [Fact]
    public async Task One_cutover_batch_at_a_time()
    {
        var contoso = new FakeOrganisation(mailboxCount: 1, items: 1);
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        var second = contoso.Batch with { Name = BatchName.Parse("Second") };

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => host.Service.EnsureBatchAsync(second, Ct));
        Assert.Contains("Contoso", fault.Message, StringComparison.Ordinal);

        await host.Service.RemoveAsync(contoso.Batch.Name, "admin", Ct);
        Assert.Equal(MigrationBatchStatus.Created, (await host.Service.EnsureBatchAsync(second, Ct)).Status);
    }

    [Fact]
    public async Task A_mailbox_that_slows_down_says_why()
    {
        var contoso = new FakeOrganisation(mailboxCount: 1, items: 3);
        var failing = true;
        contoso["user1@contoso.com"].Points.Fault = point => point == "upload:before" && failing ? new MigrationFault(FaultScope.Item, "The mailbox database moves.", "") { IsTransient = true, RetryAfter = TimeSpan.FromMilliseconds(900) } : null;
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);

        await foreach (var status in host.Service.WatchAsync(contoso.Batch.Name, TimeSpan.FromMilliseconds(50), Ct))
            if (status.Users.Single().Waiting == "Trying again: The mailbox database moves.") break;
        failing = false;
        await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);

        contoso.AssertInStep();
    }

    [Fact]
    public async Task Watching_shows_the_way_to_Synced()
    {
        var contoso = new FakeOrganisation(mailboxCount: 2, items: 10);
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);

        var last = await host.Service.WatchAsync(contoso.Batch.Name, TimeSpan.FromMilliseconds(1), Ct)
            .FirstAsync(status => status.Status == MigrationBatchStatus.Synced, Ct);

        Assert.Equal(20, last.Counts.Items);
    }

    [Fact]
    public async Task A_pilot_is_copied_first_and_kept_in_step_with_the_rest()
    {
        var contoso = new FakeOrganisation(mailboxCount: 6, items: 5);
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch with { Users = [.. contoso.Batch.Users.Take(2)] }, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        var pilot = await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);
        Assert.Equal((2, MigrationBatchStatus.Synced), (pilot.Users.Count, pilot.Status));
        Assert.Equal(2 * 5L, (await host.Service.VerifyAsync(contoso.Batch.Name, new Dictionary<string, IReadOnlyList<ProvisioningFinding>>(), null, Ct)).Totals.Verified);
        foreach (var user in contoso.Names) Change(contoso, user);

        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        var since = TimeProvider.System.GetUtcNow();
        await host.Service.SyncNowAsync(contoso.Batch.Name, "admin", Ct);
        var all = await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, since, Ct);

        Assert.Equal(6, all.Users.Count);
        contoso.AssertInStep();
    }

    [Fact]
    public async Task Only_what_failed_is_tried_again()
    {
        var contoso = new FakeOrganisation(mailboxCount: 3, items: 5);
        contoso["user2@contoso.com"].Points.Fault = point => point == "open:target" ? new MigrationFault(FaultScope.Operator, "No licence.", "Assign one.") : null;
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        var before = await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);
        contoso["user2@contoso.com"].Points.Fault = _ => null;

        await host.Service.RetryFailedAsync(contoso.Batch.Name, "helpdesk", Ct);
        var after = await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);

        Assert.Equal(MigrationBatchStatus.Synced, after.Status);
        Assert.Equal(before.Users.Where(user => user.Error is null).Select(user => user.LastSynced), after.Users.Where(user => user.User.Name != "user2@contoso.com").Select(user => user.LastSynced));
        Assert.Contains(await host.Service.GetHistoryAsync(contoso.Batch.Name, Ct).ToListAsync(Ct), change => change is { User: null, Actor: "helpdesk" });
    }

    [Fact]
    public async Task The_limit_of_mailboxes_at_once_is_changed_while_they_run()
    {
        var contoso = new FakeOrganisation(mailboxCount: 6, items: 2);
        var (open, goOn) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var (three, six) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        foreach (var user in contoso.Names)
            contoso[user].Points.Pause = async point =>
            {
                if (point != "open:target") return;
                var now = Interlocked.Increment(ref open);
                if (now == 3) three.TrySetResult();
                if (now == 6) six.TrySetResult();
                await goOn.Task;
            };
        await using var host = await StartAsync(contoso);
        await host.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await host.Service.StartAsync(contoso.Batch.Name, "admin", Ct);
        await three.Task.WaitAsync(Ct);

        await host.Service.SetConcurrencyAsync(contoso.Batch.Name, "tenant", 6, 2, "helpdesk", Ct);
        await host.Service.SetConcurrencyAsync(contoso.Batch.Name, "on-premises", 6, 2, "helpdesk", Ct);
        await six.Task.WaitAsync(Ct);
        goOn.SetResult();
        await host.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);

        contoso.AssertInStep();
        Assert.Contains(await host.Service.GetHistoryAsync(contoso.Batch.Name, Ct).ToListAsync(Ct), change => change.Actor == "helpdesk" && change.Cause.StartsWith("on-premises: 6", StringComparison.Ordinal));
        await Assert.ThrowsAsync<MigrationFault>(() => host.Service.SetConcurrencyAsync(contoso.Batch.Name, "elsewhere", 6, 2, "helpdesk", Ct));
        await Assert.ThrowsAsync<MigrationFault>(() => host.Service.SetConcurrencyAsync(contoso.Batch.Name, "tenant", 0, 2, "helpdesk", Ct));
    }

    [Fact]
    public async Task More_skipped_items_than_the_batch_allows_wait_for_a_named_persons_approval()
    {
        var contoso = new FakeOrganisation(mailboxCount: 2, items: 6);
        contoso.Batch = contoso.Batch with { SkipLimit = 1 };
        var refused = 0;
        contoso["user1@contoso.com"].Points.Fault = point => point == "upload:before" && Interlocked.Increment(ref refused) <= 2 ? new MigrationFault(FaultScope.Item, "Too large.", "") : null;
        await using var host = await StartAsync(contoso);
        var (service, name) = (host.Service, contoso.Batch.Name);
        await service.EnsureBatchAsync(contoso.Batch, Ct);
        await service.StartAsync(name, "admin", Ct);

        var asks = Assert.Single((await service.WaitUntilSyncedAsync(name, DateTimeOffset.MinValue, Ct)).Users, user => user.User.Name == "user1@contoso.com");
        Assert.Equal((MigrationUserStatus.Failed, 4L, 2L), (asks.Status, asks.Counts.Items, asks.Counts.Skipped));
        var skipped = await service.GetSkippedAsync(name, Ct).ToListAsync(Ct);
        Assert.Equal(2, skipped.Count);
        Assert.All(skipped, item => Assert.Equal(("user1@contoso.com", "Too large."), (item.User, item.Entry.Reason)));
        Assert.All(skipped, item => Assert.NotEqual("", item.Folder));
        await Assert.ThrowsAsync<MigrationFault>(() => service.ApproveSkippedAsync(name, "user1@contoso.com", "Anna", " ", Ct));

        await service.ApproveSkippedAsync(name, "USER1@contoso.com", "Anna", "Drafts of 2004", Ct);
        var approved = await service.WaitUntilSyncedAsync(name, DateTimeOffset.MinValue, Ct);

        Assert.All(approved.Users, user => Assert.Null(user.Error));
        Assert.Equal(("user1@contoso.com", 2L, "Anna", "Drafts of 2004"), Assert.Single(await service.GetApprovalsAsync(name, Ct)) is var one ? (one.User, one.Skipped, one.Actor, one.Reason) : default);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        folder.Dispose();
    }

    /// <summary>Where the database is; null for a file in the work folder.</summary>
    protected virtual Task<ClusterHost?> GetClusterAsync() => Task.FromResult<ClusterHost?>(null);

    private async Task<OrchestratorHost> StartAsync(FakeOrganisation contoso) => await OrchestratorHost.StartAsync(folder, contoso, await GetClusterAsync());

    private static void Change(FakeOrganisation contoso, string user)
    {
        var mailbox = contoso[user].Mailbox;
        mailbox.Add(mailbox.Inbox, "arrived meanwhile");
        mailbox.Change(mailbox.Items.Keys.First(), "changed meanwhile");
        mailbox.Delete(mailbox.Items.Keys.Skip(1).First());
    }

    private static Task Signal(TaskCompletionSource reached)
    {
        reached.TrySetResult();
        return Task.CompletedTask;
    }

    private static MigrationFault? Passing(Random random, string point)
    {
        lock (random)
        {
            if (random.Next(15) != 0)
                return null;
            var scope = random.Next(2) == 0 ? FaultScope.Mailbox : FaultScope.Endpoint;
            return new MigrationFault(scope, $"Passing fault at {point}", "") { OutcomeUnknown = true, IsTransient = true };
        }
    }
}

public sealed class SqliteMigrationServiceTests : MigrationServiceTests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresMigrationServiceTests(PostgresServer server) : MigrationServiceTests
{
    private Task<string>? connectionString;

    protected override async Task<ClusterHost?> GetClusterAsync() =>
        new("host", await (connectionString ??= server.CreateDatabaseAsync()), System.Net.IPAddress.Loopback, SiloPort: 0);
}
