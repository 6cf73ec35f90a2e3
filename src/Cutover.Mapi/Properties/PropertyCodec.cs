using System.Buffers;
using System.Buffers.Binary;
using System.Collections;

namespace Cutover.Mapi.Properties;

/// <summary>
/// Property values as little-endian bytes, in the forms that FastTransfer streams, ROP rows and NSPI share. Lengths and counts in front of
/// values differ between them and are their own affair. Source: [MS-OXCDATA] 2.11.1.
/// </summary>
public static class PropertyCodec
{
    /// <summary>The size in bytes of a fixed-size type's value, 0 for other types. A Boolean is 1 byte; FastTransfer pads it to 2.</summary>
    public static int FixedSize(PropertyType type) => type switch
    {
        PropertyType.Boolean => 1,
        PropertyType.Integer16 => 2,
        PropertyType.Integer32 or PropertyType.Floating32 or PropertyType.ErrorCode => 4,
        PropertyType.Floating64 or PropertyType.Currency or PropertyType.FloatingTime or PropertyType.Integer64 or PropertyType.Time => 8,
        PropertyType.Guid => 16,
        _ => 0,
    };

    public static bool IsString(PropertyType type) =>
        type is PropertyType.String or PropertyType.String8 || type.IsCodePageString();

    /// <summary>True for types whose value is bytes: Binary, Object, ServerId.</summary>
    public static bool IsBinary(PropertyType type) => type is PropertyType.Binary or PropertyType.Object or PropertyType.ServerId;

    /// <summary>
    /// Reads one value of a single-value type from exactly its bytes. False when the value can't stand for the bytes without loss: a time
    /// outside 1601 to 9999, a string with bytes that its code page lacks. <paramref name="value"/> is then the nearest there is.
    /// </summary>
    /// <exception cref="MapiProtocolException">The type is not one, or the bytes are too few.</exception>
    public static bool TryRead(PropertyType type, ReadOnlySpan<byte> bytes, out object value)
    {
        if (type == PropertyType.Time)
        {
            var lossless = FileTime.TryToDateTime(BinaryPrimitives.ReadInt64LittleEndian(Exactly(bytes, type)), out var time);
            value = time;
            return lossless;
        }
        if (IsString(type))
        {
            var lossless = CodePages.TryDecode(CodePages.Of(type), bytes, out var text);
            value = text;
            return lossless;
        }
        value = IsBinary(type) ? bytes.ToArray() : ReadFixed(type, Exactly(bytes, type));
        return true;
    }

    /// <summary>Reads one value of a single-value type as well as can be.</summary>
    /// <exception cref="MapiProtocolException">The type is not one, or the bytes are too few.</exception>
    public static object Read(PropertyType type, ReadOnlySpan<byte> bytes)
    {
        _ = TryRead(type, bytes, out var value);
        return value;
    }

    /// <summary>The bytes of one value of a single-value type; strings with their NUL.</summary>
    public static byte[] ToBytes(PropertyType type, object value)
    {
        if (IsString(type)) return CodePages.Encode(CodePages.Of(type), (string)value);
        if (IsBinary(type)) return (byte[])value;
        var bytes = new byte[FixedSize(type)];
        WriteFixed(type, value, bytes);
        return bytes;
    }

    /// <summary>Writes a value of a fixed-size type into <see cref="FixedSize"/> bytes.</summary>
    public static void WriteFixed(PropertyType type, object value, Span<byte> bytes)
    {
        switch (type)
        {
            case PropertyType.Boolean: bytes[0] = (bool)value ? (byte)1 : (byte)0; break;
            case PropertyType.Integer16: BinaryPrimitives.WriteInt16LittleEndian(bytes, (short)value); break;
            case PropertyType.Integer32 or PropertyType.ErrorCode: BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value); break;
            case PropertyType.Floating32: BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value); break;
            case PropertyType.Floating64 or PropertyType.FloatingTime: BinaryPrimitives.WriteDoubleLittleEndian(bytes, (double)value); break;
            case PropertyType.Integer64 or PropertyType.Currency: BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)value); break;
            case PropertyType.Time: BinaryPrimitives.WriteInt64LittleEndian(bytes, FileTime.FromDateTime((DateTime)value)); break;
            case PropertyType.Guid: ((Guid)value).TryWriteBytes(bytes); break;
            default: throw new ArgumentException($"Property type 0x{(ushort)type:X4} has no fixed size.", nameof(type));
        }
    }

    /// <summary>An array of the element type's own values, such as string[] for MultipleString.</summary>
    public static Array ToArray(PropertyType elementType, IReadOnlyList<object> values)
    {
        var array = Array.CreateInstance(ValueType(elementType), values.Count);
        for (var i = 0; i < values.Count; i++) array.SetValue(values[i], i);
        return array;
    }

    /// <summary>The elements of a multiple-value property's value.</summary>
    public static ICollection Elements(object value) => (ICollection)value;

    /// <summary>Appends bytes to a buffer.</summary>
    internal static void Append(this IBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    internal static void Append(this IBufferWriter<byte> output, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(2), value);
        output.Advance(2);
    }

    private static object ReadFixed(PropertyType type, ReadOnlySpan<byte> bytes) => type switch
    {
        PropertyType.Boolean => bytes[0] != 0,
        PropertyType.Integer16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        PropertyType.Integer32 or PropertyType.ErrorCode => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        PropertyType.Floating32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        PropertyType.Floating64 or PropertyType.FloatingTime => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        PropertyType.Integer64 or PropertyType.Currency => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        PropertyType.Guid => new Guid(bytes),
        _ => throw UnknownType(type),
    };

    private static Type ValueType(PropertyType type) => type switch
    {
        PropertyType.Integer16 => typeof(short),
        PropertyType.Integer32 => typeof(int),
        PropertyType.Floating32 => typeof(float),
        PropertyType.Floating64 or PropertyType.FloatingTime => typeof(double),
        PropertyType.Integer64 or PropertyType.Currency => typeof(long),
        PropertyType.Time => typeof(DateTime),
        PropertyType.Guid => typeof(Guid),
        _ when IsString(type) => typeof(string),
        _ when IsBinary(type) => typeof(byte[]),
        _ => throw UnknownType(type),
    };

    private static ReadOnlySpan<byte> Exactly(ReadOnlySpan<byte> bytes, PropertyType type)
    {
        var size = FixedSize(type);
        if (size == 0) throw UnknownType(type);
        return bytes.Length >= size ? bytes
            : throw new MapiProtocolException($"A value of property type 0x{(ushort)type:X4} needs {size} bytes; {bytes.Length} came.");
    }

    private static MapiProtocolException UnknownType(PropertyType type) => new($"0x{(ushort)type:X4} is not a property type that holds a value here.");
}
