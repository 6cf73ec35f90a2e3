using System.Buffers.Binary;
using System.Text;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>
/// Reads the fields of ROPs in order, little-endian. Every read is checked: too few bytes throw <see cref="MapiProtocolException"/>.
/// </summary>
public sealed class RopReader(ReadOnlyMemory<byte> data)
{
    private const int MinimumPropertyValue = 5;

    public int Offset { get; private set; }

    public int Remaining => data.Length - Offset;

    public bool AtEnd => Remaining == 0;

    /// <summary>The next byte, left in place.</summary>
    public byte PeekByte() => Span(1, advance: false)[0];

    /// <summary>
    /// True where counts take four bytes in place of two: in extended rules, which are no ROPs but hold the same structures. Source:
    /// [MS-OXCDATA] 2.11.1.1.
    /// </summary>
    public bool HasWideCounts { get; init; }

    /// <summary>The ids of logons to public folders, whose ROPs are longer in places. Source: [MS-OXCROPS] 2.2.6.11.1.</summary>
    public IReadOnlySet<byte> PublicLogons { get; init; } = new HashSet<byte>();

    public byte ReadByte() => Span(1)[0];

    public bool ReadBoolean() => ReadByte() != 0;

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Span(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Span(4));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Span(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Span(8));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Span(8));

    public Guid ReadGuid() => new(Span(16));

    public ObjectId ReadObjectId() => new(ReadUInt64());

    /// <summary>A 16-bit count, then the ids.</summary>
    public ObjectId[] ReadObjectIds() => ReadArray(ReadUInt16(), 8, ReadObjectId);

    /// <summary>
    /// 24 bytes: GUID, counter with the most significant byte first, two bytes of padding. Source: [MS-OXCDATA] 2.2.1.3.1.
    /// </summary>
    public LongTermId ReadLongTermId()
    {
        var replica = ReadGuid();
        ulong counter = 0;
        foreach (var digit in Span(6)) counter = counter << 8 | digit;
        Span(2);
        return new LongTermId(replica, counter);
    }

    /// <summary>A slice of the buffer; it stays valid as long as the buffer.</summary>
    public ReadOnlyMemory<byte> ReadBytes(int count)
    {
        Span(count);
        return data.Slice(Offset - count, count);
    }

    /// <summary>Everything that is left.</summary>
    public ReadOnlyMemory<byte> ReadToEnd() => ReadBytes(Remaining);

    /// <summary>
    /// 8-bit characters up to and with a NUL. Latin-1: the names in ROPs are ASCII, strings in rows are asked for as Unicode.
    /// </summary>
    public string ReadString8()
    {
        var length = data.Span[Offset..].IndexOf((byte)0);
        if (length < 0) throw Broken("a terminating NUL");
        return Encoding.Latin1.GetString(Span(length + 1)[..^1]);
    }

    /// <summary>UTF-16 characters up to and with a NUL.</summary>
    public string ReadString()
    {
        var rest = data.Span[Offset..];
        for (var i = 0; i + 1 < rest.Length; i += 2)
        {
            if (rest[i] == 0 && rest[i + 1] == 0) return Encoding.Unicode.GetString(Span(i + 2)[..^2]);
        }
        throw Broken("a terminating UTF-16 NUL");
    }

    /// <summary>The number of elements or bytes that follow.</summary>
    public int ReadCount()
    {
        if (!HasWideCounts) return ReadUInt16();
        var count = ReadUInt32();
        return count <= Remaining ? (int)count : throw Broken($"{count} elements");
    }

    /// <summary>A text in UTF-16 or in 8-bit characters, as a field before it said.</summary>
    public string ReadText(bool unicode) => unicode ? ReadString() : ReadString8();

    public PropertyTag ReadPropertyTag() => new(ReadUInt32());

    public PropertyTag[] ReadPropertyTags(int count) => ReadArray(count, 4, ReadPropertyTag);

    /// <summary>A tag and the value of its type: a TaggedPropertyValue. Source: [MS-OXCDATA] 2.11.4.</summary>
    public PropertyValue ReadPropertyValue()
    {
        var tag = ReadPropertyTag();
        return new PropertyValue(tag, RopPropertyValue.Read(this, tag.Type));
    }

    /// <summary>A count, then tagged values.</summary>
    public PropertyValue[] ReadPropertyValues() => ReadArray(ReadCount(), MinimumPropertyValue, ReadPropertyValue);

    /// <summary>A PropertyName: kind, property set, then a LID or a counted UTF-16 name. Source: [MS-OXCDATA] 2.6.1.</summary>
    public PropertyName ReadPropertyName()
    {
        var kind = ReadByte();
        var propertySet = ReadGuid();
        return kind switch
        {
            0x00 => PropertyName.Of(propertySet, ReadUInt32()),
            0x01 => PropertyName.Of(propertySet, Encoding.Unicode.GetString(Span(ReadByte())).TrimEnd('\0')),
            0xFF => new PropertyName(propertySet, null, null),
            _ => throw Broken($"a property name kind, not 0x{kind:X2},"),
        };
    }

    /// <summary>
    /// Reads <paramref name="count"/> elements, each of at least <paramref name="minimumSize"/> bytes, so that a false count can't ask for
    /// memory.
    /// </summary>
    public T[] ReadArray<T>(int count, int minimumSize, Func<T> read)
    {
        if (count < 0 || (long)count * minimumSize > Remaining) throw Broken($"{count} elements");
        var elements = new T[count];
        for (var i = 0; i < count; i++) elements[i] = read();
        return elements;
    }

    /// <summary>A <see cref="MapiProtocolException"/> that says where reading stopped.</summary>
    public MapiProtocolException Broken(string expected) => new($"Expected {expected} at offset {Offset} of {data.Length} bytes");

    private ReadOnlySpan<byte> Span(int count, bool advance = true)
    {
        if (count < 0 || count > Remaining) throw Broken($"{count} bytes");
        var span = data.Span.Slice(Offset, count);
        if (advance) Offset += count;
        return span;
    }
}
