using System.Buffers.Binary;

namespace Cutover.Mapi.Messages.Tnef;

/// <summary>Reads the fields of TNEF in order, little-endian. Too few bytes throw <see cref="MapiProtocolException"/>.</summary>
internal ref struct TnefFields(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> left = bytes;

    public readonly bool AtEnd => left.IsEmpty;

    public readonly int Left => left.Length;

    public byte ReadByte() => ReadBytes(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    public Guid ReadGuid() => new(ReadBytes(16));

    public ReadOnlySpan<byte> ReadBytes(uint count)
    {
        if (count > left.Length) throw new MapiProtocolException($"A TNEF stream ends {count - left.Length} bytes too early.");
        var taken = left[..(int)count];
        left = left[(int)count..];
        return taken;
    }

    /// <summary>Bytes padded to four; writers leave the last padding out.</summary>
    public ReadOnlySpan<byte> ReadPadded(uint count)
    {
        var taken = ReadBytes(count);
        left = left[Math.Min(left.Length, (int)(-count & 3))..];
        return taken;
    }
}
