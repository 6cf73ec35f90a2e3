using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Why one property could not be set, deleted or copied; <paramref name="Index"/> is its place in the request.</summary>
public sealed record PropertyProblem(ushort Index, PropertyTag PropertyTag, uint ErrorCode);

/// <summary>
/// What did not work of a change of properties, if anything: the answer to RopSetProperties, RopDeleteProperties, their NoReplicate forms,
/// RopCopyTo and RopCopyProperties. Source: [MS-OXCROPS] 2.2.8.6.2.
/// </summary>
public sealed record PropertyProblemsResponse(RopId Id, byte HandleIndex, IReadOnlyList<PropertyProblem> Problems) : RopResponse(Id, HandleIndex)
{
    private const int ProblemSize = 10;

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(Problems.Count);
        foreach (var problem in Problems) writer.WriteUInt16(problem.Index).WritePropertyTag(problem.PropertyTag).WriteUInt32(problem.ErrorCode);
    }

    internal static PropertyProblemsResponse ReadBody(RopId id, byte handleIndex, RopReader reader) => new(
        id, handleIndex, reader.ReadArray(
            reader.ReadUInt16(), ProblemSize, () => new PropertyProblem(reader.ReadUInt16(), reader.ReadPropertyTag(), reader.ReadUInt32())));
}

/// <summary>
/// RopSetProperties and RopSetPropertiesNoReplicate, which differ by their id and for public folders only. Source: [MS-OXCROPS] 2.2.8.6, 2.2.8.7.
/// </summary>
public sealed record SetPropertiesRequest(byte HandleIndex, IReadOnlyList<PropertyValue> Values, RopId Id = RopId.SetProperties)
    : RopRequest(Id, HandleIndex)
{
    // The size counts the 16-bit count of values too.
    protected override void WriteBody(RopWriter writer)
    {
        var values = new RopWriter();
        values.WritePropertyValues(Values);
        writer.WriteCount(values.Length).WriteBytes(values.Written.Span);
    }

    internal static SetPropertiesRequest ReadBody(RopId id, byte handleIndex, RopReader reader)
    {
        var values = new RopReader(reader.ReadBytes(reader.ReadUInt16()));
        return new SetPropertiesRequest(handleIndex, values.ReadPropertyValues(), id);
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => PropertyProblemsResponse.ReadBody(Id, handleIndex, reader);
}

/// <summary>RopDeleteProperties and RopDeletePropertiesNoReplicate. Source: [MS-OXCROPS] 2.2.8.8, 2.2.8.9.</summary>
public sealed record DeletePropertiesRequest(byte HandleIndex, IReadOnlyList<PropertyTag> Tags, RopId Id = RopId.DeleteProperties)
    : RopRequest(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WritePropertyTags(Tags);

    internal static DeletePropertiesRequest ReadBody(RopId id, byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadPropertyTags(reader.ReadUInt16()), id);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => PropertyProblemsResponse.ReadBody(Id, handleIndex, reader);
}

/// <summary>How properties are copied. Source: [MS-OXCPRPT] 2.2.10.1, 2.2.11.1.</summary>
[Flags]
public enum PropertyCopyFlags : byte
{
    None = 0x00,
    Move = 0x01,

    /// <summary>What the destination has stays as it is.</summary>
    NoOverwrite = 0x02,
}

/// <summary>RopCopyProperties: these properties of one object onto another. Source: [MS-OXCROPS] 2.2.8.11.</summary>
public sealed record CopyPropertiesRequest(
    byte HandleIndex, byte DestinationHandleIndex, bool WantAsynchronous, PropertyCopyFlags CopyFlags, IReadOnlyList<PropertyTag> Tags)
    : RopRequest(RopId.CopyProperties, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(DestinationHandleIndex).WriteBoolean(WantAsynchronous).WriteByte((byte)CopyFlags).WritePropertyTags(Tags);

    internal static CopyPropertiesRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, reader.ReadByte(), reader.ReadBoolean(), (PropertyCopyFlags)reader.ReadByte(), reader.ReadPropertyTags(reader.ReadUInt16()));

    public override RopResponse Failure(byte handleIndex, uint returnValue) =>
        NullDestinationResponse.Or(Id, handleIndex, returnValue, DestinationHandleIndex);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => PropertyProblemsResponse.ReadBody(Id, handleIndex, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) =>
        NullDestinationResponse.ReadFailure(Id, handleIndex, returnValue, reader);
}

/// <summary>
/// RopCopyTo: all properties of one object but these onto another, with its recipients and attachments if wanted. Source: [MS-OXCROPS] 2.2.8.12.
/// </summary>
public sealed record CopyToRequest(
    byte HandleIndex, byte DestinationHandleIndex, bool WantAsynchronous, bool WantSubObjects, PropertyCopyFlags CopyFlags,
    IReadOnlyList<PropertyTag> ExcludedTags)
    : RopRequest(RopId.CopyTo, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(DestinationHandleIndex).WriteBoolean(WantAsynchronous).WriteBoolean(WantSubObjects).WriteByte((byte)CopyFlags)
            .WritePropertyTags(ExcludedTags);

    internal static CopyToRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, reader.ReadByte(), reader.ReadBoolean(), reader.ReadBoolean(), (PropertyCopyFlags)reader.ReadByte(),
        reader.ReadPropertyTags(reader.ReadUInt16()));

    public override RopResponse Failure(byte handleIndex, uint returnValue) =>
        NullDestinationResponse.Or(Id, handleIndex, returnValue, DestinationHandleIndex);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => PropertyProblemsResponse.ReadBody(Id, handleIndex, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) =>
        NullDestinationResponse.ReadFailure(Id, handleIndex, returnValue, reader);
}

/// <summary>The destination handle index of a copy held no object. Source: [MS-OXCROPS] 2.2.8.11.3.</summary>
public sealed record NullDestinationResponse(RopId Id, byte HandleIndex, uint DestinationHandleIndex)
    : RopResponse(Id, HandleIndex, MapiErrorCode.NullDestinationObject)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(DestinationHandleIndex);

    /// <summary>This response when the error is that, else an ordinary failure.</summary>
    public static RopResponse Or(RopId id, byte handleIndex, uint returnValue, byte destination) =>
        returnValue == MapiErrorCode.NullDestinationObject
            ? new NullDestinationResponse(id, handleIndex, destination)
            : new RopFailure(id, handleIndex, returnValue);

    internal static RopResponse ReadFailure(RopId id, byte handleIndex, uint returnValue, RopReader reader) =>
        returnValue == MapiErrorCode.NullDestinationObject
            ? new NullDestinationResponse(id, handleIndex, reader.ReadUInt32())
            : new RopFailure(id, handleIndex, returnValue);
}

/// <summary>RopProgress: how far an asynchronous ROP is, or please stop it. Source: [MS-OXCROPS] 2.2.8.13.</summary>
public sealed record ProgressRequest(byte HandleIndex, bool WantCancel) : RopRequest(RopId.Progress, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteBoolean(WantCancel);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new ProgressResponse(handleIndex, reader.ReadByte(), reader.ReadUInt32(), reader.ReadUInt32());
}

public sealed record ProgressResponse(byte HandleIndex, byte LogonId, uint CompletedTaskCount, uint TotalTaskCount)
    : RopResponse(RopId.Progress, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(LogonId).WriteUInt32(CompletedTaskCount).WriteUInt32(TotalTaskCount);
}
