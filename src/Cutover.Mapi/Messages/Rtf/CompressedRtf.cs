using System.Buffers.Binary;
using System.Text;

namespace Cutover.Mapi.Messages.Rtf;

/// <summary>The form in which PidTagRtfCompressed holds RTF. Source: [MS-OXRTFCP].</summary>
public static class CompressedRtf
{
    internal const int HeaderSize = 16;
    internal const int DictionarySize = 4096;
    internal const int ShortestReference = 2;
    internal const int LongestReference = 17;

    /// <summary>"LZFu" and "MELA" as little-endian numbers: compressed, and not. Source: [MS-OXRTFCP] 2.1.3.1.1.</summary>
    internal const uint Compressed = 0x75465A4C;
    internal const uint Uncompressed = 0x414C454D;

    /// <summary>What the dictionary holds at the start. Source: [MS-OXRTFCP] 2.1.2.1.</summary>
    internal static readonly byte[] Dictionary = Encoding.ASCII.GetBytes(
        @"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
        + @"{\colortbl\red0\green0\blue0" + "\r\n" + @"\par \pard\plain\f0\fs20\b\i\u\tab\tx");

    /// <summary>Decompresses a whole property.</summary>
    /// <exception cref="MapiProtocolException">The bytes are cut, damaged or no compressed RTF.</exception>
    public static byte[] Decompress(byte[] property)
    {
        using var rtf = new MemoryStream();
        using var stream = new CompressedRtfStream(new MemoryStream(property, writable: false));
        stream.CopyTo(rtf);
        return rtf.ToArray();
    }

    /// <summary>Compresses RTF.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> rtf) => WithHeader(Compressed, rtf.Length, RtfCompressor.Compress(rtf), withCrc: true);

    /// <summary>Wraps RTF without compressing it.</summary>
    public static byte[] Wrap(ReadOnlySpan<byte> rtf) => WithHeader(Uncompressed, rtf.Length, rtf, withCrc: false);

    internal static MapiProtocolException Broken(string what) => new($"Compressed RTF is broken: {what}.");

    private static byte[] WithHeader(uint kind, int rawSize, ReadOnlySpan<byte> content, bool withCrc)
    {
        var bytes = new byte[HeaderSize + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 4);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), rawSize);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), kind);
        if (withCrc) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), RtfCrc.Of(content));
        content.CopyTo(bytes.AsSpan(HeaderSize));
        return bytes;
    }
}
