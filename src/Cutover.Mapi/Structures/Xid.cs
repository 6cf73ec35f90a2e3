using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>PidTagChangeKey and others: who made a change, and which of theirs. Source: [MS-OXCFXICS] 2.2.2.2.</summary>
/// <param name="LocalId">1 to 8 bytes.</param>
public sealed record Xid(Guid NamespaceGuid, ReadOnlyMemory<byte> LocalId)
{
    public static Xid Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        return new Xid(reader.ReadGuid(), reader.ReadToEnd());
    }

    public byte[] ToBytes() => new RopWriter().WriteGuid(NamespaceGuid).WriteBytes(LocalId.Span).ToArray();

    public override string ToString() => $"{NamespaceGuid}-{Convert.ToHexString(LocalId.Span)}";
}

/// <summary>PidTagPredecessorChangeList: the last change that each replica contributed. Source: [MS-OXCFXICS] 2.2.2.3.</summary>
public sealed record PredecessorChangeList(IReadOnlyList<Xid> Changes)
{
    /// <exception cref="MapiProtocolException">The list is cut.</exception>
    public static PredecessorChangeList Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var changes = new List<Xid>();
        while (!reader.AtEnd) changes.Add(Xid.Parse(reader.ReadBytes(reader.ReadByte())));
        return new PredecessorChangeList(changes);
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter();
        foreach (var change in Changes) writer.WriteByte(checked((byte)(16 + change.LocalId.Length))).WriteBytes(change.ToBytes());
        return writer.ToArray();
    }

    public override string ToString() => string.Join(", ", Changes);
}
