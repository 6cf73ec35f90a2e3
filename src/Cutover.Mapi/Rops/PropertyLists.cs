using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>
/// RopGetPropertiesAll: every property of an object; one whose value is too big comes as an error (<see cref="PropertyType.ErrorCode"/>).
/// Source: [MS-OXCROPS] 2.2.8.4.
/// </summary>
public sealed record GetPropertiesAllRequest(byte HandleIndex, ushort PropertySizeLimit = 0, bool WantUnicode = true)
    : RopRequest(RopId.GetPropertiesAll, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt16(PropertySizeLimit).WriteUInt16(WantUnicode ? (ushort)1 : (ushort)0);

    internal static GetPropertiesAllRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadUInt16(), reader.ReadUInt16() != 0);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetPropertiesAllResponse(handleIndex, reader.ReadPropertyValues());
}

public sealed record GetPropertiesAllResponse(byte HandleIndex, IReadOnlyList<PropertyValue> Values)
    : RopResponse(RopId.GetPropertiesAll, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WritePropertyValues(Values);
}

/// <summary>RopGetPropertiesList: the tags of all properties that an object has. Source: [MS-OXCROPS] 2.2.8.5.</summary>
public sealed record GetPropertiesListRequest(byte HandleIndex) : RopRequest(RopId.GetPropertiesList, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetPropertiesListResponse(handleIndex, reader.ReadPropertyTags(reader.ReadUInt16()));
}

public sealed record GetPropertiesListResponse(byte HandleIndex, IReadOnlyList<PropertyTag> Tags)
    : RopResponse(RopId.GetPropertiesList, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WritePropertyTags(Tags);
}

/// <summary>Which kind of names is left out. Source: [MS-OXCPRPT] 2.2.9.1.</summary>
[Flags]
public enum NamedPropertiesQueryFlags : byte
{
    None = 0x00,
    NoStrings = 0x01,
    NoIds = 0x02,
}

/// <summary>
/// RopQueryNamedProperties: the named properties that an object has, of one property set when one is given. Source: [MS-OXCROPS] 2.2.8.10.
/// </summary>
public sealed record QueryNamedPropertiesRequest(byte HandleIndex, NamedPropertiesQueryFlags Flags, Guid? PropertySet)
    : RopRequest(RopId.QueryNamedProperties, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte((byte)Flags).WriteBoolean(PropertySet is not null);
        if (PropertySet is { } set) writer.WriteGuid(set);
    }

    internal static QueryNamedPropertiesRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, (NamedPropertiesQueryFlags)reader.ReadByte(), reader.ReadBoolean() ? reader.ReadGuid() : null);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        var ids = reader.ReadArray(reader.ReadUInt16(), 2, reader.ReadUInt16);
        return new QueryNamedPropertiesResponse(handleIndex, ids, reader.ReadArray(ids.Length, 17, reader.ReadPropertyName));
    }
}

/// <summary>Ids and, at the same places, their names.</summary>
public sealed record QueryNamedPropertiesResponse(byte HandleIndex, IReadOnlyList<ushort> PropertyIds, IReadOnlyList<PropertyName> Names)
    : RopResponse(RopId.QueryNamedProperties, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(PropertyIds.Count);
        foreach (var id in PropertyIds) writer.WriteUInt16(id);
        foreach (var name in Names) writer.WritePropertyName(name);
    }
}
