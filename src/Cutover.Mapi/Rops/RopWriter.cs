using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Writes the fields of ROPs in order, little-endian: the mirror of <see cref="RopReader"/>.</summary>
public sealed class RopWriter
{
    private readonly ArrayBufferWriter<byte> output = new(1024);

    public int Length => output.WrittenCount;

    public ReadOnlyMemory<byte> Written => output.WrittenMemory;

    public byte[] ToArray() => output.WrittenSpan.ToArray();

    /// <summary>Makes counts four bytes wide, see <see cref="RopReader.HasWideCounts"/>.</summary>
    public bool HasWideCounts { get; init; }

    public RopWriter WriteByte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
        return this;
    }

    public RopWriter WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    public RopWriter WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(2), value);
        output.Advance(2);
        return this;
    }

    /// <summary>A count or size; what doesn't fit is a mistake of the caller.</summary>
    public RopWriter WriteCount(int value) => HasWideCounts ? WriteInt32(value) : WriteUInt16(checked((ushort)value));

    public RopWriter WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
        return this;
    }

    public RopWriter WriteInt32(int value) => WriteUInt32(unchecked((uint)value));

    public RopWriter WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
        return this;
    }

    public RopWriter WriteInt64(long value) => WriteUInt64(unchecked((ulong)value));

    public RopWriter WriteGuid(Guid value)
    {
        value.TryWriteBytes(output.GetSpan(16));
        output.Advance(16);
        return this;
    }

    public RopWriter WriteObjectId(ObjectId id) => WriteUInt64(id.Value);

    /// <summary>A 16-bit count, then the ids.</summary>
    public RopWriter WriteObjectIds(IReadOnlyList<ObjectId> ids)
    {
        WriteCount(ids.Count);
        foreach (var id in ids) WriteObjectId(id);
        return this;
    }

    public RopWriter WriteLongTermId(LongTermId id)
    {
        WriteGuid(id.Replica);
        for (var shift = 40; shift >= 0; shift -= 8) WriteByte((byte)(id.Counter >> shift));
        return WriteUInt16(0);
    }

    public RopWriter WriteBytes(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        return this;
    }

    public RopWriter WriteString8(string value)
    {
        Encoding.Latin1.GetBytes(value, output);
        return WriteByte(0);
    }

    public RopWriter WriteString(string value)
    {
        Encoding.Unicode.GetBytes(value, output);
        return WriteUInt16(0);
    }

    public RopWriter WriteText(string value, bool unicode) => unicode ? WriteString(value) : WriteString8(value);

    public RopWriter WritePropertyTag(PropertyTag tag) => WriteUInt32(tag.Value);

    /// <summary>A count, then the tags.</summary>
    public RopWriter WritePropertyTags(IReadOnlyList<PropertyTag> tags)
    {
        WriteCount(tags.Count);
        foreach (var tag in tags) WritePropertyTag(tag);
        return this;
    }

    public RopWriter WritePropertyValue(PropertyValue property)
    {
        WritePropertyTag(property.Tag);
        RopPropertyValue.Write(this, property.Tag.Type, property.Value);
        return this;
    }

    /// <summary>A count, then tagged values.</summary>
    public RopWriter WritePropertyValues(IReadOnlyList<PropertyValue> properties)
    {
        WriteCount(properties.Count);
        foreach (var property in properties) WritePropertyValue(property);
        return this;
    }

    public RopWriter WritePropertyName(PropertyName name)
    {
        WriteByte(name switch { { Lid: not null } => 0x00, { Name: not null } => 0x01, _ => 0xFF });
        WriteGuid(name.PropertySet);
        if (name.Lid is { } lid) return WriteUInt32(lid);
        if (name.Name is null) return this;
        WriteByte(checked((byte)((name.Name.Length + 1) * 2)));
        return WriteString(name.Name);
    }
}
