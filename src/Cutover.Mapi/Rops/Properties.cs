using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>RopGetPropertiesSpecific. A size limit of 0 leaves it to the output buffer. Source: [MS-OXCROPS] 2.2.8.3.</summary>
public sealed record GetPropertiesSpecificRequest(
    byte HandleIndex, IReadOnlyList<PropertyTag> Tags, ushort PropertySizeLimit = 0, bool WantUnicode = true)
    : RopRequest(RopId.GetPropertiesSpecific, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteUInt16(PropertySizeLimit).WriteUInt16(WantUnicode ? (ushort)1 : (ushort)0).WritePropertyTags(Tags);

    internal static GetPropertiesSpecificRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var limit = reader.ReadUInt16();
        var wantUnicode = reader.ReadUInt16() != 0;
        return new GetPropertiesSpecificRequest(handleIndex, reader.ReadPropertyTags(reader.ReadUInt16()), limit, wantUnicode);
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetPropertiesSpecificResponse(handleIndex, Tags, PropertyRow.Read(reader, Tags));
}

/// <summary>The values of the asked <paramref name="Tags"/>, which are not on the wire.</summary>
public sealed record GetPropertiesSpecificResponse(byte HandleIndex, IReadOnlyList<PropertyTag> Tags, PropertyRow Row)
    : RopResponse(RopId.GetPropertiesSpecific, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => Row.Write(writer, Tags);
}

/// <summary>RopGetPropertyIdsFromNames. Source: [MS-OXCROPS] 2.2.8.1.</summary>
public sealed record GetPropertyIdsFromNamesRequest(byte HandleIndex, bool Create, IReadOnlyList<PropertyName> Names)
    : RopRequest(RopId.GetPropertyIdsFromNames, HandleIndex)
{
    private const byte CreateFlag = 0x02;

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte(Create ? CreateFlag : (byte)0).WriteCount(Names.Count);
        foreach (var name in Names) writer.WritePropertyName(name);
    }

    internal static GetPropertyIdsFromNamesRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var create = (reader.ReadByte() & CreateFlag) != 0;
        return new GetPropertyIdsFromNamesRequest(handleIndex, create, reader.ReadArray(reader.ReadUInt16(), 17, reader.ReadPropertyName));
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => ReadIds(handleIndex, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) =>
        returnValue == GetPropertyIdsFromNamesResponse.ErrorsReturned
            ? ReadIds(handleIndex, reader) with { ReturnValue = returnValue }
            : base.ReadFailure(handleIndex, returnValue, reader);

    private static GetPropertyIdsFromNamesResponse ReadIds(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadArray(reader.ReadUInt16(), 2, reader.ReadUInt16));
}

/// <summary>One id per name; 0 for a name that the mailbox doesn't know.</summary>
public sealed record GetPropertyIdsFromNamesResponse(byte HandleIndex, IReadOnlyList<ushort> PropertyIds)
    : RopResponse(RopId.GetPropertyIdsFromNames, HandleIndex)
{
    /// <summary>ecWarnWithErrors: some names have no id; the ids follow all the same. Source: [MS-OXCPRPT] 3.2.5.10.</summary>
    public const uint ErrorsReturned = 0x00040380;

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(PropertyIds.Count);
        foreach (var id in PropertyIds) writer.WriteUInt16(id);
    }
}

/// <summary>RopGetNamesFromPropertyIds. Source: [MS-OXCROPS] 2.2.8.2.</summary>
public sealed record GetNamesFromPropertyIdsRequest(byte HandleIndex, IReadOnlyList<ushort> PropertyIds)
    : RopRequest(RopId.GetNamesFromPropertyIds, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(PropertyIds.Count);
        foreach (var id in PropertyIds) writer.WriteUInt16(id);
    }

    internal static GetNamesFromPropertyIdsRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadArray(reader.ReadUInt16(), 2, reader.ReadUInt16));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetNamesFromPropertyIdsResponse(handleIndex, reader.ReadArray(reader.ReadUInt16(), 17, reader.ReadPropertyName));
}

/// <summary>One name per id; a name without LID and string stands for an id that has none.</summary>
public sealed record GetNamesFromPropertyIdsResponse(byte HandleIndex, IReadOnlyList<PropertyName> Names)
    : RopResponse(RopId.GetNamesFromPropertyIds, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(Names.Count);
        foreach (var name in Names) writer.WritePropertyName(name);
    }
}
