using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>
/// PropertyValue_r in NDR: tag, reserved, discriminant, then the value or a pointer; what is pointed to follows after the whole array, value by
/// value. Source: [MS-OXNSPI] 2.2.2.
/// </summary>
internal static class NdrValues
{
    private const int ValueSize = 12;
    private const int PointerSize = 4;

    /// <summary>A value, or what is needed to read it once its place comes.</summary>
    private readonly record struct Pending(PropertyTag Tag, object? Value, bool HasPointer);

    /// <summary>A conformant array of values.</summary>
    public static PropertyBag ReadAll(ref NdrReader reader, int codePage)
    {
        var pending = new Pending[reader.ReadConformance(ValueSize)];
        for (var i = 0; i < pending.Length; i++) pending[i] = ReadHead(ref reader);
        var values = new PropertyBag();
        foreach (var one in pending)
            if (ReadTail(ref reader, one, codePage) is { } value)
                values.Add(new PropertyValue(one.Tag, value));
        return values;
    }

    public static void WriteAll(NdrWriter writer, PropertyBag values, int codePage)
    {
        writer.WriteInt32(values.Count);
        foreach (var value in values) WriteHead(writer, value);
        foreach (var value in values) WriteTail(writer, value, codePage);
    }

    /// <summary>One value by itself.</summary>
    public static PropertyValue ReadOne(ref NdrReader reader, int codePage)
    {
        var pending = ReadHead(ref reader);
        var value = ReadTail(ref reader, pending, codePage) ?? throw new MapiProtocolException($"NSPI value {pending.Tag} is NULL.");
        return new PropertyValue(pending.Tag, value);
    }

    public static void WriteOne(NdrWriter writer, PropertyValue value, int codePage)
    {
        WriteHead(writer, value);
        WriteTail(writer, value, codePage);
    }

    public static string ReadString(ref NdrReader reader, PropertyType type, int codePage) =>
        type == PropertyType.String ? reader.ReadUnicodeString() : reader.ReadAsciiString(CodePages.Find(codePage));

    public static void WriteString(NdrWriter writer, PropertyType type, string text, int codePage)
    {
        if (type == PropertyType.String) writer.WriteUnicodeString(text);
        else writer.WriteAsciiString(text, CodePages.Find(codePage));
    }

    private static Pending ReadHead(ref NdrReader reader)
    {
        var tag = new PropertyTag(reader.ReadUInt32());
        _ = reader.ReadUInt32();
        var type = (PropertyType)reader.ReadUInt32();
        if (type != tag.Type) throw new MapiProtocolException($"NSPI value {tag} says that its type is 0x{(uint)type:X}.");
        switch (type)
        {
            case PropertyType.Integer16: return new(tag, reader.ReadInt16(), false);
            case PropertyType.Boolean: return new(tag, reader.ReadUInt16() != 0, false);
            case PropertyType.Integer32 or PropertyType.ErrorCode or PropertyType.Object or PropertyType.Null: return new(tag, reader.ReadInt32(), false);
            case PropertyType.Time: return new(tag, ReadTime(ref reader), false);
            case PropertyType.String8 or PropertyType.String or PropertyType.Guid: return new(tag, null, reader.ReadPointer());
            case PropertyType.Binary or >= PropertyType.MultipleInteger16 and <= PropertyType.MultipleBinary:
                _ = reader.ReadUInt32();
                return new(tag, null, reader.ReadPointer());
            default: throw new MapiProtocolException($"NSPI value {tag} has a type that NSPI does not carry.");
        }
    }

    private static object? ReadTail(ref NdrReader reader, Pending pending, int codePage)
    {
        if (!pending.HasPointer) return pending.Value;
        return pending.Tag.Type switch
        {
            PropertyType.String8 or PropertyType.String => ReadString(ref reader, pending.Tag.Type, codePage),
            PropertyType.Guid => new Guid(reader.ReadBytes(16)),
            PropertyType.Binary => reader.ReadConformantBytes().ToArray(),
            PropertyType.MultipleInteger16 => ReadInteger16s(ref reader),
            PropertyType.MultipleInteger32 => Array.ConvertAll(reader.ReadConformantUInt32s(), value => (int)value),
            PropertyType.MultipleString8 => ReadStrings(ref reader, PropertyType.String8, codePage),
            PropertyType.MultipleString => ReadStrings(ref reader, PropertyType.String, codePage),
            PropertyType.MultipleBinary => ReadBinaries(ref reader),
            PropertyType.MultipleGuid => ReadGuids(ref reader),
            PropertyType.MultipleTime => ReadTimes(ref reader),
            _ => throw new MapiProtocolException($"NSPI value {pending.Tag} has a type that NSPI does not carry."),
        };
    }

