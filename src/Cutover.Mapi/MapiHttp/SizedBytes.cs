using Cutover.Mapi.Rops;

namespace Cutover.Mapi.MapiHttp;

/// <summary>Bytes behind their 32-bit size: ROP buffers and auxiliary buffers. Source: [MS-OXCMAPIHTTP] 2.2.4.</summary>
internal static class SizedBytes
{
    public static ReadOnlyMemory<byte> Read(RopReader reader)
    {
        var size = reader.ReadUInt32();
        return size <= int.MaxValue ? reader.ReadBytes((int)size) : throw reader.Broken($"{size} bytes");
    }

    public static RopWriter WriteSized(this RopWriter writer, ReadOnlyMemory<byte> bytes) =>
        writer.WriteUInt32((uint)bytes.Length).WriteBytes(bytes.Span);
}
