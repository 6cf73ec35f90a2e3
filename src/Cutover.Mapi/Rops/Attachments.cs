namespace Cutover.Mapi.Rops;

/// <summary>RopGetAttachmentTable. Source: [MS-OXCROPS] 2.2.6.17.</summary>
public sealed record GetAttachmentTableRequest(byte HandleIndex, byte OutputHandleIndex, TableFlags TableFlags)
    : RopRequest(RopId.GetAttachmentTable, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex).WriteByte((byte)TableFlags);

    internal static GetAttachmentTableRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (TableFlags)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopOpenAttachment. Source: [MS-OXCROPS] 2.2.6.12.</summary>
/// <param name="AttachmentId">PidTagAttachNumber.</param>
public sealed record OpenAttachmentRequest(
    byte HandleIndex, byte OutputHandleIndex, uint AttachmentId, OpenModeFlags OpenModeFlags = OpenModeFlags.ReadOnly)
    : RopRequest(RopId.OpenAttachment, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(OutputHandleIndex).WriteByte((byte)OpenModeFlags).WriteUInt32(AttachmentId);

    internal static OpenAttachmentRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var output = reader.ReadByte();
        var flags = (OpenModeFlags)reader.ReadByte();
        return new OpenAttachmentRequest(handleIndex, output, reader.ReadUInt32(), flags);
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopCreateAttachment. Source: [MS-OXCROPS] 2.2.6.13.</summary>
public sealed record CreateAttachmentRequest(byte HandleIndex, byte OutputHandleIndex) : RopRequest(RopId.CreateAttachment, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new CreateAttachmentResponse(handleIndex, reader.ReadUInt32());
}

public sealed record CreateAttachmentResponse(byte HandleIndex, uint AttachmentId) : RopResponse(RopId.CreateAttachment, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(AttachmentId);
}

/// <summary>RopDeleteAttachment. Source: [MS-OXCROPS] 2.2.6.14.</summary>
public sealed record DeleteAttachmentRequest(byte HandleIndex, uint AttachmentId) : RopRequest(RopId.DeleteAttachment, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(AttachmentId);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>
/// RopSaveChangesAttachment: puts the attachment into its message, which is to be saved too. Source: [MS-OXCROPS] 2.2.6.15.
/// </summary>
public sealed record SaveChangesAttachmentRequest(byte ResponseHandleIndex, byte AttachmentHandleIndex, SaveFlags SaveFlags)
    : RopRequest(RopId.SaveChangesAttachment, ResponseHandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(AttachmentHandleIndex).WriteByte((byte)SaveFlags);

    internal static SaveChangesAttachmentRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (SaveFlags)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>Source: [MS-OXCMSG] 2.2.3.16.1.</summary>
public enum EmbeddedMessageOpenMode : byte
{
    ReadOnly = 0x00,
    ReadWrite = 0x01,

    /// <summary>Makes an empty one when the attachment has none.</summary>
    Create = 0x02,
}

/// <summary>RopOpenEmbeddedMessage: the message that an attachment holds. Source: [MS-OXCROPS] 2.2.6.16.</summary>
public sealed record OpenEmbeddedMessageRequest(
    byte HandleIndex, byte OutputHandleIndex, EmbeddedMessageOpenMode OpenMode = EmbeddedMessageOpenMode.ReadOnly)
    : RopRequest(RopId.OpenEmbeddedMessage, HandleIndex)
{
    public ushort CodePageId { get; init; } = OpenMessageRequest.LogonCodePage;

    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex).WriteUInt16(CodePageId).WriteByte((byte)OpenMode);

    internal static OpenEmbeddedMessageRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var output = reader.ReadByte();
        var codePage = reader.ReadUInt16();
        return new OpenEmbeddedMessageRequest(handleIndex, output, (EmbeddedMessageOpenMode)reader.ReadByte()) { CodePageId = codePage };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        reader.ReadByte();
        return new OpenEmbeddedMessageResponse(handleIndex, reader.ReadObjectId(), OpenedMessage.Read(reader));
    }
}

public sealed record OpenEmbeddedMessageResponse(byte HandleIndex, ObjectId MessageId, OpenedMessage Message)
    : RopResponse(RopId.OpenEmbeddedMessage, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => Message.Write(writer.WriteByte(0).WriteObjectId(MessageId));
}

/// <summary>RopGetValidAttachments: the numbers of all attachments. Source: [MS-OXCROPS] 2.2.6.18.</summary>
public sealed record GetValidAttachmentsRequest(byte HandleIndex) : RopRequest(RopId.GetValidAttachments, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetValidAttachmentsResponse(handleIndex, reader.ReadArray(reader.ReadUInt16(), 4, reader.ReadUInt32));
}

public sealed record GetValidAttachmentsResponse(byte HandleIndex, IReadOnlyList<uint> AttachmentIds)
    : RopResponse(RopId.GetValidAttachments, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(AttachmentIds.Count);
        foreach (var id in AttachmentIds) writer.WriteUInt32(id);
    }
}
