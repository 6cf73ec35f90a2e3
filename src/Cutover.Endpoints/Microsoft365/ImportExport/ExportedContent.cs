using System.Buffers;
using System.Buffers.Text;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;

namespace Cutover.Endpoints.Microsoft365.ImportExport;

/// <summary>One exported item as it passes: base64 in, digest out.</summary>
internal sealed class ExportedContent
{
    private const int BufferSize = 16 * 1024;
    private const int Group = 4;

    private readonly ItemDigest digest = new();
    private readonly ItemStreamReader reader;
    private readonly byte[] encoded = new byte[BufferSize];
    private readonly byte[] decoded = new byte[BufferSize];
    private int count;
    private bool isEmpty = true;

    public ExportedContent() => reader = new ItemStreamReader(digest);

    /// <summary>Null when the content could not be read; <see cref="Failure"/> says why.</summary>
    public ContentDigest? Digest { get; private set; }

    public bool IsRead => digest.IsRead;

    /// <summary>Why the content is no item stream.</summary>
    public Exception? Failure { get; private set; }

    public void Decode(ReadOnlySpan<byte> base64)
    {
        if (!base64.IsEmpty) isEmpty = false;
        while (Failure is null && !base64.IsEmpty)
        {
            var part = base64[..Math.Min(base64.Length, BufferSize - count)];
            part.CopyTo(encoded.AsSpan(count));
            count += part.Length;
            base64 = base64[part.Length..];
            if (count == BufferSize) Pass(isLast: false);
        }
    }

    public void Complete()
    {
        if (Failure is null) Pass(isLast: true);
        if (Failure is null) Try(() =>
        {
            if (isEmpty) throw new MapiProtocolException("The item came back without content.");
            reader.Complete();
            Digest = digest.Complete();
        });
    }

    // The last group may hold padding, which only the end may have: it waits until the end is known.
    private void Pass(bool isLast) => Try(() =>
    {
        var take = isLast ? count : count - Group;
        var status = Base64.DecodeFromUtf8(encoded.AsSpan(0, take), decoded, out var consumed, out var written, isFinalBlock: isLast);
        if (status is not (OperationStatus.Done or OperationStatus.NeedMoreData) || isLast && consumed < count)
            throw new MapiProtocolException("The item's data is not base64.");
        reader.Feed(decoded.AsSpan(0, written));
        encoded.AsSpan(consumed, count - consumed).CopyTo(encoded);
        count -= consumed;
    });

    private void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception failure) when (failure is MapiProtocolException or FormatException or ArgumentException or OverflowException or InvalidDataException)
        {
            Failure = failure;
        }
    }
}
