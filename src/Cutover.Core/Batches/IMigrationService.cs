using Cutover.Core.Recipients;
using Cutover.Core.Verification;

namespace Cutover.Core.Batches;

/// <summary>
/// Migration batches as the run-book, the command line and the web see them. Every call may be made again. Fails with
/// <see cref="Faults.MigrationFault"/> when the administrator must do something first.
/// </summary>
public interface IMigrationService
{
    /// <summary>What the whole engine waits for at the moment, such as room on the disk or its database; null when nothing. It goes on by itself.</summary>
    string? Trouble { get; }

    /// <summary>
    /// Creates the batch, or brings the one of this name up to the definition: connection settings are replaced and users added. A batch that was
    /// removed stays as it ended. Refused while another batch exists that was not removed (S52).
    /// </summary>
    Task<BatchStatus> EnsureBatchAsync(MigrationBatch batch, CancellationToken ct);

    /// <summary>Starts the batch, or what of it failed or was stopped; what runs goes on.</summary>
    Task StartAsync(BatchName name, string actor, CancellationToken ct);

    /// <summary>Starts again what failed, and nothing else.</summary>
    Task RetryFailedAsync(BatchName name, string actor, CancellationToken ct);

    /// <summary>
    /// Changes how many mailboxes may be copied and synced at once at an endpoint of the batch, while it runs. Passes that are under way go on; the next run of the
    /// run-book takes what the settings say.
    /// </summary>
    /// <param name="endpoint">The endpoint's name.</param>
    Task SetConcurrencyAsync(BatchName name, string endpoint, int maxConcurrentMigrations, int maxConcurrentIncrementalSyncs, string actor, CancellationToken ct);

    /// <summary>Every item that was skipped, mailbox by mailbox, with its reason and where its original is kept.</summary>
    IAsyncEnumerable<SkippedItem> GetSkippedAsync(BatchName name, CancellationToken ct);

    /// <summary>Records that <paramref name="actor"/> accepts the loss of what is skipped in the mailbox by now, and lets it go on.</summary>
    Task ApproveSkippedAsync(BatchName name, string user, string actor, string reason, CancellationToken ct);

    /// <summary>Approvals of skipped items, oldest first.</summary>
    Task<IReadOnlyList<SkipApproval>> GetApprovalsAsync(BatchName name, CancellationToken ct);

    /// <summary>Stops after the items that are on their way; <see cref="StartAsync"/> goes on from there.</summary>
    Task StopAsync(BatchName name, string actor, CancellationToken ct);

    /// <summary>
    /// Starts a pass for every mailbox that begins after this call, and so carries everything that was at the source before it.
    /// </summary>
    Task SyncNowAsync(BatchName name, string actor, CancellationToken ct);

    /// <summary>The batch as it stands; null when there is none of this name.</summary>
    Task<BatchStatus?> GetStatusAsync(BatchName name, CancellationToken ct);

    /// <summary>The status now, and again after each change, at most once per <paramref name="interval"/>. Ends only by cancellation.</summary>
    IAsyncEnumerable<BatchStatus> WatchAsync(BatchName name, TimeSpan interval, CancellationToken ct);

    /// <summary>
    /// Waits until every user's <see cref="UserStatus.LastSynced"/> is at or after <paramref name="moment"/> or the user waits for the administrator
    /// (Failed, IncrementalFailed, Stopped, Corrupted), and returns the status then: look at <see cref="UserStatus.Error"/>.
    /// </summary>
    Task<BatchStatus> WaitUntilSyncedAsync(BatchName name, DateTimeOffset moment, CancellationToken ct);

    /// <summary>
    /// Reads every mailbox back from the target, compares it with source and ledger, and writes one signed receipt per mailbox to
    /// <c>receipts/</c> in the work folder.
    /// </summary>
    /// <param name="leftBehind">Settings that could not be carried, by the source mailbox's primary SMTP address, for the receipts.</param>
    Task<BatchVerification> VerifyAsync(
        BatchName name, IReadOnlyDictionary<string, IReadOnlyList<ProvisioningFinding>> leftBehind, IProgress<VerificationProgress>? progress, CancellationToken ct);

    /// <summary>
    /// Removes the batch: no further sync, its ledger is erased, its status becomes Completed or CompletedWithErrors. History and receipts stay for
    /// good. That it may be removed (S67–S69) is the run-book's to check.
    /// </summary>
    Task RemoveAsync(BatchName name, string actor, CancellationToken ct);

    /// <summary>Every change of state of the batch and its users, oldest first; also of removed batches.</summary>
    IAsyncEnumerable<StateChange> GetHistoryAsync(BatchName name, CancellationToken ct);
}

