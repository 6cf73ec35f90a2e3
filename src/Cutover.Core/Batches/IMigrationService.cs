using Cutover.Core.Endpoints;

namespace Cutover.Core.Batches;

/// <summary>A mailbox of a batch: its two ends.</summary>
public sealed record BatchMailbox(SourceMailbox Source, TargetMailbox Target);

/// <summary>What a batch is made of. The name follows S55: letters, digits and hyphens, at most 64.</summary>
public sealed record BatchDefinition(string Name, MigrationEndpoint Source, MigrationEndpoint Target, IReadOnlyList<BatchMailbox> Mailboxes);

/// <summary>Where one mailbox stands.</summary>
/// <param name="Status">Microsoft's own status value, such as Syncing or Synced.</param>
/// <param name="ItemsTotal">Items that the source counted when the folders were listed; grows as mail arrives.</param>
/// <param name="ItemsCopied">Items at the target now, over all passes.</param>
/// <param name="ItemsIncremental">Items created, replaced, deleted or re-marked by passes after the first.</param>
/// <param name="BytesCopied">Item stream bytes uploaded, over all passes.</param>
/// <param name="BytesPerSecond">Over the last half minute or so.</param>
/// <param name="TimeLeft">Null until there is something to measure.</param>
/// <param name="LastSynced">When the last complete pass began; what S69 asks for.</param>
/// <param name="RoundTrips">Calls to the source, over all passes.</param>
/// <param name="Requests">Requests to the target, over all passes.</param>
/// <param name="Error">For the administrator: what failed last and what to do next.</param>
public sealed record MigrationUserStatusReport(
    string PrimarySmtpAddress, MigrationUserStatus Status, long ItemsTotal, long ItemsCopied, long ItemsSkipped, long ItemsIncremental,
    int FoldersCopied, long BytesCopied, double BytesPerSecond, TimeSpan? TimeLeft, string? CurrentFolder, DateTimeOffset? LastSynced,
    long RoundTrips, long Requests, string? Error);

public sealed record MigrationBatchStatusReport(string Name, MigrationBatchStatus Status, IReadOnlyList<MigrationUserStatusReport> Users);

/// <summary>What verification found in one mailbox, and its receipt.</summary>
public sealed record MailboxVerificationReport(
    string PrimarySmtpAddress, long ItemsSource, long ItemsVerified, long ItemsMismatched, long ItemsMissing, long ItemsDuplicated,
    long ItemsSkipped, string Score, string ReceiptPath);

/// <summary>One state change, kept for good.</summary>
/// <param name="Subject">The batch's name or the user's address.</param>
public sealed record StateChange(DateTimeOffset Time, string Subject, string From, string To, string Cause);

/// <summary>
/// The engine as the run-book, the command line and the API see it. Every call may be made again. Fails with <see cref="Faults.MigrationFault"/>.
/// </summary>
public interface IMigrationService
{
    /// <summary>Creates the batch, or finds it as it is (one cutover batch at a time, S52).</summary>
    Task EnsureBatchAsync(BatchDefinition batch, CancellationToken ct);

    /// <summary>Starts the first sync of every mailbox, or goes on with it.</summary>
    Task StartAsync(string batch, CancellationToken ct);

    Task<MigrationBatchStatusReport> GetStatusAsync(string batch, CancellationToken ct);

    /// <summary>Starts an incremental pass of every mailbox; returns at once.</summary>
    Task SyncNowAsync(string batch, CancellationToken ct);

    /// <summary>
    /// Returns when every mailbox has ended a pass that began at or after <paramref name="since"/>, or when one failed for good (its report tells).
    /// Null waits for the first sync.
    /// </summary>
    Task<MigrationBatchStatusReport> WaitUntilSyncedAsync(string batch, DateTimeOffset? since, CancellationToken ct);

    /// <summary>Compares source, ledger and target item by item and writes a signed receipt per mailbox.</summary>
    Task<IReadOnlyList<MailboxVerificationReport>> VerifyAsync(string batch, IProgress<string> progress, CancellationToken ct);

    /// <summary>Ends the batch: no further syncs. History and receipts stay for good (S70).</summary>
    Task RemoveAsync(string batch, string cause, CancellationToken ct);

    IAsyncEnumerable<StateChange> GetHistoryAsync(string batch, CancellationToken ct);
}
