namespace Cutover.Mapi.Properties;

/// <summary>A property id (high word) and its type (low word). Source: [MS-OXCDATA] 2.9.</summary>
public readonly record struct PropertyTag(uint Value)
{
    public PropertyTag(ushort id, PropertyType type) : this((uint)id << 16 | (ushort)type) { }

    /// <summary>The property id; ids from 0x8000 on are named properties whose number differs per mailbox.</summary>
    public ushort Id => (ushort)(Value >> 16);

    public PropertyType Type => (PropertyType)(ushort)Value;

    public bool IsNamed => Id >= 0x8000;

    /// <summary>The same property with another type.</summary>
    public PropertyTag WithType(PropertyType type) => new(Id, type);

    public override string ToString() => $"0x{Value:X8}";
}

/// <summary>The name of a named property: a property set with either a long id (<paramref name="Lid"/>) or a string. Source: [MS-OXCDATA] 2.6.1.</summary>
public sealed record PropertyName(Guid PropertySet, uint? Lid, string? Name)
{
    public static PropertyName Of(Guid propertySet, uint lid) => new(propertySet, lid, null);

    public static PropertyName Of(Guid propertySet, string name) => new(propertySet, null, name);

    public override string ToString() => Lid is { } lid ? $"{{{PropertySet}}} 0x{lid:X4}" : $"{{{PropertySet}}} {Name}";
}

/// <summary>
/// One property with its value. <paramref name="Name"/> is set for named properties; the id in <paramref name="Tag"/> then has no meaning beyond
/// the mailbox it came from. The value is short, int, float, double, long (Integer64, Currency), bool, string (String, String8, code-page strings),
/// DateTime in UTC (Time), Guid, byte[] (Binary, Object, ServerId), or an array of one of these; FloatingTime is a double; ErrorCode an int.
/// </summary>
public sealed record PropertyValue(PropertyTag Tag, object Value, PropertyName? Name = null)
{
    public override string ToString() => $"{(object?)Name ?? Tag} = {Value}";
}