/// <summary>A batch at a moment.</summary>
public sealed record BatchStatus(
    BatchName Name, MigrationBatchStatus Status, DateTimeOffset Created, DateTimeOffset? Started, IReadOnlyList<UserStatus> Users)
{
    public MigrationStatusSummary Summary => Status.Summary();

    public SyncCounts Counts => Users.Aggregate(SyncCounts.None, (sum, user) => sum + user.Counts);

    /// <summary>Items that the source counts in all mailboxes.</summary>
    public long ItemsTotal => Users.Sum(user => user.ItemsTotal);

    /// <summary>Items per second of all mailboxes that are being copied.</summary>
    public double ItemsPerSecond => Users.Sum(user => user.ItemsPerSecond);

    /// <summary>Bytes per second of all mailboxes that are being copied.</summary>
    public double BytesPerSecond => Users.Sum(user => user.BytesPerSecond);

    /// <summary>When the first copy will be done; null before anything was measured, and afterwards.</summary>
    public Forecast? Forecast { get; init; }

    /// <summary>The moment by which everything at the source is at the target, for every user; null while one was never synced.</summary>
    public DateTimeOffset? LastSynced => Users.Count > 0 && Users.All(user => user.LastSynced is not null) ? Users.Min(user => user.LastSynced) : null;
}

/// <summary>What was done for a mailbox so far, all passes together.</summary>
/// <param name="Items">Items that are at the target now, by the ledger.</param>
/// <param name="Skipped">Items that could not be copied; the receipt tells why.</param>
/// <param name="Deleted">Items deleted at the target because the source deleted or moved them.</param>
/// <param name="Bytes">Bytes of item streams uploaded.</param>
/// <param name="IncrementalItems">Items that passes after the first created, replaced, deleted, or marked read or unread.</param>
/// <param name="Folders">Folders that exist at both sides.</param>
/// <param name="RoundTrips">Round trips to the source.</param>
/// <param name="Requests">Requests to the target.</param>

public sealed record SyncCounts(
    long Items, long Skipped, long Deleted, long Bytes,
    long IncrementalItems, long Folders, long RoundTrips, long Requests)
{
    public static SyncCounts None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    public static SyncCounts operator +(SyncCounts a, SyncCounts b) => new(
        a.Items + b.Items, a.Skipped + b.Skipped, a.Deleted + b.Deleted, a.Bytes + b.Bytes, a.IncrementalItems + b.IncrementalItems,
        a.Folders + b.Folders, a.RoundTrips + b.RoundTrips, a.Requests + b.Requests);
}

/// <summary>A migration user at a moment.</summary>
/// <param name="ItemsTotal">Items as the source counts them; 0 until its folders were read.</param>
/// <param name="CurrentFolder">The name of the folder being copied; null when none is.</param>
/// <param name="LastSynced">When the last finished pass began: everything that was at the source by then is at the target (S69).</param>
/// <param name="Error">What stands in the way, for the administrator; null when all is well.</param>
/// <param name="NextStep">What the administrator can do about <paramref name="Error"/>.</param>
/// <param name="Waiting">Why nothing moves at the moment (a permit, throttling until …, trying again at …); null when it moves.</param>
public sealed record UserStatus(
    MigrationUser User, MigrationUserStatus Status, SyncCounts Counts, long ItemsTotal, double ItemsPerSecond, double BytesPerSecond,
    string? CurrentFolder, DateTimeOffset? LastSynced, string? Error, string? NextStep, string? Waiting)
{
    /// <summary>When its first copy began; null before.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>When its first copy was done; null before.</summary>
    public DateTimeOffset? Copied { get; init; }

    public MigrationStatusSummary Summary => Status.Summary();

    public long ItemsLeft => Math.Max(0, ItemsTotal - Counts.Items - Counts.Skipped);

    public TimeSpan? TimeLeft => ItemsLeft > 0 && ItemsPerSecond > 0 ? TimeSpan.FromSeconds(ItemsLeft / ItemsPerSecond) : null;
}

/// <summary>How far verification is.</summary>
public sealed record VerificationProgress(MigrationUser User, VerificationTotals Totals, int MailboxesDone, int Mailboxes);

/// <summary>A mailbox's verification and its receipt.</summary>
public sealed record MailboxVerification(MigrationUser User, VerificationTotals Totals, string ReceiptPath)
{
    public DataConsistencyScore Score => Totals.Score;
}

/// <summary>The verification of a whole batch. Its score is that of its worst mailbox.</summary>
public sealed record BatchVerification(IReadOnlyList<MailboxVerification> Mailboxes, string ReceiptFolder)
{
    public VerificationTotals Totals => Mailboxes.Aggregate(VerificationTotals.None, (sum, mailbox) => sum + mailbox.Totals);

    public DataConsistencyScore Score => Mailboxes.Count == 0 ? DataConsistencyScore.Perfect : Mailboxes.Max(mailbox => mailbox.Score);
}
