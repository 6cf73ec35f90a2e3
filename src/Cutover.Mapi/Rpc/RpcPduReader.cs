using System.Buffers;
using System.IO.Pipelines;

namespace Cutover.Mapi.Rpc;

/// <summary>Cuts a byte stream into PDUs. A PDU's borders have nothing to do with those of HTTP chunks or TLS records.</summary>
public sealed class RpcPduReader(PipeReader input)
{
    private byte[] buffer = new byte[RpcPduHeader.MaxFragment];

    /// <summary>True when an HTTP answer came where a PDU was expected: proxies say 503 in the middle of a stream.</summary>
    public bool StoppedAtHttp => buffer.AsSpan().StartsWith("HTTP/"u8);

    /// <summary>The next PDU, valid until the next call; null when the stream ended between PDUs.</summary>
    /// <exception cref="MapiProtocolException">The stream ended inside a PDU or is not made of PDUs.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken ct)
    {
        if (!await FillAsync(0, RpcPduHeader.Size, ct)) return null;
        var length = RpcPduHeader.Read(buffer).FragmentLength;
        if (length > buffer.Length) Array.Resize(ref buffer, length);
        if (length > RpcPduHeader.Size && !await FillAsync(RpcPduHeader.Size, length, ct))
            throw new MapiProtocolException($"The stream ended inside an RPC PDU of {length} bytes");
        return buffer.AsMemory(0, length);
    }

    private async ValueTask<bool> FillAsync(int from, int to, CancellationToken ct)
    {
        var result = await input.ReadAtLeastAsync(to - from, ct);
        if (result.Buffer.Length < to - from)
        {
            var rest = result.Buffer.Length;
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            return rest == 0 ? false : throw new MapiProtocolException($"The stream ended {to - from - rest} bytes too early inside an RPC PDU");
        }

        var taken = result.Buffer.Slice(0, to - from);
        taken.CopyTo(buffer.AsSpan(from));
        input.AdvanceTo(taken.End);
        return true;
    }
}
