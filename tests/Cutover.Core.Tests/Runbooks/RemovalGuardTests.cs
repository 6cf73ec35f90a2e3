using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Messages;
using Cutover.Core.Recipients;
using Cutover.Core.Runbooks;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Core.Tests.Runbooks;

public sealed class RemovalGuardTests
{
    private static readonly DateTimeOffset Switched = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly MigrationEndpoint Endpoint = new("e", MigrationEndpointType.OutlookAnywhere, new Dictionary<string, string>(), SecretRef.None, 1, 1);

    private readonly CutoverJournal journal = new(new MemoryRecord());
    private readonly FakeTimeProvider clock = new(Switched);
    private readonly WelcomeMessage welcome = new("en");
    private readonly CutoverPlan plan = new() { Domain = "contoso.com", OrganisationName = "Contoso", Source = Endpoint, Target = Endpoint, TestMailbox = "a@contoso.com" };
    private readonly CutoverMailbox[] mailboxes = [Mailbox("ann"), Mailbox("bob")];

    [Fact]
    public async Task Every_condition_that_does_not_hold_is_named_with_whom_and_since_when()
    {
        var guard = await GuardAsync(ann: Switched.AddHours(1), bob: Switched.AddHours(-2));
        await journal.SetSentAsync(welcome.For(plan, mailboxes[0]).Id, Switched, default);
        clock.Advance(TimeSpan.FromHours(2));

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => guard.RequireAsync(default));

        Assert.Contains("S66: mail was switched 2026-03-01 09:00:00Z; senders may use the old server until 2026-03-04 09:00:00Z.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("S67: 1 users were never told: bob@contoso.com.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("S69: 1 mailboxes were not synced since the switch of 2026-03-01 09:00:00Z: bob@contoso.com (last 2026-03-01 07:00:00Z).", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Sync now", fault.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_meets_all_may_be_removed()
    {
        var guard = await GuardAsync(ann: Switched.AddHours(1), bob: Switched);
        foreach (var mailbox in mailboxes) await journal.SetSentAsync(welcome.For(plan, mailbox).Id, Switched, default);
        clock.Advance(TimeSpan.FromHours(72));

        await guard.RequireAsync(default);

        Assert.Equal([("S66", true), ("S67", true), ("S69", true)], (await guard.CheckAsync(default)).Select(condition => (condition.Rule, condition.IsMet)));
    }

    private async Task<RemovalGuard> GuardAsync(DateTimeOffset? ann, DateTimeOffset? bob)
    {
        await journal.SetMailboxesAsync(mailboxes, default);
        await journal.SetSwitchedAsync(Switched, default);
        UserStatus Status(CutoverMailbox mailbox, DateTimeOffset? last) =>
            new(mailbox.ToUser(), MigrationUserStatus.IncrementalSynced, SyncCounts.None, 0, 0, 0, null, last, null, null, null);
        return new RemovalGuard(
            plan, new OneBatch(new BatchStatus(plan.BatchName, MigrationBatchStatus.Synced, Switched, Switched, [Status(mailboxes[0], ann), Status(mailboxes[1], bob)])), welcome, journal, clock);
    }

    private static CutoverMailbox Mailbox(string name) =>
        new(name, new SourceMailbox($"/o=Contoso/cn={name}", $"{name}@contoso.com"), new TargetMailbox(name, name, $"{name}@contoso.com"));

    /// <summary>A service that knows how its one batch stands and does nothing.</summary>
    private sealed class OneBatch(BatchStatus status) : IMigrationService
    {
        public string? Trouble => null;

        public Task<BatchStatus?> GetStatusAsync(BatchName name, CancellationToken ct) => Task.FromResult<BatchStatus?>(status);

        public Task<BatchStatus> EnsureBatchAsync(MigrationBatch batch, CancellationToken ct) => throw new NotSupportedException();

        public Task StartAsync(BatchName name, string actor, CancellationToken ct) => throw new NotSupportedException();

        public Task RetryFailedAsync(BatchName name, string actor, CancellationToken ct) => throw new NotSupportedException();

        public Task SetConcurrencyAsync(BatchName name, string endpoint, int maxConcurrentMigrations, int maxConcurrentIncrementalSyncs, string actor, CancellationToken ct) => throw new NotSupportedException();

        public IAsyncEnumerable<SkippedItem> GetSkippedAsync(BatchName name, CancellationToken ct) => throw new NotSupportedException();

        public Task ApproveSkippedAsync(BatchName name, string user, string actor, string reason, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<SkipApproval>> GetApprovalsAsync(BatchName name, CancellationToken ct) => throw new NotSupportedException();

        public Task StopAsync(BatchName name, string actor, CancellationToken ct) => throw new NotSupportedException();

        public Task SyncNowAsync(BatchName name, string actor, CancellationToken ct) => throw new NotSupportedException();

        public IAsyncEnumerable<BatchStatus> WatchAsync(BatchName name, TimeSpan interval, CancellationToken ct) => throw new NotSupportedException();

        public Task<BatchStatus> WaitUntilSyncedAsync(BatchName name, DateTimeOffset moment, CancellationToken ct) => throw new NotSupportedException();

        public Task<BatchVerification> VerifyAsync(
            BatchName name, IReadOnlyDictionary<string, IReadOnlyList<ProvisioningFinding>> leftBehind, IProgress<VerificationProgress>? progress, CancellationToken ct) => throw new NotSupportedException();

        public Task RemoveAsync(BatchName name, string actor, CancellationToken ct) => throw new NotSupportedException();

        public IAsyncEnumerable<StateChange> GetHistoryAsync(BatchName name, CancellationToken ct) => throw new NotSupportedException();
    }
}
