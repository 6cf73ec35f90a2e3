using System.Buffers;
using System.IO.Pipelines;

namespace Cutover.Lab.Exchange.Http;

/// <summary>
/// Writes PDUs to an HTTP body. With a seed it cuts and joins them anywhere, as proxies between Exchange and its clients do: each piece goes in a
/// flush of its own, and so in an HTTP chunk and a TLS record of its own.
/// </summary>
internal sealed class PduSplitter(PipeWriter output, int? seed)
{
    /// <summary>What may wait for more before it is sent.</summary>
    private const int LargestHold = 32 * 1024;

    private const int MostPieces = 4;
    private readonly Random? random = seed is { } value ? new Random(value) : null;

    /// <param name="more">More follows at once.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, bool more, CancellationToken ct)
    {
        if (random is not null) bytes = await WritePiecesAsync(bytes, random, ct);
        output.Write(bytes.Span);
        if (!more || output.UnflushedBytes > LargestHold || random?.Next(3) == 0) await FlushAsync(ct);
    }

    public async ValueTask FlushAsync(CancellationToken ct)
    {
        if (output.UnflushedBytes > 0) await output.FlushAsync(ct);
    }

    /// <summary>All but the last piece, which is returned.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> WritePiecesAsync(ReadOnlyMemory<byte> bytes, Random random, CancellationToken ct)
    {
        for (var pieces = random.Next(MostPieces); pieces > 0 && bytes.Length > 1; pieces--)
        {
            var length = random.Next(1, bytes.Length);
            output.Write(bytes.Span[..length]);
            await output.FlushAsync(ct);
            bytes = bytes[length..];
        }

        return bytes;
    }
}
