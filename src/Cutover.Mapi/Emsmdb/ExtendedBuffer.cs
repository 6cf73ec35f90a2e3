using System.Buffers;
using System.Buffers.Binary;

namespace Cutover.Mapi.Emsmdb;

/// <summary>How a server shall build its answer. Source: [MS-OXCRPC] 3.1.4.2 pulFlags.</summary>
[Flags]
public enum RpcExt2Flags : uint
{
    None = 0,
    NoCompression = 1,
    NoXorMagic = 2,

    /// <summary>The server may go on with the last ROP and append more extended buffers.</summary>
    Chain = 4,
}

/// <summary>Source: [MS-OXCRPC] 2.2.2.1 RPC_HEADER_EXT.</summary>
[Flags]
public enum RpcHeaderExtFlags : ushort
{
    None = 0,
    Compressed = 1,
    XorMagic = 2,
    Last = 4,
}

/// <summary>
/// A payload (ROPs or auxiliary blocks) behind an RPC_HEADER_EXT: version, flags, size, actual size. Payloads are compressed when that
/// makes them smaller,
/// then each byte is XORed with 0xA5; several may follow one another. Source: [MS-OXCRPC] 2.2.2.1, 3.1.4.2.1.
/// </summary>
public static class ExtendedBuffer
{
    public const int HeaderSize = 8;

    /// <summary>The largest payload of one extended buffer, uncompressed. Source: [MS-OXCRPC] 3.1.4.2.1.2.</summary>
    public const int MaximumPayload = 0x7FFF;

    private const byte Magic = 0xA5;

    /// <summary>Writes one extended buffer and returns its size with the header.</summary>
    /// <param name="flags">What the receiver does not want: compression, XOR.</param>
    /// <param name="last">False when another extended buffer follows.</param>
    public static int Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, RpcExt2Flags flags, bool last = true)
    {
        var compressed = flags.HasFlag(RpcExt2Flags.NoCompression) ? null : PlainLz77.Compress(payload);
        var size = compressed?.Length ?? payload.Length;
        var header = (last ? RpcHeaderExtFlags.Last : 0) | (compressed is null ? 0 : RpcHeaderExtFlags.Compressed)
            | (flags.HasFlag(RpcExt2Flags.NoXorMagic) ? 0 : RpcHeaderExtFlags.XorMagic);
        var buffer = output.GetSpan(HeaderSize + size);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[2..], (ushort)header);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[4..], checked((ushort)size));
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[6..], checked((ushort)payload.Length));
        var body = buffer.Slice(HeaderSize, size);
        (compressed is null ? payload : compressed).CopyTo(body);
        if (header.HasFlag(RpcHeaderExtFlags.XorMagic)) Xor(body);
        output.Advance(HeaderSize + size);
        return HeaderSize + size;
    }

    /// <summary>One payload as an extended buffer of its own.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> payload, RpcExt2Flags flags)
    {
        var output = new ArrayBufferWriter<byte>(HeaderSize + payload.Length);
        Write(output, payload, flags);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The payloads of one or more extended buffers, up to the one marked last. No bytes give no payloads.</summary>
    /// <exception cref="MapiProtocolException">A header or a payload is broken, or the last one is missing.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> buffers)
    {
        var payloads = new List<ReadOnlyMemory<byte>>();
        var last = buffers.IsEmpty;
        while (!last)
        {
            payloads.Add(ReadOne(ref buffers, out var flags));
            last = flags.HasFlag(RpcHeaderExtFlags.Last);
        }
        return payloads;
    }

    private static ReadOnlyMemory<byte> ReadOne(ref ReadOnlyMemory<byte> buffers, out RpcHeaderExtFlags flags)
    {
        if (buffers.Length < HeaderSize)
            throw new MapiProtocolException($"Extended buffer of {buffers.Length} bytes has no room for its header");
        var header = buffers.Span;
        var version = BinaryPrimitives.ReadUInt16LittleEndian(header);
        flags = (RpcHeaderExtFlags)BinaryPrimitives.ReadUInt16LittleEndian(header[2..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        int actual = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        if (version != 0 || size > buffers.Length - HeaderSize)
            throw new MapiProtocolException($"Extended buffer header: version {version}, {size} bytes of payload, {buffers.Length - HeaderSize} there");
        var payload = buffers.Slice(HeaderSize, size);
        buffers = buffers[(HeaderSize + size)..];
        return Decode(payload, flags, actual);
    }

    private static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> payload, RpcHeaderExtFlags flags, int actual)
    {
        if (flags.HasFlag(RpcHeaderExtFlags.XorMagic))
        {
            var plain = payload.ToArray();
            Xor(plain);
            payload = plain;
        }
        if (flags.HasFlag(RpcHeaderExtFlags.Compressed)) return PlainLz77.Decompress(payload.Span, actual);
        if (payload.Length != actual) throw new MapiProtocolException($"Extended buffer: {payload.Length} plain bytes, {actual} announced");
        return payload;
    }

    private static void Xor(Span<byte> bytes)
    {
        foreach (ref var octet in bytes) octet ^= Magic;
    }
}
