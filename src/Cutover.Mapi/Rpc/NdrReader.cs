using System.Buffers.Binary;
using System.Text;

namespace Cutover.Mapi.Rpc;

/// <summary>
/// Reads an NDR32 little-endian stub. Every scalar is aligned to its own size, counted from the start of the stub.
/// Source: C706 chapter 14, [MS-RPCE] 2.2.4.
/// </summary>
/// <remarks>Broken bytes throw <see cref="MapiProtocolException"/>; nothing here reads past the end.</remarks>
public ref struct NdrReader(ReadOnlySpan<byte> stub)
{
    private readonly ReadOnlySpan<byte> stub = stub;
    private int offset;

    /// <summary>Bytes read so far, padding included.</summary>
    public readonly int Offset => offset;

    /// <summary>Bytes left, padding included.</summary>
    public readonly int Remaining => stub.Length - offset;

    /// <summary>Skips the padding before an item that is aligned to 2, 4 or 8 bytes.</summary>
    public void Align(int alignment)
    {
        var padding = -offset & (alignment - 1);
        if (padding > Remaining) throw Cut(padding);
        offset += padding;
    }

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16()
    {
        Align(2);
        return BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
    }

    public short ReadInt16() => (short)ReadUInt16();

    public uint ReadUInt32()
    {
        Align(4);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    public int ReadInt32() => (int)ReadUInt32();

    public ulong ReadUInt64()
    {
        Align(8);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    }

    /// <summary>A GUID by itself: aligned to 4, its largest field. A FlatUID_r is bytes: use <see cref="ReadBytes"/>.</summary>
    public Guid ReadGuid()
    {
        Align(4);
        return new Guid(Take(16));
    }

    public RpcContextHandle ReadContextHandle() => new(ReadUInt32(), ReadGuid());

    /// <summary>Bytes as they stand: a fixed array of octets.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    /// <summary>A unique pointer: false for NULL. What it points to comes where NDR defers it to.</summary>
    public bool ReadPointer() => ReadUInt32() != 0;

    /// <summary>The maximum count of a conformant array, refused when the stub can't hold so many elements.</summary>
    /// <param name="elementSize">The least bytes that one element takes.</param>
    public int ReadConformance(int elementSize)
    {
        var count = ReadUInt32();
        if (count * (long)elementSize > Remaining)
            throw new MapiProtocolException($"NDR array of {count} elements at offset {offset} does not fit the {Remaining} bytes left");
        return (int)count;
    }

    /// <summary>Offset and actual count of a varying array; returns the actual count.</summary>
    public int ReadVariance(int elementSize)
    {
        var first = ReadUInt32();
        if (first != 0) throw new MapiProtocolException($"NDR varying array at offset {offset - 4} starts at element {first} instead of 0");
        return ReadConformance(elementSize);
    }

    /// <summary>A conformant array of octets: maximum count, bytes.</summary>
    public ReadOnlySpan<byte> ReadConformantBytes() => Take(ReadConformance(1));

    /// <summary>A conformant varying array of octets: maximum count, offset, actual count, bytes.</summary>
    public ReadOnlySpan<byte> ReadConformantVaryingBytes() => Take(ReadConformantVariance(1));

    /// <summary>Maximum count, offset and actual count; returns the actual count. The maximum may exceed what is sent.</summary>
    public int ReadConformantVariance(int elementSize)
    {
        var maximum = ReadUInt32();
        var actual = ReadVariance(elementSize);
        if ((uint)actual > maximum)
            throw new MapiProtocolException($"NDR varying array at offset {offset} has {actual} elements, its maximum is {maximum}");
        return actual;
    }

    /// <summary>A [string] of 8-bit characters, its NUL dropped. Without an encoding each byte is one character.</summary>
    public string ReadAsciiString(Encoding? encoding = null)
    {
        var bytes = Take(ReadConformantVariance(1));
        if (bytes is [.. var text, 0]) bytes = text;
        return (encoding ?? Encoding.Latin1).GetString(bytes);
    }

    /// <summary>A [string] of UTF-16 characters, its NUL dropped.</summary>
    public string ReadUnicodeString()
    {
        var bytes = Take(2 * ReadConformantVariance(2));
        if (bytes is [.. var text, 0, 0]) bytes = text;
        return Encoding.Unicode.GetString(bytes);
    }

    /// <summary>A conformant array of 32-bit integers: maximum count, elements.</summary>
    public uint[] ReadConformantUInt32s()
    {
        var values = new uint[ReadConformance(4)];
        for (var i = 0; i < values.Length; i++) values[i] = ReadUInt32();
        return values;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining) throw Cut(count);
        var taken = stub.Slice(offset, count);
        offset += count;
        return taken;
    }

    private readonly MapiProtocolException Cut(int wanted) =>
        new($"NDR stub ends too early: {wanted} bytes wanted at offset {offset}, {Remaining} left");
}
