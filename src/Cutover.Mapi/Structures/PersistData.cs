using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>One folder of <see cref="AdditionalRenEntryIdsEx"/>. Source: [MS-OXOSFLD] 2.2.5.1, 2.2.5.2.</summary>
/// <param name="PersistId">What folder it is: 0x8004 is the to-do search folder.</param>
public sealed record PersistData(ushort PersistId, IReadOnlyList<(ushort ElementId, ReadOnlyMemory<byte> Data)> Elements)
{
    internal static PersistData Read(RopReader reader)
    {
        var (id, size) = (reader.ReadUInt16(), reader.ReadUInt16());
        var body = new RopReader(reader.ReadBytes(size));
        var elements = new List<(ushort, ReadOnlyMemory<byte>)>();
        while (body.Remaining >= 4) elements.Add((body.ReadUInt16(), body.ReadBytes(body.ReadUInt16())));
        return new PersistData(id, elements);
    }

    internal void Write(RopWriter writer)
    {
        var body = new RopWriter();
        foreach (var (elementId, data) in Elements) body.WriteUInt16(elementId).WriteCount(data.Length).WriteBytes(data.Span);
        writer.WriteUInt16(PersistId).WriteCount(body.Length).WriteBytes(body.Written.Span);
    }
}

/// <summary>PidTagAdditionalRenEntryIdsEx: special folders by what they are for. Source: [MS-OXOSFLD] 2.2.5.</summary>
public sealed record AdditionalRenEntryIdsEx(IReadOnlyList<PersistData> Folders)
{
    /// <exception cref="MapiProtocolException">The bytes are cut.</exception>
    public static AdditionalRenEntryIdsEx Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var folders = new List<PersistData>();
        while (reader.Remaining >= 4 && PersistData.Read(reader) is { PersistId: not 0 } folder) folders.Add(folder); // 0: PERSIST_SENTINEL
        return new AdditionalRenEntryIdsEx(folders);
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter();
        foreach (var folder in Folders) folder.Write(writer);
        return writer.ToArray();
    }
}

/// <summary>PidTagExtendedFolderFlags: sub-properties by id. Source: [MS-OXCFOLD] 2.2.2.2.1.16 and [MS-OXOSRCH] 2.2.2.1.2.</summary>
public sealed record ExtendedFolderFlags(IReadOnlyList<(byte Id, ReadOnlyMemory<byte> Data)> Flags)
{
    /// <exception cref="MapiProtocolException">The bytes are cut.</exception>
    public static ExtendedFolderFlags Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var flags = new List<(byte, ReadOnlyMemory<byte>)>();
        while (!reader.AtEnd) flags.Add((reader.ReadByte(), reader.ReadBytes(reader.ReadByte())));
        return new ExtendedFolderFlags(flags);
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter();
        foreach (var (id, data) in Flags) writer.WriteByte(id).WriteByte(checked((byte)data.Length)).WriteBytes(data.Span);
        return writer.ToArray();
    }
}
