using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCFXICS] 2.2.3.2.4.2.1.</summary>
[Flags]
public enum ImportFlags : byte
{
    None = 0x00,
    Associated = 0x10,

    /// <summary>A conflict is refused instead of settled.</summary>
    FailOnConflict = 0x40,
}

/// <summary>Source: [MS-OXCFXICS] 2.2.3.2.4.5.1.</summary>
[Flags]
public enum ImportDeleteFlags : byte
{
    None = 0x00,
    Hierarchy = 0x01,
    HardDelete = 0x02,
}

/// <summary>A message, by its 22-byte id, that was read or marked unread.</summary>
public sealed record MessageReadState(ReadOnlyMemory<byte> MessageId, bool MarkAsRead)
{
    internal const int MinimumSize = 3;
}

/// <summary>RopSynchronizationOpenCollector: takes changes of a folder or of its children. Source: [MS-OXCROPS] 2.2.13.7.</summary>
public sealed record OpenCollectorRequest(byte HandleIndex, byte OutputHandleIndex, bool IsContentsCollector)
    : RopRequest(RopId.SynchronizationOpenCollector, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex).WriteBoolean(IsContentsCollector);

    internal static OpenCollectorRequest ReadBody(byte handleIndex, RopReader reader) => new(handleIndex, reader.ReadByte(), reader.ReadBoolean());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>
/// RopSynchronizationImportMessageChange: opens the message, new or changed, to be filled and saved. Source: [MS-OXCROPS] 2.2.13.2.
/// </summary>
public sealed record ImportMessageChangeRequest(byte HandleIndex, byte OutputHandleIndex, ImportFlags Flags, IReadOnlyList<PropertyValue> Properties)
    : RopRequest(RopId.SynchronizationImportMessageChange, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte(OutputHandleIndex).WriteByte((byte)Flags);
        SynchronizationUpload.WriteValues(writer, Properties);
    }

    internal static ImportMessageChangeRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (ImportFlags)reader.ReadByte(), SynchronizationUpload.ReadValues(reader));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new ImportedResponse(Id, handleIndex, reader.ReadObjectId());
}

/// <summary>The id of what was imported; zero for a message that the client names itself. Source: [MS-OXCROPS] 2.2.13.2.2, 2.2.13.4.2.</summary>
public sealed record ImportedResponse(RopId Id, byte HandleIndex, ObjectId ObjectId) : RopResponse(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(ObjectId);
}

/// <summary>RopSynchronizationImportHierarchyChange. Source: [MS-OXCROPS] 2.2.13.4.</summary>
public sealed record ImportHierarchyChangeRequest(byte HandleIndex, IReadOnlyList<PropertyValue> Hierarchy, IReadOnlyList<PropertyValue> Properties)
    : RopRequest(RopId.SynchronizationImportHierarchyChange, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        SynchronizationUpload.WriteValues(writer, Hierarchy);
        SynchronizationUpload.WriteValues(writer, Properties);
    }

    internal static ImportHierarchyChangeRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, SynchronizationUpload.ReadValues(reader), SynchronizationUpload.ReadValues(reader));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new ImportedResponse(Id, handleIndex, reader.ReadObjectId());
}

/// <summary>RopSynchronizationImportMessageMove. Source: [MS-OXCROPS] 2.2.13.6.</summary>
public sealed record ImportMessageMoveRequest(
    byte HandleIndex, ReadOnlyMemory<byte> SourceFolderId, ReadOnlyMemory<byte> SourceMessageId, ReadOnlyMemory<byte> PredecessorChangeList,
    ReadOnlyMemory<byte> DestinationMessageId, ReadOnlyMemory<byte> ChangeNumber)
    : RopRequest(RopId.SynchronizationImportMessageMove, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        foreach (var bytes in (ReadOnlySpan<ReadOnlyMemory<byte>>)[SourceFolderId, SourceMessageId, PredecessorChangeList, DestinationMessageId, ChangeNumber])
            writer.WriteInt32(bytes.Length).WriteBytes(bytes.Span);
    }

    internal static ImportMessageMoveRequest ReadBody(byte handleIndex, RopReader reader)
    {
        ReadOnlyMemory<byte> Next() => reader.ReadBytes(reader.ReadInt32());
        return new ImportMessageMoveRequest(handleIndex, Next(), Next(), Next(), Next(), Next());
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new ImportedResponse(Id, handleIndex, reader.ReadObjectId());
}

