namespace Cutover.Mapi.Messages.Rtf;

/// <summary>CRC-32 that starts from 0 and is not inverted. Source: [MS-OXRTFCP] 2.1.3.2.</summary>
internal static class RtfCrc
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n => Entry((uint)n))];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = 0u;
        foreach (var b in bytes) crc = Add(crc, b);
        return crc;
    }

    public static uint Add(uint crc, byte b) => Table[(byte)(crc ^ b)] ^ (crc >> 8);

    private static uint Entry(uint value)
    {
        for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
        return value;
    }
}