    private static void WriteHead(NdrWriter writer, PropertyValue property)
    {
        writer.WriteUInt32(property.Tag.Value);
        writer.WriteUInt32(0);
        writer.WriteUInt32((uint)property.Tag.Type);
        switch (property.Value)
        {
            case short value: writer.WriteInt16(value); break;
            case bool value: writer.WriteUInt16(value ? (ushort)1 : (ushort)0); break;
            case int value: writer.WriteInt32(value); break;
            case DateTime value: WriteTime(writer, value); break;
            case string or Guid: writer.WritePointer(true); break;
            case Array values:
                writer.WriteInt32(values.Length);
                writer.WritePointer(true);
                break;
            default: throw new ArgumentException($"NSPI can't carry property {property.Tag}.", nameof(property));
        }
    }

    private static void WriteTail(NdrWriter writer, PropertyValue property, int codePage)
    {
        switch (property.Value)
        {
            case string text: WriteString(writer, property.Tag.Type, text, codePage); break;
            case Guid guid: writer.WriteBytes(guid.ToByteArray()); break;
            case byte[] bytes: writer.WriteConformantBytes(bytes); break;
            case Array values: WriteElements(writer, property.Tag.Type.ElementType(), values, codePage); break;
            default: break;
        }
    }

    public static void WriteElements(NdrWriter writer, PropertyType elementType, Array values, int codePage)
    {
        writer.WriteInt32(values.Length);
        foreach (var value in values) WriteElementHead(writer, value);
        foreach (var value in values) WriteTail(writer, new PropertyValue(new PropertyTag(0, elementType), value), codePage);
    }

    private static void WriteElementHead(NdrWriter writer, object value)
    {
        switch (value)
        {
            case short number: writer.WriteInt16(number); break;
            case int number: writer.WriteInt32(number); break;
            case DateTime time: WriteTime(writer, time); break;
            case byte[] bytes:
                writer.WriteInt32(bytes.Length);
                writer.WritePointer(true);
                break;
            default: writer.WritePointer(true); break;
        }
    }

    private static short[] ReadInteger16s(ref NdrReader reader)
    {
        var values = new short[reader.ReadConformance(sizeof(short))];
        for (var i = 0; i < values.Length; i++) values[i] = reader.ReadInt16();
        return values;
    }

    private static string[] ReadStrings(ref NdrReader reader, PropertyType type, int codePage)
    {
        var present = ReadPointers(ref reader);
        var values = new string[present.Length];
        for (var i = 0; i < values.Length; i++) values[i] = present[i] ? ReadString(ref reader, type, codePage) : "";
        return values;
    }

    public static byte[][] ReadBinaries(ref NdrReader reader)
    {
        var present = new bool[reader.ReadConformance(2 * PointerSize)];
        for (var i = 0; i < present.Length; i++)
        {
            _ = reader.ReadUInt32();
            present[i] = reader.ReadPointer();
        }
        var values = new byte[present.Length][];
        for (var i = 0; i < values.Length; i++) values[i] = present[i] ? reader.ReadConformantBytes().ToArray() : [];
        return values;
    }

    private static Guid[] ReadGuids(ref NdrReader reader)
    {
        var present = ReadPointers(ref reader);
        var values = new Guid[present.Length];
        for (var i = 0; i < values.Length; i++) values[i] = present[i] ? new Guid(reader.ReadBytes(16)) : Guid.Empty;
        return values;
    }

    private static DateTime[] ReadTimes(ref NdrReader reader)
    {
        var values = new DateTime[reader.ReadConformance(sizeof(long))];
        for (var i = 0; i < values.Length; i++) values[i] = ReadTime(ref reader);
        return values;
    }

    private static bool[] ReadPointers(ref NdrReader reader)
    {
        var present = new bool[reader.ReadConformance(PointerSize)];
        for (var i = 0; i < present.Length; i++) present[i] = reader.ReadPointer();
        return present;
    }

    private static DateTime ReadTime(ref NdrReader reader)
    {
        var low = reader.ReadUInt32();
        return FileTime.ToDateTime((long)reader.ReadUInt32() << 32 | low);
    }

    private static void WriteTime(NdrWriter writer, DateTime time)
    {
        var value = FileTime.FromDateTime(time);
        writer.WriteUInt32((uint)value);
        writer.WriteUInt32((uint)(value >> 32));
    }
}
