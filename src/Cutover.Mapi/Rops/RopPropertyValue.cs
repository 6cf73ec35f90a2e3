using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>
/// A property value as a ROP buffer holds it: a Boolean is one byte, strings end with NUL, a binary has a 16-bit size and a list a 32-bit
/// count.
/// Source: [MS-OXCDATA] 2.11.1.
/// </summary>
public static class RopPropertyValue
{
    /// <summary>The last moment that a FILETIME and a DateTime share.</summary>
    private static readonly long MaxFileTime = DateTime.MaxValue.ToFileTimeUtc();

    public static object Read(RopReader reader, PropertyType type) => type switch
    {
        PropertyType.Integer16 => (short)reader.ReadUInt16(),
        PropertyType.Integer32 or PropertyType.ErrorCode => reader.ReadInt32(),
        PropertyType.Floating32 => BitConverter.Int32BitsToSingle(reader.ReadInt32()),
        PropertyType.Floating64 or PropertyType.FloatingTime => BitConverter.Int64BitsToDouble(reader.ReadInt64()),
        PropertyType.Integer64 or PropertyType.Currency => reader.ReadInt64(),
        PropertyType.Boolean => reader.ReadBoolean(),
        PropertyType.String => reader.ReadString(),
        PropertyType.String8 => reader.ReadString8(),
        PropertyType.Time => ReadTime(reader),
        PropertyType.Guid => reader.ReadGuid(),
        PropertyType.Binary or PropertyType.ServerId or PropertyType.Object => reader.ReadBytes(reader.ReadCount()).ToArray(),
        PropertyType.Restriction => Restriction.Read(reader),
        PropertyType.RuleAction => RuleActions.Read(reader),
        PropertyType.MultipleInteger16 => ReadList<short>(reader, type, 2),
        PropertyType.MultipleInteger32 => ReadList<int>(reader, type, 4),
        PropertyType.MultipleFloating32 => ReadList<float>(reader, type, 4),
        PropertyType.MultipleFloating64 or PropertyType.MultipleFloatingTime => ReadList<double>(reader, type, 8),
        PropertyType.MultipleInteger64 or PropertyType.MultipleCurrency => ReadList<long>(reader, type, 8),
        PropertyType.MultipleString => ReadList<string>(reader, type, 2),
        PropertyType.MultipleString8 => ReadList<string>(reader, type, 1),
        PropertyType.MultipleTime => ReadList<DateTime>(reader, type, 8),
        PropertyType.MultipleGuid => ReadList<Guid>(reader, type, 16),
        PropertyType.MultipleBinary => ReadList<byte[]>(reader, type, 2),
        _ => throw reader.Broken($"a property type that a row can hold, not 0x{(ushort)type:X4},"),
    };

    public static void Write(RopWriter writer, PropertyType type, object value)
    {
        if (type.IsMultipleValue())
        {
            WriteList(writer, type, (Array)value);
            return;
        }
        switch (type)
        {
            case PropertyType.Integer16: writer.WriteUInt16(unchecked((ushort)(short)value)); break;
            case PropertyType.Integer32 or PropertyType.ErrorCode: writer.WriteInt32((int)value); break;
            case PropertyType.Floating32: writer.WriteInt32(BitConverter.SingleToInt32Bits((float)value)); break;
            case PropertyType.Floating64 or PropertyType.FloatingTime: writer.WriteInt64(BitConverter.DoubleToInt64Bits((double)value)); break;
            case PropertyType.Integer64 or PropertyType.Currency: writer.WriteInt64((long)value); break;
            case PropertyType.Boolean: writer.WriteBoolean((bool)value); break;
            case PropertyType.String: writer.WriteString((string)value); break;
            case PropertyType.String8: writer.WriteString8((string)value); break;
            case PropertyType.Time: writer.WriteInt64(((DateTime)value).ToFileTimeUtc()); break;
            case PropertyType.Guid: writer.WriteGuid((Guid)value); break;
            case PropertyType.Binary or PropertyType.ServerId or PropertyType.Object: WriteBinary(writer, (byte[])value); break;
            case PropertyType.Restriction: ((Restriction)value).Write(writer); break;
            case PropertyType.RuleAction: ((RuleActions)value).Write(writer); break;
            default: throw new ArgumentException($"A row can't hold a value of type 0x{(ushort)type:X4}", nameof(type));
        }
    }

    /// <summary>The type that a value has when its column doesn't say one.</summary>
    public static PropertyType TypeOf(object value) => value switch
    {
        short => PropertyType.Integer16,
        int => PropertyType.Integer32,
        float => PropertyType.Floating32,
        double => PropertyType.Floating64,
        long => PropertyType.Integer64,
        bool => PropertyType.Boolean,
        string => PropertyType.String,
        DateTime => PropertyType.Time,
        Guid => PropertyType.Guid,
        byte[] => PropertyType.Binary,
        string[] => PropertyType.MultipleString,
        byte[][] => PropertyType.MultipleBinary,
        short[] => PropertyType.MultipleInteger16,
        int[] => PropertyType.MultipleInteger32,
        long[] => PropertyType.MultipleInteger64,
        float[] => PropertyType.MultipleFloating32,
        double[] => PropertyType.MultipleFloating64,
        DateTime[] => PropertyType.MultipleTime,
        Guid[] => PropertyType.MultipleGuid,
        Restriction => PropertyType.Restriction,
        RuleActions => PropertyType.RuleAction,
        _ => throw new ArgumentException($"No property type for {value.GetType()}", nameof(value)),
    };

    private static DateTime ReadTime(RopReader reader)
    {
        // Servers write 0x7FFFFFFFFFFFFFFF for "never"; what lies outside DateTime comes out as its nearest end.
        return DateTime.FromFileTimeUtc(Math.Clamp(reader.ReadInt64(), 0, MaxFileTime));
    }

    private static T[] ReadList<T>(RopReader reader, PropertyType type, int minimumSize)
    {
        var count = reader.ReadUInt32();
        if (count > reader.Remaining) throw reader.Broken($"{count} values");
        return reader.ReadArray((int)count, minimumSize, () => (T)Read(reader, type.ElementType()));
    }

    private static void WriteList(RopWriter writer, PropertyType type, Array values)
    {
        writer.WriteUInt32((uint)values.Length);
        foreach (var value in values) Write(writer, type.ElementType(), value);
    }

    private static void WriteBinary(RopWriter writer, byte[] value) => writer.WriteCount(value.Length).WriteBytes(value);
}
