using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>RopOpenMessage. A code page of 0x0FFF means that of the logon. Source: [MS-OXCROPS] 2.2.6.1.</summary>
public sealed record OpenMessageRequest(
    byte HandleIndex, byte OutputHandleIndex, ObjectId FolderId, ObjectId MessageId, OpenModeFlags OpenModeFlags = OpenModeFlags.ReadOnly)
    : RopRequest(RopId.OpenMessage, HandleIndex)
{
    public ushort CodePageId { get; init; } = 0x0FFF;

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

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => OpenMessageResponse.ReadBody(handleIndex, reader);
}

/// <summary>A recipient as RopOpenMessage shows it; the row itself stays unread. Source: [MS-OXCROPS] 2.2.6.1.2.1.</summary>
public sealed record OpenRecipientRow(byte RecipientType, ushort CodePageId, ReadOnlyMemory<byte> RecipientRow);

/// <summary>
/// The message is open. <paramref name="RecipientCount"/> counts all recipients, <see cref="RecipientRows"/> holds those that fitted.
/// </summary>
public sealed record OpenMessageResponse(
    byte HandleIndex, bool HasNamedProperties, string? SubjectPrefix, string? NormalizedSubject, ushort RecipientCount)
    : RopResponse(RopId.OpenMessage, HandleIndex)
{
    public IReadOnlyList<PropertyTag> RecipientColumns { get; init; } = [];

    public IReadOnlyList<OpenRecipientRow> RecipientRows { get; init; } = [];

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteBoolean(HasNamedProperties);
        WriteTypedString(writer, SubjectPrefix);
        WriteTypedString(writer, NormalizedSubject);
        writer.WriteUInt16(RecipientCount).WritePropertyTags(RecipientColumns).WriteByte(checked((byte)RecipientRows.Count));
        foreach (var row in RecipientRows)
        {
            writer.WriteByte(row.RecipientType).WriteUInt16(row.CodePageId).WriteUInt16(0);
            writer.WriteCount(row.RecipientRow.Length).WriteBytes(row.RecipientRow.Span);
        }
    }

    internal static OpenMessageResponse ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadBoolean(), ReadTypedString(reader), ReadTypedString(reader), reader.ReadUInt16())
        {
            RecipientColumns = reader.ReadPropertyTags(reader.ReadUInt16()),
            RecipientRows = reader.ReadArray(reader.ReadByte(), 7, () => ReadRecipientRow(reader)),
        };

    private static OpenRecipientRow ReadRecipientRow(RopReader reader)
    {
        var type = reader.ReadByte();
        var codePage = reader.ReadUInt16();
        reader.ReadUInt16();
        return new OpenRecipientRow(type, codePage, reader.ReadBytes(reader.ReadUInt16()));
    }

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
