namespace Cutover.Mapi.Rops;

/// <summary>RopDeleteMessages, or RopHardDeleteMessages. Source: [MS-OXCROPS] 2.2.4.11, 2.2.4.12.</summary>
public sealed record DeleteMessagesRequest(RopId Id, byte HandleIndex, IReadOnlyList<ObjectId> MessageIds) : PartialRequest(Id, HandleIndex)
{
    public bool WantAsynchronous { get; init; }

    /// <summary>Senders who asked for a read receipt hear that the message was deleted unread.</summary>
    public bool NotifyNonRead { get; init; }

    protected override void WriteBody(RopWriter writer) =>
        writer.WriteBoolean(WantAsynchronous).WriteBoolean(NotifyNonRead).WriteObjectIds(MessageIds);

    internal static DeleteMessagesRequest ReadBody(RopId id, byte handleIndex, RopReader reader)
    {
        var asynchronous = reader.ReadBoolean();
        var notify = reader.ReadBoolean();
        return new DeleteMessagesRequest(id, handleIndex, reader.ReadObjectIds()) { WantAsynchronous = asynchronous, NotifyNonRead = notify };
    }
}

/// <summary>RopMoveCopyMessages. Source: [MS-OXCROPS] 2.2.4.6.</summary>
public sealed record MoveCopyMessagesRequest(byte HandleIndex, byte DestinationHandleIndex, IReadOnlyList<ObjectId> MessageIds, bool WantCopy)
    : PartialRequest(RopId.MoveCopyMessages, HandleIndex)
{
    public bool WantAsynchronous { get; init; }

    private protected override byte Destination => DestinationHandleIndex;

    protected override void WriteBody(RopWriter writer) => writer
        .WriteByte(DestinationHandleIndex).WriteObjectIds(MessageIds).WriteBoolean(WantAsynchronous).WriteBoolean(WantCopy);

    internal static MoveCopyMessagesRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var destination = reader.ReadByte();
        var ids = reader.ReadObjectIds();
        var asynchronous = reader.ReadBoolean();
        return new MoveCopyMessagesRequest(handleIndex, destination, ids, reader.ReadBoolean()) { WantAsynchronous = asynchronous };
    }
}
