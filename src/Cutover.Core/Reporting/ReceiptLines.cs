using System.Text.Json;
using System.Text.Json.Serialization;
using Cutover.Core.Verification;

namespace Cutover.Core.Reporting;

/// <summary>The receipt's first line: whose it is. See docs/formats/receipt.md.</summary>
public sealed record ReceiptHeader(
    string Format, string Batch, string SourceMailbox, string SourceLegacyExchangeDN, string TargetMailbox, string TargetMailboxId, DateTimeOffset Begun)
{
    /// <summary>The format this code writes and reads.</summary>
    public const string CurrentFormat = "cutover-receipt/1";

    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "header";
}

/// <summary>One line per item.</summary>
/// <param name="Folder">The folder's path at the source; a <c>/</c> in a name is written as <c>\/</c>, a <c>\</c> as <c>\\</c>.</param>
/// <param name="Date">When it was received, else created.</param>
/// <param name="Digest">SHA-256 of the content, see docs/formats/content-digest.md.</param>
public sealed record ReceiptItem(
    string Folder, string Key, string Version, string Class, string? Subject, DateTimeOffset? Date, long Size, bool IsRead, string? Digest,
    string? TargetId, VerificationOutcome Outcome, string? Reason, string? KeptAside)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "item";
}

/// <summary>One line for each setting of the mailbox, such as a rule or a right, that stayed behind.</summary>
/// <param name="NextStep">What mends it.</param>
public sealed record ReceiptFinding(string Requirement, string Message, string NextStep)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "finding";
}

/// <summary>The last line but one: the numbers, and the key that signs.</summary>
public sealed record ReceiptSummary(
    long SourceItems, long Verified, long Mismatched, long ReadStateOnly, long Missing, long Duplicated, long Stale, long Skipped, long Bytes,
    DataConsistencyScore Score, DateTimeOffset Ended, string PublicKey)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "summary";

    public static ReceiptSummary Of(VerificationTotals totals, DateTimeOffset ended, string publicKey) => new(
        totals.SourceItems, totals.Verified, totals.Mismatched, totals.ReadStateOnly, totals.Missing, totals.Duplicated, totals.Stale, totals.Skipped,
        totals.Bytes, totals.Score, ended, publicKey);
}

/// <summary>The last line: the signature over the SHA-256 of every byte before this line.</summary>
public sealed record ReceiptSignature(string Algorithm, string Sha256, string Signature)
{
    public const string CurrentAlgorithm = "ECDSA-P256-SHA256";

    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "signature";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReceiptHeader))]
[JsonSerializable(typeof(ReceiptItem))]
[JsonSerializable(typeof(ReceiptFinding))]
[JsonSerializable(typeof(ReceiptSummary))]
[JsonSerializable(typeof(ReceiptSignature))]
internal sealed partial class ReceiptJson : JsonSerializerContext;

internal static class ReceiptFormat
{
    /// <summary>Other scripts stay readable: the file is JSON and never becomes HTML.</summary>
    public static ReceiptJson Json { get; } = new(new JsonSerializerOptions(ReceiptJson.Default.Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
