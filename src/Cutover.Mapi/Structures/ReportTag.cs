using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>PidTagReportTag: by what a receipt finds the message that it answers. Source: [MS-OXOMSG] 2.2.2.22.</summary>
public sealed record ReportTag(
    ReadOnlyMemory<byte> Cookie, uint Version, ReadOnlyMemory<byte> StoreEntryId, ReadOnlyMemory<byte> FolderEntryId, ReadOnlyMemory<byte> MessageEntryId,
    ReadOnlyMemory<byte> SearchFolderEntryId, ReadOnlyMemory<byte> MessageSearchKey, ReadOnlyMemory<byte> AnsiText)
{
    private const int CookieSize = 9;

    /// <exception cref="MapiProtocolException">The bytes are not a report tag.</exception>
    public static ReportTag Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var cookie = reader.ReadBytes(CookieSize);
        if (!cookie.Span.SequenceEqual("PCDFEB09\0"u8)) throw reader.Broken("the cookie of a report tag before");
        ReadOnlyMemory<byte> Block() => reader.ReadBytes(reader.ReadInt32());
        return new ReportTag(cookie, reader.ReadUInt32(), Block(), Block(), Block(), Block(), Block(), Block());
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter().WriteBytes(Cookie.Span).WriteUInt32(Version);
        foreach (var block in (ReadOnlyMemory<byte>[])[StoreEntryId, FolderEntryId, MessageEntryId, SearchFolderEntryId, MessageSearchKey, AnsiText])
            writer.WriteInt32(block.Length).WriteBytes(block.Span);
        return writer.ToArray();
    }
}
