using System.Text.Json.Serialization;
using Cutover.Core.Batches;

namespace Cutover.Cli.Output;

/// <summary>What a cutover came to: the one JSON document that <c>--json</c> writes to standard output.</summary>
public sealed record CutoverSummary
{
    /// <summary>The batch's last status: Completed when all is well.</summary>
    public required string Status { get; init; }

    public required int Mailboxes { get; init; }

    public required int Recipients { get; init; }

    public required long FoldersCopied { get; init; }

    /// <summary>Items at the source when it was verified.</summary>
    public required long ItemsSource { get; init; }

    public required long ItemsCopied { get; init; }

    public required long ItemsSkipped { get; init; }

    public required long BytesCopied { get; init; }

    public required long ItemsVerified { get; init; }

    public required long ItemsMismatched { get; init; }

    public required long ItemsMissing { get; init; }

    public required long ItemsDuplicated { get; init; }

    /// <summary>The worst grade of all mailboxes: Perfect, Good, Investigate or Poor.</summary>
    public required string ConsistencyScore { get; init; }

    public required long IncrementalItems { get; init; }

    public required long RpcCalls { get; init; }

    public required long GraphRequests { get; init; }

    public required double DurationSeconds { get; init; }

    /// <summary>The folder with the signed receipts.</summary>
    public required string ReceiptPath { get; init; }

    /// <summary>Whether every item of the source is at the target, equal, once.</summary>
    [JsonIgnore]
    public bool IsComplete => ItemsMissing == 0 && ItemsMismatched == 0 && ItemsDuplicated == 0;

    public static CutoverSummary Of(
        BatchStatus batch, BatchVerification verified, int recipients, TimeSpan duration) => new()
        {
            Status = batch.Status.ToString(),
            Mailboxes = batch.Users.Count,
            Recipients = recipients,
            FoldersCopied = batch.Counts.Folders,
            ItemsSource = verified.Totals.SourceItems,
            ItemsCopied = batch.Counts.Items,
            ItemsSkipped = verified.Totals.Skipped,
            BytesCopied = batch.Counts.Bytes,
            ItemsVerified = verified.Totals.Verified,
            ItemsMismatched = verified.Totals.Mismatched,
            ItemsMissing = verified.Totals.Missing,
            ItemsDuplicated = verified.Totals.Duplicated,
            ConsistencyScore = verified.Score.ToString(),
            IncrementalItems = batch.Counts.IncrementalItems,
            RpcCalls = batch.Counts.RoundTrips,
            GraphRequests = batch.Counts.Requests,
            DurationSeconds = Math.Round(duration.TotalSeconds, 1),
            ReceiptPath = verified.ReceiptFolder,
        };
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CutoverSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
