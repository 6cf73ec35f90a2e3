using System.Buffers.Binary;

namespace Cutover.Mapi.FastTransfer;

/// <summary>An Exchange version as RopTellVersion and item streams carry it. Source: [MS-OXCRPC] 3.1.4.1.3, [MS-OXCFXICS] 2.2.3.1.1.6.</summary>
public readonly record struct PartnerVersion(byte Major, byte Minor, ushort Build, ushort Revision)
{
    public const int Size = 6;

    /// <summary>The bit that says that the first word holds major and minor, as all versions since Exchange 2000 do.</summary>
    private const ushort WideMajor = 0x8000;

    /// <summary>What we claim to be: Exchange 2013 CU23, whose streams keep to the plain grammar.</summary>
    public static readonly PartnerVersion Ours = new(15, 0, 1497, 2);

    /// <summary>Reads the three words.</summary>
    /// <exception cref="MapiProtocolException">There are not 6 bytes, or they are in the form of Exchange 5.5.</exception>
    public static PartnerVersion Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new MapiProtocolException($"A partner version has {Size} bytes; {bytes.Length} came.");
        var major = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var build = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        var revision = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if ((build & WideMajor) == 0) throw new MapiProtocolException($"A partner version has the build word 0x{build:X4} without its high bit.");
        return new PartnerVersion((byte)(major >> 8), (byte)major, (ushort)(build & ~WideMajor), revision);
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(Major << 8 | Minor));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)(Build | WideMajor));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], Revision);
    }

    public override string ToString() => $"{Major}.{Minor}.{Build}.{Revision}";
}
