using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cutover.Core.Ledger;
using Cutover.Core.Recipients;
using Cutover.Core.Verification;

namespace Cutover.Core.Reporting;

/// <summary>
/// Writes a mailbox's receipt line by line (docs/formats/receipt.md). The file appears whole and signed when it is finished, or not at all.
/// </summary>
public sealed class ReceiptWriter : IAsyncDisposable
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly AtomicFile file;
    private readonly ReceiptKey key;
    private readonly BufferedStream output;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private ReceiptWriter(AtomicFile file, ReceiptKey key)
    {
        (this.file, this.key) = (file, key);
        output = new BufferedStream(file.Stream, 64 * 1024);
    }

    /// <summary>The sum of what was written.</summary>
    public VerificationTotals Totals { get; private set; } = VerificationTotals.None;

    public static async Task<ReceiptWriter> CreateAsync(string path, ReceiptHeader header, ReceiptKey key, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var writer = new ReceiptWriter(AtomicFile.Create(path), key);
        await writer.WriteLineAsync(header, ReceiptFormat.Json.ReceiptHeader, ct);
        return writer;
    }

    public Task WriteAsync(VerifiedItem item, CancellationToken ct)
    {
        Totals += item.Totals;
        var (info, target) = (item.Item, item.Target);
        var line = new ReceiptItem(
            item.FolderPath, info.Key.Value, info.Version, info.ItemClass, info.Subject, info.Received, info.Size, info.IsRead, item.Digest?.Value,
            target?.Id, item.Outcome, item.Reason, item.KeptAside);
        return WriteLineAsync(line, ReceiptFormat.Json.ReceiptItem, ct);
    }

    public Task WriteAsync(ProvisioningFinding leftBehind, CancellationToken ct) => WriteLineAsync(
        new ReceiptFinding(leftBehind.Requirement, leftBehind.Message, leftBehind.NextStep), ReceiptFormat.Json.ReceiptFinding, ct);

    /// <summary>Writes the summary, signs, and puts the file in its place.</summary>
    public async Task FinishAsync(DateTimeOffset now, CancellationToken ct)
    {
        await WriteLineAsync(ReceiptSummary.Of(Totals, now, key.PublicKey), ReceiptFormat.Json.ReceiptSummary, ct);
        var sha256 = hash.GetHashAndReset();
        var signature = new ReceiptSignature(ReceiptSignature.CurrentAlgorithm, Convert.ToHexStringLower(sha256), key.Sign(sha256));
        await WriteLineAsync(signature, ReceiptFormat.Json.ReceiptSignature, ct);
        await output.FlushAsync(ct);
        await file.CommitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        hash.Dispose();
        await file.DisposeAsync();
    }

    private async Task WriteLineAsync<T>(T line, JsonTypeInfo<T> type, CancellationToken ct)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, type);
        hash.AppendData(bytes);
        hash.AppendData(NewLine);
        await output.WriteAsync(bytes, ct);
        await output.WriteAsync(NewLine, ct);
    }
}
