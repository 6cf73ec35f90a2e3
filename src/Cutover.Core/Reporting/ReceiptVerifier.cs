using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Cutover.Core.Reporting;

/// <summary>Whether a receipt is as it was signed.</summary>
/// <param name="Problem">What is wrong with it; null when it is as it was signed.</param>
public sealed record ReceiptVerdict(string? Problem, ReceiptHeader? Header, ReceiptSummary? Summary)
{
    public bool IsGenuine => Problem is null;
}

/// <summary>Checks a receipt offline: one changed, added or lost byte is found.</summary>
public static class ReceiptVerifier
{
    /// <param name="trustedKey">
    /// The public key that must have signed, in lower-case hex; null accepts the one in the receipt, which shows only that the file is unchanged.
    /// </param>
    public static async Task<ReceiptVerdict> VerifyAsync(string path, string? trustedKey, CancellationToken ct)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var reading = new Reading();
        try
        {
            await foreach (var line in ReadLinesAsync(file, ct))
                reading.Take(line);
            return reading.Judge(trustedKey);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return new ReceiptVerdict($"Line {reading.Lines + 1} is not a receipt's: {e.Message}", reading.Header, null);
        }
    }

    /// <summary>Every line with its newline; a last line without one is an error.</summary>
    private static async IAsyncEnumerable<byte[]> ReadLinesAsync(
        Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var line = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, ct)) > 0;)
        {
            var start = 0;
            for (int end; (end = Array.IndexOf(buffer, (byte)'\n', start, read - start)) >= 0; start = end + 1)
            {
                line.Write(buffer, start, end + 1 - start);
                yield return line.ToArray();
                line.SetLength(0);
            }

            line.Write(buffer, start, read - start);
        }

        if (line.Length > 0)
            throw new FormatException("it does not end with a newline.");
    }

    /// <summary>What was read so far. A line counts as hashed only when another follows: the signature can't cover itself.</summary>
    private sealed class Reading : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private byte[]? last;
        private byte[]? lastButOne;

        public int Lines { get; private set; }

        public ReceiptHeader? Header { get; private set; }

        public void Take(byte[] line)
        {
            if (Lines == 0)
                Header = Parse(line, ReceiptFormat.Json.ReceiptHeader, "header");
            if (last is not null)
                hash.AppendData(last);
            (lastButOne, last) = (last, line);
            Lines++;
        }

        public ReceiptVerdict Judge(string? trustedKey)
        {
            if (last is null || lastButOne is null || Lines < 3)
                return new ReceiptVerdict("It is too short to be a receipt.", Header, null);
            var signature = Parse(last, ReceiptFormat.Json.ReceiptSignature, "signature");
            var summary = Parse(lastButOne, ReceiptFormat.Json.ReceiptSummary, "summary");
            return new ReceiptVerdict(Problem(signature, summary, trustedKey), Header, summary);
        }

        public void Dispose() => hash.Dispose();

        private string? Problem(ReceiptSignature signature, ReceiptSummary summary, string? trustedKey)
        {
            var sha256 = hash.GetHashAndReset();
            if (Header is not { Format: ReceiptHeader.CurrentFormat, Type: "header" })
                return $"It is of another format than {ReceiptHeader.CurrentFormat}.";
            if (signature is not { Algorithm: ReceiptSignature.CurrentAlgorithm, Type: "signature" } || !IsCanonical(signature))
                return "Its last line is not a signature as Cutover writes it.";
            if (signature.Sha256 != Convert.ToHexStringLower(sha256))
                return "Its lines are not those that were signed.";
            if (!ReceiptKey.Verify(summary.PublicKey, sha256, signature.Signature))
                return "Its signature was not made by the key in its summary.";
            return trustedKey is null || trustedKey == summary.PublicKey ? null : "It was signed by another key than the one you trust.";
        }

        private bool IsCanonical(ReceiptSignature signature) => !signature.Signature.Any(char.IsAsciiLetterUpper)
            && last.AsSpan()[..^1].SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(signature, ReceiptFormat.Json.ReceiptSignature));

        private static T Parse<T>(byte[] line, JsonTypeInfo<T> type, string what) =>
            JsonSerializer.Deserialize(line, type) ?? throw new JsonException($"the {what} is null");
    }
}
