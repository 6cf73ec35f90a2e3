using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Tnef;

/// <summary>
/// MAPI properties in a TNEF stream: MsgPropertyList, its values and names. Strings come out as PtypString. Source: [MS-OXTNEF] 2.1.3.4.
/// </summary>
internal sealed class TnefProperties(int codePage)
{
    private const uint NamedByLid = 0;

    /// <summary>Object values, such as embedded messages, with their interface id in front.</summary>
    public static readonly PropertyTag ObjectData = PropertyTags.AttachDataObject;

    public PropertyBag Read(ref TnefFields fields)
    {
        var properties = new PropertyBag();
        for (var count = fields.ReadUInt32(); count > 0; count--) properties.Add(ReadProperty(ref fields));
        return properties;
    }

    public List<PropertyBag> ReadRows(ref TnefFields fields)
    {
        var rows = new List<PropertyBag>();
        for (var count = fields.ReadUInt32(); count > 0; count--) rows.Add(Read(ref fields));
        return rows;
    }

    private PropertyValue ReadProperty(ref TnefFields fields)
    {
        var type = (PropertyType)fields.ReadUInt16();
        var tag = new PropertyTag(fields.ReadUInt16(), type);
        var name = tag.IsNamed ? ReadName(ref fields) : null;
        var value = type.IsMultipleValue() ? ReadValues(type.ElementType(), ref fields) : ReadValue(type, ref fields);
        return new PropertyValue(tag.WithType(AsUnicode(type)), value, name);
    }

    private static PropertyName ReadName(ref TnefFields fields)
    {
        var propertySet = fields.ReadGuid();
        return fields.ReadUInt32() == NamedByLid
            ? PropertyName.Of(propertySet, fields.ReadUInt32())
            : PropertyName.Of(propertySet, CodePages.Decode(CodePages.Utf16, fields.ReadPadded(fields.ReadUInt32())).TrimEnd('\0'));
    }

    // A variable-size value has a count of values, 1, in front of its length.
    private object ReadValue(PropertyType type, ref TnefFields fields)
    {
        if (type == PropertyType.Null) return fields.ReadUInt32();
        if (PropertyCodec.FixedSize(type) == 0 && fields.ReadUInt32() is var count and not 1)
            throw new MapiProtocolException($"A TNEF property of the single-value type 0x{(ushort)type:X4} has {count} values.");
        return ReadElement(type, ref fields);
    }

    private Array ReadValues(PropertyType element, ref TnefFields fields)
    {
        var values = new List<object>();
        for (var count = fields.ReadUInt32(); count > 0; count--) values.Add(ReadElement(element, ref fields));
        return PropertyCodec.ToArray(AsUnicode(element), values);
    }

    private object ReadElement(PropertyType type, ref TnefFields fields)
    {
        var size = PropertyCodec.FixedSize(type);
        if (size > 0) return PropertyCodec.Read(type, fields.ReadPadded((uint)size));
        if (type != PropertyType.String8) return Unterminated(PropertyCodec.Read(type, fields.ReadPadded(fields.ReadUInt32())));
        return Unterminated(CodePages.Decode(codePage, fields.ReadPadded(fields.ReadUInt32())));
    }

    // Some writers count more than one NUL into a string.
    private static object Unterminated(object value) => value is string text ? text.TrimEnd('\0') : value;

    private static PropertyType AsUnicode(PropertyType type) => type switch
    {
        PropertyType.String8 => PropertyType.String,
        PropertyType.MultipleString8 => PropertyType.MultipleString,
        _ => type,
    };
}
