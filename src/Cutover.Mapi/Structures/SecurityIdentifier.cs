using System.Globalization;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>A SID: who is meant by a permission. Source: [MS-DTYP] 2.4.2.</summary>
/// <param name="Authority">48 bits.</param>
public sealed record SecurityIdentifier(byte Revision, ulong Authority, IReadOnlyList<uint> SubAuthorities)
{
    /// <exception cref="MapiProtocolException">The bytes are not a SID.</exception>
    public static SecurityIdentifier Parse(ReadOnlyMemory<byte> bytes) => Read(new RopReader(bytes));

    public byte[] ToBytes()
    {
        var writer = new RopWriter().WriteByte(Revision).WriteByte(checked((byte)SubAuthorities.Count));
        for (var shift = 40; shift >= 0; shift -= 8) writer.WriteByte((byte)(Authority >> shift));
        foreach (var subAuthority in SubAuthorities) writer.WriteUInt32(subAuthority);
        return writer.ToArray();
    }

    /// <summary>S-1-5-21-…; an authority beyond 32 bits in hexadecimal. Source: [MS-DTYP] 2.4.2.1.</summary>
    public override string ToString()
    {
        var authority = Authority > uint.MaxValue ? $"0x{Authority:X12}" : Authority.ToString(CultureInfo.InvariantCulture);
        return $"S-{Revision}-{authority}{string.Concat(SubAuthorities.Select(subAuthority => string.Create(CultureInfo.InvariantCulture, $"-{subAuthority}")))}";
    }

    internal static SecurityIdentifier Read(RopReader reader)
    {
        var (revision, count) = (reader.ReadByte(), reader.ReadByte());
        ulong authority = 0;
        foreach (var digit in reader.ReadBytes(6).Span) authority = authority << 8 | digit;
        return new SecurityIdentifier(revision, authority, reader.ReadArray(count, 4, reader.ReadUInt32));
    }
}
