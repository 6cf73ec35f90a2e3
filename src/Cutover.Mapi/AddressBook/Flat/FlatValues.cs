using System.Text;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.AddressBook;

/// <summary>
/// Property values of the address book over HTTP: what may be missing says by a byte whether it is there, sizes and counts have 32 bits. In lists
/// of strings and of binaries each element has such a byte too, which the specification leaves out. Source: [MS-OXCMAPIHTTP] 2.2.1.1 to 2.2.1.6.
/// </summary>
internal static class FlatValues
{
    private const byte True = 0xFF;
    private const byte Present = 0x00;
    private const byte Absent = 0x01;
    private const byte Failed = 0x0A;

    public static bool ReadHas(RopReader reader) => reader.ReadBoolean();

    public static RopWriter WriteHas(this RopWriter writer, bool has) => writer.WriteByte(has ? True : (byte)0);

    /// <summary>AddressBookPropertyValueList. Source: [MS-OXCMAPIHTTP] 2.2.1.3.</summary>
    public static PropertyBag ReadList(RopReader reader, int codePage)
    {
        var count = reader.ReadUInt32();
        var values = new PropertyBag();
        for (var i = 0u; i < count; i++)
            if (ReadTagged(reader, codePage) is { } value)
                values.Add(value);
        return values;
    }

    public static void WriteList(RopWriter writer, PropertyBag values, int codePage)
    {
        writer.WriteUInt32((uint)values.Count);
        foreach (var value in values) WriteTagged(writer, value, codePage);
    }

    /// <summary>AddressBookTaggedPropertyValue; null when it has no value. Source: [MS-OXCMAPIHTTP] 2.2.1.2.</summary>
    public static PropertyValue? ReadTagged(RopReader reader, int codePage)
    {
        var tag = reader.ReadPropertyTag();
        return Read(reader, tag.Type, codePage) is { } value ? new PropertyValue(tag, value) : null;
    }

    public static void WriteTagged(RopWriter writer, PropertyValue value, int codePage)
    {
        writer.WritePropertyTag(value.Tag);
        Write(writer, value.Tag.Type, value.Value, codePage);
    }

    /// <summary>AddressBookPropertyRow. Source: [MS-OXCMAPIHTTP] 2.2.1.7.</summary>
    public static PropertyBag ReadRow(RopReader reader, IReadOnlyList<PropertyTag> columns, int codePage)
    {
        var hasFlags = reader.ReadByte() switch { 0 => false, 1 => true, _ => throw reader.Broken("the flags of a row") };
        var row = new PropertyBag();
        foreach (var column in columns)
        {
            var type = column.Type == PropertyType.Unspecified ? (PropertyType)reader.ReadUInt16() : column.Type;
            var flag = hasFlags ? reader.ReadByte() : Present;
            if (flag == Absent) continue;
            if (flag == Failed) type = PropertyType.ErrorCode;
            else if (flag != Present) throw reader.Broken("the flag of a value");
            if (Read(reader, type, codePage) is { } value) row.Add(new PropertyValue(column.WithType(type), value));
        }
        return row;
    }

    /// <summary>A row whose values stand in the order of the columns; an ErrorCode may stand for each.</summary>
    public static void WriteRow(RopWriter writer, IReadOnlyList<PropertyTag> columns, PropertyBag row, int codePage)
    {
        var values = columns.Select(column => row.Find(value => value.Tag.Id == column.Id)).ToList();
        var isWhole = values.TrueForAll(value => value is not null && value.Tag.Type != PropertyType.ErrorCode);
        writer.WriteByte(isWhole ? (byte)0 : (byte)1);
        for (var i = 0; i < columns.Count; i++)
        {
            var (type, value) = (values[i]?.Tag.Type ?? PropertyType.ErrorCode, values[i]?.Value);
            if (columns[i].Type == PropertyType.Unspecified) writer.WriteUInt16((ushort)type);
            if (!isWhole) writer.WriteByte(value is null ? Absent : type == PropertyType.ErrorCode ? Failed : Present);
            if (value is not null) Write(writer, type, value, codePage);
        }
    }

    /// <summary>AddressBookPropertyValue; null when HasValue says that there is none.</summary>
    private static object? Read(RopReader reader, PropertyType type, int codePage) => MayBeMissing(type) && !ReadPresence(reader) ? null : type switch
    {
        PropertyType.String8 => ReadString8(reader, codePage),
        PropertyType.Binary => ReadBinary(reader),
        // An object travels as nothing at all: only that there is one is told.
        PropertyType.Object or PropertyType.Null => 0,
        PropertyType.MultipleString or PropertyType.MultipleString8 => ReadElements<string>(reader, type.ElementType(), codePage),
        PropertyType.MultipleBinary => ReadElements<byte[]>(reader, type.ElementType(), codePage),
        _ => RopPropertyValue.Read(reader, type),
    };

    private static void Write(RopWriter writer, PropertyType type, object value, int codePage)
    {
        if (MayBeMissing(type)) writer.WriteByte(True);
        switch (type)
        {
            case PropertyType.String8: writer.WriteBytes(CodePages.Encode(codePage, (string)value)); break;
            case PropertyType.Binary: writer.WriteUInt32((uint)((byte[])value).Length).WriteBytes((byte[])value); break;
            case PropertyType.Object or PropertyType.Null: break;
            case PropertyType.MultipleString or PropertyType.MultipleString8 or PropertyType.MultipleBinary:
                WriteElements(writer, type.ElementType(), (Array)value, codePage);
                break;
            default: RopPropertyValue.Write(writer, type, value); break;
        }
    }

    private static T[] ReadElements<T>(RopReader reader, PropertyType type, int codePage) where T : class
    {
        var count = reader.ReadUInt32();
        if (count > reader.Remaining) throw reader.Broken($"{count} values");
        var missing = typeof(T) == typeof(string) ? (object)"" : Array.Empty<byte>();
        return reader.ReadArray((int)count, 1, () => (T)(Read(reader, type, codePage) ?? missing));
    }

    private static void WriteElements(RopWriter writer, PropertyType type, Array values, int codePage)
    {
        writer.WriteUInt32((uint)values.Length);
        foreach (var value in values) Write(writer, type, value, codePage);
    }

    private static bool MayBeMissing(PropertyType type) =>
        type is PropertyType.String or PropertyType.String8 or PropertyType.Binary || type.IsMultipleValue();

    private static bool ReadPresence(RopReader reader) =>
        reader.ReadByte() switch { True => true, 0 => false, _ => throw reader.Broken("whether there is a value") };

    private static byte[] ReadBinary(RopReader reader)
    {
        var size = reader.ReadUInt32();
        return size <= reader.Remaining ? reader.ReadBytes((int)size).ToArray() : throw reader.Broken($"{size} bytes");
    }

    private static string ReadString8(RopReader reader, int codePage)
    {
        // The same bytes, read as one character each.
        var bytes = Encoding.Latin1.GetBytes(reader.ReadString8());
        return CodePages.Find(codePage)?.GetString(bytes) ?? Encoding.Latin1.GetString(bytes);
    }
}
