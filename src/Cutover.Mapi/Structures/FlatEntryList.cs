using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>A FLATENTRYLIST: ids of a message's reply recipients and the like, each padded to 4 bytes. Source: [MS-OXCDATA] 2.3.3.</summary>
public sealed record FlatEntryList(IReadOnlyList<ReadOnlyMemory<byte>> EntryIds)
{
    /// <exception cref="MapiProtocolException">The list is cut.</exception>
    public static FlatEntryList Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var count = reader.ReadUInt32();
        reader.ReadUInt32(); // the size of what follows
        return new FlatEntryList(reader.ReadArray((int)Math.Min(count, int.MaxValue), 4, () => ReadEntry(reader)));
    }

    public byte[] ToBytes()
    {
        var body = new RopWriter();
        foreach (var entryId in EntryIds) body.WriteInt32(entryId.Length).WriteBytes(entryId.Span).WriteBytes(new byte[Padding(entryId.Length)]);
        return new RopWriter().WriteInt32(EntryIds.Count).WriteInt32(body.Length).WriteBytes(body.Written.Span).ToArray();
    }

    private static ReadOnlyMemory<byte> ReadEntry(RopReader reader)
    {
        var entryId = reader.ReadBytes(reader.ReadInt32());
        if (!reader.AtEnd) reader.ReadBytes(Padding(entryId.Length)); // some writers leave the last one's padding away
        return entryId;
    }

    private static int Padding(int length) => -length & 3;
}
