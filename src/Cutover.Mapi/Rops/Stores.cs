namespace Cutover.Mapi.Rops;

/// <summary>RopLongTermIdFromId, asked of a logon. Source: [MS-OXCROPS] 2.2.3.8.</summary>
public sealed record LongTermIdFromIdRequest(byte HandleIndex, ObjectId ObjectId) : RopRequest(RopId.LongTermIdFromId, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(ObjectId);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new LongTermIdFromIdResponse(handleIndex, reader.ReadLongTermId());
}

public sealed record LongTermIdFromIdResponse(byte HandleIndex, LongTermId LongTermId) : RopResponse(RopId.LongTermIdFromId, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteLongTermId(LongTermId);
}

/// <summary>RopIdFromLongTermId, asked of a logon. Source: [MS-OXCROPS] 2.2.3.9.</summary>
public sealed record IdFromLongTermIdRequest(byte HandleIndex, LongTermId LongTermId) : RopRequest(RopId.IdFromLongTermId, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteLongTermId(LongTermId);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new IdFromLongTermIdResponse(handleIndex, reader.ReadObjectId());
}

public sealed record IdFromLongTermIdResponse(byte HandleIndex, ObjectId ObjectId) : RopResponse(RopId.IdFromLongTermId, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(ObjectId);
}

/// <summary>
/// RopGetReceiveFolder: where messages of this class are delivered; an empty class asks for the default. Source: [MS-OXCROPS] 2.2.3.2.
/// </summary>
public sealed record GetReceiveFolderRequest(byte HandleIndex, string MessageClass) : RopRequest(RopId.GetReceiveFolder, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteString8(MessageClass);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetReceiveFolderResponse(handleIndex, reader.ReadObjectId(), reader.ReadString8());
}

public sealed record GetReceiveFolderResponse(byte HandleIndex, ObjectId FolderId, string ExplicitMessageClass)
    : RopResponse(RopId.GetReceiveFolder, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(FolderId).WriteString8(ExplicitMessageClass);
}

/// <summary>RopGetStoreState; Exchange 2010 and later do not implement it. Source: [MS-OXCROPS] 2.2.3.5.</summary>
public sealed record GetStoreStateRequest(byte HandleIndex) : RopRequest(RopId.GetStoreState, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetStoreStateResponse(handleIndex, reader.ReadUInt32());
}

public sealed record GetStoreStateResponse(byte HandleIndex, uint StoreState) : RopResponse(RopId.GetStoreState, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(StoreState);
}
