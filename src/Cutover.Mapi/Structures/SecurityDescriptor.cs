using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>Who may or may not do what. Source: [MS-DTYP] 2.4.4.</summary>
/// <param name="Type">0 allows, 1 denies; kinds 5 to 8 name object types too, in <paramref name="ObjectData"/>.</param>
/// <param name="Sid">Null for a kind whose form isn't known; its bytes are then <paramref name="ObjectData"/>.</param>
public sealed record AccessControlEntry(byte Type, byte Flags, uint Mask, ReadOnlyMemory<byte> ObjectData, SecurityIdentifier? Sid, ReadOnlyMemory<byte> Rest)
{
    private const uint HasObjectType = 1;
    private const uint HasInheritedObjectType = 2;

    public override string ToString() => $"{(Type == 0 ? "allow" : Type == 1 ? "deny" : $"type {Type}")} {Sid} 0x{Mask:X}";

    internal static AccessControlEntry Read(RopReader reader)
    {
        var (type, flags, size) = (reader.ReadByte(), reader.ReadByte(), reader.ReadUInt16());
        var body = new RopReader(reader.ReadBytes(size - 4));
        var mask = body.ReadUInt32();
        if (type is > 3 and not (5 or 6 or 7 or 8)) return new AccessControlEntry(type, flags, mask, body.ReadToEnd(), null, default);
        var objectData = type > 3 ? ReadObjectData(body) : default;
        return new AccessControlEntry(type, flags, mask, objectData, SecurityIdentifier.Read(body), body.ReadToEnd());
    }

    internal void Write(RopWriter writer)
    {
        var body = new RopWriter().WriteUInt32(Mask).WriteBytes(ObjectData.Span).WriteBytes(Sid?.ToBytes() ?? []).WriteBytes(Rest.Span);
        writer.WriteByte(Type).WriteByte(Flags).WriteCount(body.Length + 4).WriteBytes(body.Written.Span);
    }

    private static ReadOnlyMemory<byte> ReadObjectData(RopReader body)
    {
        var peek = new RopReader(body.ReadBytes(4));
        var present = peek.ReadUInt32();
        var guids = ((present & HasObjectType) != 0 ? 16 : 0) + ((present & HasInheritedObjectType) != 0 ? 16 : 0);
        var writer = new RopWriter().WriteUInt32(present).WriteBytes(body.ReadBytes(guids).Span);
        return writer.ToArray();
    }
}

/// <summary>An ACL. Source: [MS-DTYP] 2.4.5.</summary>
public sealed record AccessControlList(byte Revision, IReadOnlyList<AccessControlEntry> Entries)
{
    internal static AccessControlList Read(RopReader reader)
    {
        var revision = reader.ReadByte();
        reader.ReadByte();
        var size = reader.ReadUInt16();
        var body = new RopReader(reader.ReadBytes(size - 4));
        var count = body.ReadUInt16();
        body.ReadUInt16();
        return new AccessControlList(revision, body.ReadArray(count, 8, () => AccessControlEntry.Read(body)));
    }

    internal byte[] ToBytes()
    {
        var body = new RopWriter();
        foreach (var entry in Entries) entry.Write(body);
        return new RopWriter().WriteByte(Revision).WriteByte(0).WriteCount(8 + body.Length).WriteCount(Entries.Count).WriteUInt16(0).WriteBytes(body.Written.Span).ToArray();
    }
}

/// <summary>A self-relative security descriptor. Source: [MS-DTYP] 2.4.6.</summary>
public sealed record SecurityDescriptor(
    byte Revision, byte Sbz1, ushort Control, SecurityIdentifier? Owner, SecurityIdentifier? Group, AccessControlList? Sacl, AccessControlList? Dacl)
{
    private const int HeaderSize = 20;

    /// <exception cref="MapiProtocolException">The bytes are not a security descriptor.</exception>
    public static SecurityDescriptor Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var (revision, sbz1, control) = (reader.ReadByte(), reader.ReadByte(), reader.ReadUInt16());
        T? At<T>(uint offset, Func<RopReader, T> read) where T : class => offset == 0 ? null
            : offset <= bytes.Length ? read(new RopReader(bytes[(int)offset..])) : throw reader.Broken($"an offset within the descriptor, not {offset},");
        return new SecurityDescriptor(revision, sbz1, control,
            At(reader.ReadUInt32(), SecurityIdentifier.Read), At(reader.ReadUInt32(), SecurityIdentifier.Read),
            At(reader.ReadUInt32(), AccessControlList.Read), At(reader.ReadUInt32(), AccessControlList.Read));
    }

    /// <summary>In the order that Exchange writes: owner, group, SACL, DACL.</summary>
    public byte[] ToBytes()
    {
        byte[]?[] parts = [Owner?.ToBytes(), Group?.ToBytes(), Sacl?.ToBytes(), Dacl?.ToBytes()];
        var writer = new RopWriter().WriteByte(Revision).WriteByte(Sbz1).WriteUInt16(Control);
        var offset = HeaderSize;
        foreach (var part in parts)
        {
            writer.WriteInt32(part is null ? 0 : offset);
            offset += part?.Length ?? 0;
        }
        foreach (var part in parts) writer.WriteBytes(part ?? []);
        return writer.ToArray();
    }
}

/// <summary>PidTagNTSecurityDescriptor of a folder: the descriptor behind a header. Source: [MS-XWDVSEC] 2.2.1.1; of free/busy [MS-OXODLGT].</summary>
public sealed record FolderSecurity(ushort Version, uint SecurityInformation, ReadOnlyMemory<byte> Rest, SecurityDescriptor Descriptor)
{
    /// <exception cref="MapiProtocolException">The bytes are not a security descriptor with its header.</exception>
    public static FolderSecurity Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var size = reader.ReadUInt16();
        if (size < 8) throw reader.Broken($"a header of 8 bytes or more, not {size},");
        return new FolderSecurity(reader.ReadUInt16(), reader.ReadUInt32(), reader.ReadBytes(size - 8), SecurityDescriptor.Parse(reader.ReadToEnd()));
    }

    public byte[] ToBytes() => new RopWriter().WriteCount(8 + Rest.Length).WriteUInt16(Version).WriteUInt32(SecurityInformation).WriteBytes(Rest.Span)
        .WriteBytes(Descriptor.ToBytes()).ToArray();
}
