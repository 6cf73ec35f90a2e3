using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Cutover.Mapi.Rpc;

/// <summary>
/// Writes an NDR32 little-endian stub, the counterpart of <see cref="NdrReader"/>. Source: C706 chapter 14, [MS-RPCE] 2.2.4.
/// </summary>
public sealed class NdrWriter
{
    private const uint FirstReferent = 0x00020000;
    private readonly ArrayBufferWriter<byte> stub = new(256);
    private uint referents;

    /// <summary>Bytes written so far, padding included.</summary>
    public int Offset => stub.WrittenCount;

    /// <summary>The stub; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => stub.WrittenMemory;

    /// <summary>Pads with zeros up to a multiple of 2, 4 or 8 bytes.</summary>
    public void Align(int alignment) => Next(-Offset & (alignment - 1)).Clear();

    public void WriteByte(byte value) => Next(1)[0] = value;

    public void WriteUInt16(ushort value)
    {
        Align(2);
        BinaryPrimitives.WriteUInt16LittleEndian(Next(2), value);
    }

    public void WriteInt16(short value) => WriteUInt16((ushort)value);

    public void WriteUInt32(uint value)
    {
        Align(4);
        BinaryPrimitives.WriteUInt32LittleEndian(Next(4), value);
    }

    public void WriteInt32(int value) => WriteUInt32((uint)value);

    public void WriteUInt64(ulong value)
    {
        Align(8);
        BinaryPrimitives.WriteUInt64LittleEndian(Next(8), value);
    }

    /// <summary>A GUID by itself: aligned to 4. A FlatUID_r is bytes: use <see cref="WriteBytes"/>.</summary>
    public void WriteGuid(Guid value)
    {
        Align(4);
        value.TryWriteBytes(Next(16));
    }

    public void WriteContextHandle(RpcContextHandle handle)
    {
        WriteUInt32(handle.Attributes);
        WriteGuid(handle.Uuid);
    }

    /// <summary>Bytes as they stand: a fixed array of octets.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    /// <summary>A unique pointer: a fresh referent, or NULL. The caller writes what it points to where NDR defers it to.</summary>
    public void WritePointer(bool present) => WriteUInt32(present ? FirstReferent + 4 * referents++ : 0);

    /// <summary>A conformant array of octets: maximum count, bytes.</summary>
    public void WriteConformantBytes(ReadOnlySpan<byte> bytes)
    {
        WriteInt32(bytes.Length);
        WriteBytes(bytes);
    }

    /// <summary>A conformant varying array of octets: maximum count, offset 0, actual count, bytes.</summary>
    /// <param name="maximum">The maximum count when it is larger than what is sent (size_is and length_is differ).</param>
    public void WriteConformantVaryingBytes(ReadOnlySpan<byte> bytes, int? maximum = null)
    {
        WriteConformantVariance(bytes.Length, maximum);
        WriteBytes(bytes);
    }

    /// <summary>Maximum count, offset 0 and actual count of a conformant varying array.</summary>
    public void WriteConformantVariance(int actual, int? maximum = null)
    {
        WriteInt32(maximum ?? actual);
        WriteInt32(0);
        WriteInt32(actual);
    }

    /// <summary>A [string] of 8-bit characters with its NUL. Without an encoding each character is one byte.</summary>
    public void WriteAsciiString(string value, Encoding? encoding = null)
    {
        encoding ??= Encoding.Latin1;
        var length = encoding.GetByteCount(value);
        WriteConformantVariance(length + 1);
        encoding.GetBytes(value, Next(length));
        WriteByte(0);
    }

    /// <summary>A [string] of UTF-16 characters with its NUL.</summary>
    public void WriteUnicodeString(string value)
    {
        WriteConformantVariance(value.Length + 1);
        Encoding.Unicode.GetBytes(value, Next(2 * value.Length));
        Next(2).Clear();
    }

    /// <summary>A conformant array of 32-bit integers: maximum count, elements.</summary>
    public void WriteConformantUInt32s(ReadOnlySpan<uint> values)
    {
        WriteInt32(values.Length);
        foreach (var value in values) WriteUInt32(value);
    }

    private Span<byte> Next(int count)
    {
        var span = stub.GetSpan(Math.Max(count, 1))[..count];
        stub.Advance(count);
        return span;
    }
}
