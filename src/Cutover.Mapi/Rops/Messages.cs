using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>RopOpenMessage. A code page of 0x0FFF means that of the logon. Source: [MS-OXCROPS] 2.2.6.1.</summary>
public sealed record OpenMessageRequest(
    byte HandleIndex, byte OutputHandleIndex, ObjectId FolderId, ObjectId MessageId, OpenModeFlags OpenModeFlags = OpenModeFlags.ReadOnly)
    : RopRequest(RopId.OpenMessage, HandleIndex)
{
    /// <summary>The code page of the logon.</summary>
    public const ushort LogonCodePage = 0x0FFF;

    public ushort CodePageId { get; init; } = LogonCodePage;

    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(OutputHandleIndex).WriteUInt16(CodePageId).WriteObjectId(FolderId)
            .WriteByte((byte)OpenModeFlags).WriteObjectId(MessageId);

    internal static OpenMessageRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var output = reader.ReadByte();
        var codePage = reader.ReadUInt16();
        var folderId = reader.ReadObjectId();
        var flags = (OpenModeFlags)reader.ReadByte();
        return new OpenMessageRequest(handleIndex, output, folderId, reader.ReadObjectId(), flags) { CodePageId = codePage };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new OpenMessageResponse(handleIndex, OpenedMessage.Read(reader));
}

/// <summary>The message is open: the answer to RopOpenMessage and RopReloadCachedInformation.</summary>
public sealed record OpenMessageResponse(byte HandleIndex, OpenedMessage Message, RopId Id = RopId.OpenMessage) : RopResponse(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => Message.Write(writer);
}

/// <summary>
/// What a server tells of a message as it opens it. <paramref name="RecipientCount"/> counts all recipients,
/// <see cref="RecipientRows"/> holds those that fitted.
/// </summary>
public sealed record OpenedMessage(bool HasNamedProperties, string? SubjectPrefix, string? NormalizedSubject, ushort RecipientCount)
{
    /// <summary>The columns of the recipient rows beyond the usual ones.</summary>
    public IReadOnlyList<PropertyTag> RecipientColumns { get; init; } = [];

    public IReadOnlyList<OpenRecipientRow> RecipientRows { get; init; } = [];

    internal void Write(RopWriter writer)
    {
        writer.WriteBoolean(HasNamedProperties);
        WriteTypedString(writer, SubjectPrefix);
        WriteTypedString(writer, NormalizedSubject);
        writer.WriteUInt16(RecipientCount).WritePropertyTags(RecipientColumns).WriteByte(checked((byte)RecipientRows.Count));
        foreach (var row in RecipientRows) row.Write(writer);
    }

    internal static OpenedMessage Read(RopReader reader) =>
        new(reader.ReadBoolean(), ReadTypedString(reader), ReadTypedString(reader), reader.ReadUInt16())
        {
            RecipientColumns = reader.ReadPropertyTags(reader.ReadUInt16()),
            RecipientRows = reader.ReadArray(reader.ReadByte(), OpenRecipientRow.MinimumSize, () => OpenRecipientRow.Read(reader)),
        };

    /// <summary>Source: [MS-OXCDATA] 2.11.7.</summary>
    private static void WriteTypedString(RopWriter writer, string? value)
    {
        if (value is null) writer.WriteByte(0x00);
        else if (value.Length == 0) writer.WriteByte(0x01);
        else writer.WriteByte(0x04).WriteString(value);
    }

    private static string? ReadTypedString(RopReader reader) => reader.ReadByte() switch
    {
        0x00 => null,
        0x01 => "",
        // 0x03 is UTF-16 with every other byte, always zero, left out: Latin-1.
        0x02 or 0x03 => reader.ReadString8(),
        0x04 => reader.ReadString(),
        var type => throw reader.Broken($"a string type, not 0x{type:X2},"),
    };
}

/// <summary>RopCreateMessage: a message that is nowhere until it is saved. Source: [MS-OXCROPS] 2.2.6.2.</summary>
public sealed record CreateMessageRequest(byte HandleIndex, byte OutputHandleIndex, ObjectId FolderId, bool IsAssociated = false)
    : RopRequest(RopId.CreateMessage, HandleIndex)
{
    public ushort CodePageId { get; init; } = OpenMessageRequest.LogonCodePage;

    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(OutputHandleIndex).WriteUInt16(CodePageId).WriteObjectId(FolderId).WriteBoolean(IsAssociated);

    internal static CreateMessageRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var output = reader.ReadByte();
        var codePage = reader.ReadUInt16();
        return new CreateMessageRequest(handleIndex, output, reader.ReadObjectId(), reader.ReadBoolean()) { CodePageId = codePage };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new CreateMessageResponse(handleIndex, reader.ReadBoolean() ? reader.ReadObjectId() : null);
}

/// <summary>The message is open; its id is mostly not told before it is saved.</summary>
public sealed record CreateMessageResponse(byte HandleIndex, ObjectId? MessageId) : RopResponse(RopId.CreateMessage, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteBoolean(MessageId is not null);
        if (MessageId is { } id) writer.WriteObjectId(id);
    }
}

/// <summary>What becomes of the object that is saved. Source: [MS-OXCMSG] 2.2.3.3.1.</summary>
[Flags]
public enum SaveFlags : byte
{
    None = 0x00,
    KeepOpenReadOnly = 0x01,
    KeepOpenReadWrite = 0x02,

    /// <summary>Saves over what others saved meanwhile.</summary>
    ForceSave = 0x04,
}

/// <summary>
/// RopSaveChangesMessage. The answer bears <paramref name="ResponseHandleIndex"/>; the message is at
/// <paramref name="MessageHandleIndex"/>. Source: [MS-OXCROPS] 2.2.6.3.
/// </summary>
public sealed record SaveChangesMessageRequest(byte ResponseHandleIndex, byte MessageHandleIndex, SaveFlags SaveFlags)
    : RopRequest(RopId.SaveChangesMessage, ResponseHandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(MessageHandleIndex).WriteByte((byte)SaveFlags);

    internal static SaveChangesMessageRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (SaveFlags)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new SaveChangesMessageResponse(handleIndex, reader.ReadByte(), reader.ReadObjectId());
}

public sealed record SaveChangesMessageResponse(byte HandleIndex, byte MessageHandleIndex, ObjectId MessageId)
    : RopResponse(RopId.SaveChangesMessage, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(MessageHandleIndex).WriteObjectId(MessageId);
}

/// <summary>RopReloadCachedInformation: what RopOpenMessage told, once more. Source: [MS-OXCROPS] 2.2.6.7.</summary>
public sealed record ReloadCachedInformationRequest(byte HandleIndex) : RopRequest(RopId.ReloadCachedInformation, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt16(0);

    internal static ReloadCachedInformationRequest ReadBody(byte handleIndex, RopReader reader)
    {
        reader.ReadUInt16();
        return new ReloadCachedInformationRequest(handleIndex);
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new OpenMessageResponse(handleIndex, OpenedMessage.Read(reader), Id);
}
