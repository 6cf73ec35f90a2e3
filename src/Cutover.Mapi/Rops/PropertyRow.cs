using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>In place of a value: why there is none, such as 0x8004010F (not found) or 0x8007000E (too big for a row).</summary>
public sealed record PropertyError(uint Code);

/// <summary>A value and its type, for a column that has none (<see cref="PropertyType.Unspecified"/>); only to be written.</summary>
public sealed record TypedValue(PropertyType Type, object Value);

/// <summary>
/// The values of a row, one per column and in their order: a value as <see cref="PropertyValue"/> describes it, a <see
/// cref="PropertyError"/>, or null
/// when the value is absent. Source: [MS-OXCDATA] 2.8.1.
/// </summary>
public sealed record PropertyRow(IReadOnlyList<object?> Values)
{
    private const byte Standard = 0x00;
    private const byte Flagged = 0x01;
    private const byte ValuePresent = 0x00;
    private const byte ValueAbsent = 0x01;
    private const byte ValueError = 0x0A;

    /// <summary>The row of these columns out of a bag; what the bag hasn't is "not found".</summary>
    public static PropertyRow Of(PropertyBag bag, IReadOnlyList<PropertyTag> columns) =>
        new(columns.Select(column => bag[column] ?? new PropertyError(MapiErrorCode.NotFound)).ToArray());

    /// <summary>The values that are there, by their columns.</summary>
    public PropertyBag ToBag(IReadOnlyList<PropertyTag> columns) =>
        new(columns.Zip(Values)
            .Where(pair => pair.Second is not null and not PropertyError)
            .Select(pair => new PropertyValue(pair.First, pair.Second!)));

    /// <summary>Writes a StandardPropertyRow when every value is there, a FlaggedPropertyRow otherwise.</summary>
    public void Write(RopWriter writer, IReadOnlyList<PropertyTag> columns)
    {
        if (columns.Count != Values.Count) throw new ArgumentException($"{Values.Count} values for {columns.Count} columns");
        var flagged = Values.Any(value => value is null or PropertyError);
        writer.WriteByte(flagged ? Flagged : Standard);
        for (var i = 0; i < columns.Count; i++) WriteValue(writer, columns[i].Type, Values[i], flagged);
    }

    public static PropertyRow Read(RopReader reader, IReadOnlyList<PropertyTag> columns)
    {
        var flagged = reader.ReadByte() switch
        {
            Standard => false,
            Flagged => true,
            var flag => throw reader.Broken($"a property row flag, not 0x{flag:X2},"),
        };
        return new PropertyRow(columns.Select(column => ReadValue(reader, column.Type, flagged)).ToArray());
    }

    private static void WriteValue(RopWriter writer, PropertyType type, object? value, bool flagged)
    {
        if (type == PropertyType.Unspecified)
        {
            (type, value) = value switch
            {
                null or PropertyError => (PropertyType.ErrorCode, value),
                TypedValue typed => (typed.Type, typed.Value),
                _ => (RopPropertyValue.TypeOf(value), value),
            };
            writer.WriteUInt16((ushort)type);
        }
        if (flagged) writer.WriteByte(value switch { null => ValueAbsent, PropertyError => ValueError, _ => ValuePresent });
        if (value is PropertyError error) writer.WriteUInt32(error.Code);
        else if (value is not null) RopPropertyValue.Write(writer, type, value);
    }

    private static object? ReadValue(RopReader reader, PropertyType type, bool flagged)
    {
        if (type == PropertyType.Unspecified) type = (PropertyType)reader.ReadUInt16();
        if (!flagged) return RopPropertyValue.Read(reader, type);
        return reader.ReadByte() switch
        {
            ValuePresent => RopPropertyValue.Read(reader, type),
            ValueAbsent => null,
            ValueError => new PropertyError(reader.ReadUInt32()),
            var flag => throw reader.Broken($"a property value flag, not 0x{flag:X2},"),
        };
    }
}
