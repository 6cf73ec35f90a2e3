using System.Buffers;
using System.IO.Pipelines;

namespace Cutover.Mapi.Rpc;

/// <summary>Cuts a byte stream into PDUs. A PDU's borders have nothing to do with those of HTTP chunks or TLS records.</summary>
public sealed class RpcPduReader(PipeReader input)
{
    private byte[] scattered = [];
    private SequencePosition? handedOut;

    /// <summary>True when an HTTP answer came where a PDU was expected: proxies say 503 in the middle of a stream.</summary>
    public bool StoppedAtHttp { get; private set; }

    /// <summary>The next PDU, valid until the next call; null when the stream ended between PDUs.</summary>
    /// <exception cref="MapiProtocolException">The stream ended inside a PDU or is not made of PDUs.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken ct)
    {
        if (handedOut is { } end) input.AdvanceTo(end);
        handedOut = null;
        if (await FillAsync(RpcPduHeader.Size, ct) is not { } buffer) return null;
        var length = LengthOf(buffer);
        if (buffer.Length < length)
        {
            input.AdvanceTo(buffer.Start);
            buffer = await FillAsync(length, ct) ?? throw new MapiProtocolException($"The stream ended inside an RPC PDU of {length} bytes");
        }

        var pdu = buffer.Slice(0, length);
        handedOut = pdu.End;
        return pdu.IsSingleSegment ? pdu.First : Gather(pdu);
    }

    private int LengthOf(ReadOnlySequence<byte> buffer)
    {
        Span<byte> header = stackalloc byte[RpcPduHeader.Size];
        buffer.Slice(0, RpcPduHeader.Size).CopyTo(header);
        StoppedAtHttp = header.StartsWith("HTTP/"u8);
        return RpcPduHeader.Read(header).FragmentLength;
    }

    private ReadOnlyMemory<byte> Gather(ReadOnlySequence<byte> pdu)
    {
        var length = (int)pdu.Length;
        if (length > scattered.Length) scattered = new byte[Math.Max(length, RpcPduHeader.MaxFragment)];
        pdu.CopyTo(scattered);
        return scattered.AsMemory(0, length);
    }

    /// <summary>At least so many bytes, not consumed yet; null at the end of the stream.</summary>
    private async ValueTask<ReadOnlySequence<byte>?> FillAsync(int size, CancellationToken ct)
    {
        var result = await input.ReadAtLeastAsync(size, ct);
        if (result.Buffer.Length >= size) return result.Buffer;
        var rest = result.Buffer.Length;
        input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        return rest == 0 ? null : throw new MapiProtocolException($"The stream ended {size - rest} bytes too early inside an RPC PDU");
    }
}
