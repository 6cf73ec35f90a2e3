using System.Runtime.CompilerServices;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <summary>
/// A property of an open object as bytes of any number, a few buffers of which are in memory at a time. Strings are UTF-16 without their NUL.
/// Source: [MS-OXCPRPT] 3.1.4.
/// </summary>
internal sealed class PropertyStream
{
    private const uint BytesPerCall = 0x40000;
    private readonly MapiSession session;
    private readonly RopAnswer first;
    private readonly uint handle;
    private readonly IReadOnlyList<byte> opened;

    private PropertyStream(MapiSession session, RopAnswer first, uint handle, IReadOnlyList<byte> opened)
    {
        this.session = session;
        this.first = first;
        this.handle = handle;
        this.opened = opened;
        Size = first.All<StreamSizeResponse>().First().StreamSize;
    }

    public uint Size { get; }

    /// <summary>Opens the stream and fetches its first bytes in one call.</summary>
    /// <param name="batch">Opens the owner, or uses it.</param>
    /// <param name="opened">What the batch opens; let go of together with the stream.</param>
    /// <exception cref="MapiException">The object or the property isn't there, or can't be opened.</exception>
    public static async Task<PropertyStream> OpenAsync(
        MapiSession session, RopBatch batch, byte owner, IReadOnlyList<byte> opened, PropertyTag tag, CancellationToken ct)
    {
        var stream = batch.Receive();
        batch.Add(new OpenStreamRequest(owner, stream, tag)).Add(new ReadStreamRequest(stream, MaximumByteCount: BytesPerCall));
        var answer = await session.ExecuteAsync(batch, ct);
        // The first bytes may fail by themselves: that is told when they are read.
        var failed = answer.Responses.FirstOrDefault(response => !response.IsSuccess && response is not ReadStreamResponse);
        if (failed is null) return new PropertyStream(session, answer, answer.Handles[stream], opened);
        foreach (var index in opened) session.ReleaseLater(answer.Handles[index]);
        throw new MapiException($"Rop{failed.Id}", failed.ReturnValue);
    }

    /// <summary>The bytes, once. Stopping early lets go of the stream.</summary>
    /// <exception cref="MapiException">The server can't go on.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            var left = (long)Size;
            for (var answer = first; ; answer = await ReadOnAsync(ct))
            {
                var before = left;
                foreach (var part in answer.All<ReadStreamResponse>())
                {
                    if (!part.IsSuccess) throw new MapiException("RopReadStream", part.ReturnValue);
                    if (part.Data.IsEmpty || left == 0) continue;
                    yield return part.Data[..(int)Math.Min(left, part.Data.Length)];
                    left -= Math.Min(left, part.Data.Length);
                }
                if (left == 0) yield break;
                if (left == before) throw new MapiException("RopReadStream", MapiErrorCode.CorruptData, $"the stream ended {left} bytes before its size");
            }
        }
        finally
        {
            session.ReleaseLater(handle);
            foreach (var index in opened) session.ReleaseLater(first.Handles[index]);
        }
    }

    private Task<RopAnswer> ReadOnAsync(CancellationToken ct)
    {
        var batch = new RopBatch();
        return session.ExecuteAsync(batch.Add(new ReadStreamRequest(batch.Use(handle), MaximumByteCount: BytesPerCall)), ct);
    }
}
