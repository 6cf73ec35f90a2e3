using System.Buffers;
using System.Buffers.Binary;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>The value of a multiple-value property as it lies in a stream: a count, then the elements. Source: [MS-OXCFXICS] 2.2.4.1.</summary>
internal static class MultipleValue
{
    /// <summary>Reads the array; false when an element can't be had without loss (see <see cref="PropertyCodec.TryRead"/>).</summary>
    /// <exception cref="MapiProtocolException">The bytes hold fewer elements than they say.</exception>
    public static bool TryRead(PropertyType type, ReadOnlySpan<byte> bytes, out object value)
    {
        var element = type.ElementType();
        var lossless = true;
        var values = new List<object>();
        var left = ReadUInt32(ref bytes);
        for (; left > 0; left--)
        {
            lossless &= PropertyCodec.TryRead(element, TakeElement(element, ref bytes), out var one);
            values.Add(one);
        }
        value = PropertyCodec.ToArray(element, values);
        return lossless;
    }

    /// <summary>Reads the array as well as can be.</summary>
    public static object Read(PropertyType type, ReadOnlySpan<byte> bytes)
    {
        _ = TryRead(type, bytes, out var value);
        return value;
    }

    public static void Write(PropertyType type, object value, IBufferWriter<byte> output)
    {
        var element = type.ElementType();
        var values = PropertyCodec.Elements(value);
        output.Append((uint)values.Count);
        foreach (var one in values)
        {
            var bytes = PropertyCodec.ToBytes(element, one);
            if (FastTransferLexis.IsVariable(element)) output.Append((uint)bytes.Length);
            output.Write(bytes);
        }
    }

    private static ReadOnlySpan<byte> TakeElement(PropertyType element, ref ReadOnlySpan<byte> bytes)
    {
        var size = FastTransferLexis.FixedSize(element);
        return Take(size > 0 ? size : ReadUInt32(ref bytes), ref bytes);
    }

    private static uint ReadUInt32(ref ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, ref bytes));

    private static ReadOnlySpan<byte> Take(long count, ref ReadOnlySpan<byte> bytes)
    {
        if (count > bytes.Length) throw new MapiProtocolException("A multiple-value property ends before its last element.");
        var taken = bytes[..(int)count];
        bytes = bytes[(int)count..];
        return taken;
    }
}
