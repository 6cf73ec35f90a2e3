namespace Cutover.Mapi.Rops;

/// <summary>PidTagMessageStatus. Source: [MS-OXCMSG] 2.2.1.8.</summary>
[Flags]
public enum MessageStatusFlags : uint
{
    None = 0,
    InConflict = 0x00000800,
    RemoteDownload = 0x00001000,
    RemoteDelete = 0x00002000,
}

/// <summary>RopGetMessageStatus. Source: [MS-OXCROPS] 2.2.6.9.</summary>
public sealed record GetMessageStatusRequest(byte HandleIndex, ObjectId MessageId) : RopRequest(RopId.GetMessageStatus, HandleIndex)
{
    // The response bears the id of RopSetMessageStatus. Source: [MS-OXCROPS] 2.2.6.9.2.
    public override RopResponse Failure(byte handleIndex, uint returnValue) => new RopFailure(ResponseId, handleIndex, returnValue);

    protected override RopId ResponseId => RopId.SetMessageStatus;

    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(MessageId);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new MessageStatusResponse(handleIndex, (MessageStatusFlags)reader.ReadUInt32());
}

/// <summary>RopSetMessageStatus: the bits under the mask become those of the flags. Source: [MS-OXCROPS] 2.2.6.8.</summary>
public sealed record SetMessageStatusRequest(byte HandleIndex, ObjectId MessageId, MessageStatusFlags Flags, MessageStatusFlags Mask)
    : RopRequest(RopId.SetMessageStatus, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(MessageId).WriteUInt32((uint)Flags).WriteUInt32((uint)Mask);

    internal static SetMessageStatusRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadObjectId(), (MessageStatusFlags)reader.ReadUInt32(), (MessageStatusFlags)reader.ReadUInt32());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new MessageStatusResponse(handleIndex, (MessageStatusFlags)reader.ReadUInt32());
}

/// <summary>The status as it was before.</summary>
public sealed record MessageStatusResponse(byte HandleIndex, MessageStatusFlags Flags) : RopResponse(RopId.SetMessageStatus, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32((uint)Flags);
}

/// <summary>What happens to a message's read state and to its receipt. Source: [MS-OXCMSG] 2.2.3.11.1.</summary>
[Flags]
public enum ReadFlags : byte
{
    Default = 0x00,
    SuppressReceipt = 0x01,
    ClearReadFlag = 0x04,
    Reserved = 0x0A,
    GenerateReceiptOnly = 0x10,
    ClearNotifyRead = 0x20,
    ClearNotifyUnread = 0x40,
}

/// <summary>RopSetReadFlags: of messages of a folder, all of them when none is named. Source: [MS-OXCROPS] 2.2.6.10.</summary>
public sealed record SetReadFlagsRequest(byte HandleIndex, bool WantAsynchronous, ReadFlags ReadFlags, IReadOnlyList<ObjectId> MessageIds)
    : RopRequest(RopId.SetReadFlags, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteBoolean(WantAsynchronous).WriteByte((byte)ReadFlags).WriteCount(MessageIds.Count);
        foreach (var id in MessageIds) writer.WriteObjectId(id);
    }

    internal static SetReadFlagsRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, reader.ReadBoolean(), (ReadFlags)reader.ReadByte(), reader.ReadArray(reader.ReadUInt16(), 8, reader.ReadObjectId));

    public override RopResponse Failure(byte handleIndex, uint returnValue) => new SetReadFlagsResponse(handleIndex, false, returnValue);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new SetReadFlagsResponse(handleIndex, reader.ReadBoolean());

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) =>
        new SetReadFlagsResponse(handleIndex, reader.ReadBoolean(), returnValue);
}

/// <summary>True as <paramref name="PartialCompletion"/>: not all of the messages.</summary>
public sealed record SetReadFlagsResponse(byte HandleIndex, bool PartialCompletion, uint ReturnValue = MapiErrorCode.Success)
    : RopResponse(RopId.SetReadFlags, HandleIndex, ReturnValue)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteBoolean(PartialCompletion);
}

/// <summary>
/// RopSetMessageReadFlag: of one open message. Source: [MS-OXCROPS] 2.2.6.11.
/// </summary>
public sealed record SetMessageReadFlagRequest(byte ResponseHandleIndex, byte MessageHandleIndex, ReadFlags ReadFlags)
    : RopRequest(RopId.SetMessageReadFlag, ResponseHandleIndex)
{
    /// <summary>24 bytes in a logon to public folders, which come back when the state changed; else none.</summary>
    public ReadOnlyMemory<byte> ClientData { get; init; }

    protected override void WriteBody(RopWriter writer) => writer.WriteByte(MessageHandleIndex).WriteByte((byte)ReadFlags).WriteBytes(ClientData.Span);

    internal static SetMessageReadFlagRequest ReadBody(byte handleIndex, bool isPublic, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (ReadFlags)reader.ReadByte())
        {
            ClientData = isPublic ? reader.ReadBytes(SetMessageReadFlagResponse.ClientDataSize) : default,
        };

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        var response = new SetMessageReadFlagResponse(handleIndex, reader.ReadBoolean());
        return response.ReadStatusChanged
            ? response with { LogonId = reader.ReadByte(), ClientData = reader.ReadBytes(SetMessageReadFlagResponse.ClientDataSize) }
            : response;
    }
}

/// <summary>The logon and the client's data follow a change in a public folder only.</summary>
public sealed record SetMessageReadFlagResponse(byte HandleIndex, bool ReadStatusChanged) : RopResponse(RopId.SetMessageReadFlag, HandleIndex)
{
    internal const int ClientDataSize = 24;

    public byte LogonId { get; init; }

    public ReadOnlyMemory<byte> ClientData { get; init; } = new byte[ClientDataSize];

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteBoolean(ReadStatusChanged);
        if (ReadStatusChanged) writer.WriteByte(LogonId).WriteBytes(ClientData.Span);
    }
}
