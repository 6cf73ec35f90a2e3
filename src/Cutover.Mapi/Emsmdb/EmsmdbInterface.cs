using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Emsmdb;

/// <summary>The RPC interface of the store. Source: [MS-OXCRPC] 1.9, 3.1.4.</summary>
public static class EmsmdbInterface
{
    public static readonly RpcInterfaceId Id = new(new Guid("A4F1DB00-CA47-1067-B31F-00DD010662DA"), 0, 81);

    /// <summary>The port that names it behind an RPC proxy.</summary>
    public const int Port = 6001;

    public const ushort EcDoDisconnect = 1;
    public const ushort EcDummyRpc = 6;
    public const ushort EcDoConnectEx = 10;
    public const ushort EcDoRpcExt2 = 11;

    /// <summary>The most bytes of ROPs in one request. Source: [MS-OXCRPC] 3.1.4.2 cbIn.</summary>
    public const int MaximumInput = 0x40000;

    /// <summary>The most bytes that a server without ultra-large buffers answers. Source: [MS-OXCRPC] 3.1.4.2 pcbOut.</summary>
    public const int MaximumOutput = 0x40000;

    /// <summary>The most bytes that a server with <see cref="ServerCapabilities.UltraLargePackedDownloadBuffers"/> answers. Source: as above.</summary>
    public const int UltraLargeOutput = 0x100000;

    /// <summary>The most bytes of auxiliary data either way. Source: [MS-OXCRPC] 3.1.4.1.</summary>
    public const int MaximumAuxiliary = 0x1008;
}

/// <summary>
/// A version of client or server. On the wire it is three words; the high bit of the second tells that the first holds major and minor in
/// its two bytes.
/// Source: [MS-OXCRPC] 3.1.4.1.3.1.
/// </summary>
public readonly record struct MapiVersion(ushort Major, ushort Minor, ushort Build, ushort Revision)
{
    private const ushort Split = 0x8000;

    public static MapiVersion FromWire(ushort word0, ushort word1, ushort word2) => (word1 & Split) != 0
        ? new MapiVersion((ushort)(word0 >> 8), (ushort)(word0 & 0xFF), (ushort)(word1 & ~Split), word2)
        : new MapiVersion(word0, 0, word1, word2);

    /// <summary>The three words in the split form.</summary>
    public (ushort Word0, ushort Word1, ushort Word2) ToWire() => ((ushort)(Major << 8 | Minor), (ushort)(Build | Split), Revision);

    public override string ToString() => $"{Major}.{Minor}.{Build}.{Revision}";

    internal static MapiVersion Read(ref NdrReader reader) => FromWire(reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());

    internal void Write(NdrWriter writer)
    {
        var (word0, word1, word2) = ToWire();
        writer.WriteUInt16(word0);
        writer.WriteUInt16(word1);
        writer.WriteUInt16(word2);
    }
}