/// <summary>RopSynchronizationImportDeletes: its one property holds the ids, each of 22 bytes. Source: [MS-OXCROPS] 2.2.13.5.</summary>
public sealed record ImportDeletesRequest(byte HandleIndex, ImportDeleteFlags Flags, IReadOnlyList<PropertyValue> Properties)
    : RopRequest(RopId.SynchronizationImportDeletes, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte((byte)Flags);
        SynchronizationUpload.WriteValues(writer, Properties);
    }

    internal static ImportDeletesRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, (ImportDeleteFlags)reader.ReadByte(), SynchronizationUpload.ReadValues(reader));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopSynchronizationImportReadStateChanges. Source: [MS-OXCROPS] 2.2.13.3.</summary>
public sealed record ImportReadStateChangesRequest(byte HandleIndex, IReadOnlyList<MessageReadState> States)
    : RopRequest(RopId.SynchronizationImportReadStateChanges, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(States.Sum(state => MessageReadState.MinimumSize + state.MessageId.Length));
        foreach (var state in States) writer.WriteCount(state.MessageId.Length).WriteBytes(state.MessageId.Span).WriteBoolean(state.MarkAsRead);
    }

    internal static ImportReadStateChangesRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var states = new List<MessageReadState>();
        var inner = new RopReader(reader.ReadBytes(reader.ReadUInt16()));
        while (!inner.AtEnd) states.Add(new MessageReadState(inner.ReadBytes(inner.ReadUInt16()), inner.ReadBoolean()));
        return new ImportReadStateChangesRequest(handleIndex, states);
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopGetLocalReplicaIds: reserves counters for objects that the client makes itself. Source: [MS-OXCROPS] 2.2.13.13.</summary>
public sealed record GetLocalReplicaIdsRequest(byte HandleIndex, uint IdCount) : RopRequest(RopId.GetLocalReplicaIds, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(IdCount);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetLocalReplicaIdsResponse(handleIndex, reader.ReadGuid(), SynchronizationUpload.ReadCounter(reader));
}

public sealed record GetLocalReplicaIdsResponse(byte HandleIndex, Guid Replica, ulong FirstCounter) : RopResponse(RopId.GetLocalReplicaIds, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteGuid(Replica);
        for (var shift = 40; shift >= 0; shift -= 8) writer.WriteByte((byte)(FirstCounter >> shift));
    }
}

/// <summary>A range of ids, its ends among them.</summary>
public sealed record LongTermIdRange(LongTermId First, LongTermId Last);

/// <summary>RopSetLocalReplicaMidsetDeleted: ids that the client will never use. Source: [MS-OXCROPS] 2.2.13.12.</summary>
public sealed record SetLocalReplicaMidsetDeletedRequest(byte HandleIndex, IReadOnlyList<LongTermIdRange> Ranges)
    : RopRequest(RopId.SetLocalReplicaMidsetDeleted, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(4 + Ranges.Count * 2 * LongTermId.Size).WriteInt32(Ranges.Count);
        foreach (var range in Ranges) writer.WriteLongTermId(range.First).WriteLongTermId(range.Last);
    }

    internal static SetLocalReplicaMidsetDeletedRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var inner = new RopReader(reader.ReadBytes(reader.ReadUInt16()));
        var ranges = inner.ReadArray(inner.ReadInt32(), 2 * LongTermId.Size, () => new LongTermIdRange(inner.ReadLongTermId(), inner.ReadLongTermId()));
        return new SetLocalReplicaMidsetDeletedRequest(handleIndex, ranges);
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>What the ROPs of an upload share.</summary>
internal static class SynchronizationUpload
{
    private const int MinimumValue = 5;

    public static void WriteValues(RopWriter writer, IReadOnlyList<PropertyValue> values)
    {
        writer.WriteCount(values.Count);
        foreach (var value in values) writer.WritePropertyValue(value);
    }

    public static PropertyValue[] ReadValues(RopReader reader) => reader.ReadArray(reader.ReadUInt16(), MinimumValue, reader.ReadPropertyValue);

    public static ulong ReadCounter(RopReader reader)
    {
        ulong counter = 0;
        for (var i = 0; i < 6; i++) counter = counter << 8 | reader.ReadByte();
        return counter;
    }
}
