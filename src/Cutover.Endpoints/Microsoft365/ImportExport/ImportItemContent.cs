using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using Cutover.Core.Mailboxes;

namespace Cutover.Endpoints.Microsoft365.ImportExport;

/// <summary>
/// The body of importItem: <c>{"FolderId","Mode","ItemId","ChangeKey","Data"}</c>, where Data is the item stream in base64, encoded while it is sent, so that
/// no more than one chunk of the item is ever in memory.
/// </summary>
internal sealed class ImportItemContent : HttpContent
{
    /// <summary>A multiple of three bytes, so that no chunk but the last needs padding.</summary>
    private const int ChunkSize = 48 * 1024;

    private readonly MailboxItem item;
    private readonly byte[] before;
    private readonly byte[] after = "\"}"u8.ToArray();

    public ImportItemContent(MailboxItem item, TargetFolderId folder, TargetItem? existing)
    {
        this.item = item;
        before = Encoding.UTF8.GetBytes(Prefix(folder, existing));
        Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
    }

    /// <summary>The whole body was handed to the connection, so the server may act on it.</summary>
    public bool WasSent { get; private set; }

    /// <summary>What went wrong while the item was read, as apart from the connection.</summary>
    public Exception? ReadFailure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context,
        CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken ct)
    {
        await stream.WriteAsync(before, ct);
        await WriteBase64Async(stream, ct);
        // From the last byte on the server can have it all.
        WasSent = true;
        await stream.WriteAsync(after, ct);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = before.Length + ((item.StreamLength + 2) / 3 * 4) + after.Length;
        return true;
    }

    private async Task WriteBase64Async(Stream output, CancellationToken ct)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        var encoded = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(ChunkSize));
        try
        {
            await using var input = await ReadingAsync(() => item.OpenAsync(ct));
            int count;
            do
            {
                count = await ReadingAsync(() => input.ReadAtLeastAsync(chunk.AsMemory(0, ChunkSize), ChunkSize, throwOnEndOfStream: false, ct));
                Base64.EncodeToUtf8(chunk.AsSpan(0, count), encoded, out _, out var written);
                await output.WriteAsync(encoded.AsMemory(0, written), ct);
            }
            while (count == ChunkSize);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
            ArrayPool<byte>.Shared.Return(encoded);
        }
    }

    private async ValueTask<T> ReadingAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            ReadFailure = failure;
            throw;
        }
    }

    private static string Prefix(TargetFolderId folder, TargetItem? existing)
    {
        var replaced = existing is null ? "\"Mode\":\"create\""
            : $"\"Mode\":\"update\",\"ItemId\":{Quote(existing.Id)},\"ChangeKey\":{Quote(existing.ChangeKey)}";
        return $"{{\"FolderId\":{Quote(folder.Value)},{replaced},\"Data\":\"";
    }

    private static string Quote(string value) => $"\"{JavaScriptEncoder.Default.Encode(value)}\"";
}
