using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>A recipient as RopOpenMessage shows it. Source: [MS-OXCROPS] 2.2.6.1.2.1.</summary>
/// <param name="RecipientType">1 To, 2 Cc, 3 Bcc, with the flags of PidTagRecipientType.</param>
/// <param name="Row">The bytes of a <see cref="RecipientRow"/>.</param>
public sealed record OpenRecipientRow(byte RecipientType, ushort CodePageId, ReadOnlyMemory<byte> Row)
{
    internal const int MinimumSize = 7;

    public RecipientRow ReadRow(IReadOnlyList<PropertyTag> columns) => RecipientRow.Read(new RopReader(Row), columns);

    internal static OpenRecipientRow Read(RopReader reader)
    {
        var type = reader.ReadByte();
        var codePage = reader.ReadUInt16();
        reader.ReadUInt16();
        return new OpenRecipientRow(type, codePage, reader.ReadBytes(reader.ReadUInt16()));
    }

    internal void Write(RopWriter writer) =>
        writer.WriteByte(RecipientType).WriteUInt16(CodePageId).WriteUInt16(0).WriteCount(Row.Length).WriteBytes(Row.Span);
}

/// <summary>RopReadRecipients: the recipients from a row on, as many as fit. Source: [MS-OXCROPS] 2.2.6.6.</summary>
public sealed record ReadRecipientsRequest(byte HandleIndex, uint RowId) : RopRequest(RopId.ReadRecipients, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(RowId).WriteUInt16(0);

    internal static ReadRecipientsRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var row = reader.ReadUInt32();
        reader.ReadUInt16();
        return new ReadRecipientsRequest(handleIndex, row);
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new ReadRecipientsResponse(
        handleIndex, reader.ReadArray(
            reader.ReadByte(), 4 + OpenRecipientRow.MinimumSize, () => new ReadRecipientRow(reader.ReadUInt32(), OpenRecipientRow.Read(reader))));
}

/// <summary>A recipient with the number of its row.</summary>
public sealed record ReadRecipientRow(uint RowId, OpenRecipientRow Recipient);

public sealed record ReadRecipientsResponse(byte HandleIndex, IReadOnlyList<ReadRecipientRow> Rows) : RopResponse(RopId.ReadRecipients, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte(checked((byte)Rows.Count));
        foreach (var row in Rows) row.Recipient.Write(writer.WriteUInt32(row.RowId));
    }
}

/// <summary>RopRemoveAllRecipients. Source: [MS-OXCROPS] 2.2.6.4.</summary>
public sealed record RemoveAllRecipientsRequest(byte HandleIndex) : RopRequest(RopId.RemoveAllRecipients, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(0);

    internal static RemoveAllRecipientsRequest ReadBody(byte handleIndex, RopReader reader)
    {
        reader.ReadUInt32();
        return new RemoveAllRecipientsRequest(handleIndex);
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>A recipient to set; an empty row removes it. Source: [MS-OXCROPS] 2.2.6.5.1.1.</summary>
public sealed record ModifyRecipientRow(uint RowId, byte RecipientType, ReadOnlyMemory<byte> Row)
{
    internal const int MinimumSize = 7;

    public static ModifyRecipientRow Of(uint rowId, byte recipientType, RecipientRow row, IReadOnlyList<PropertyTag> columns)
    {
        var writer = new RopWriter();
        row.Write(writer, columns);
        return new ModifyRecipientRow(rowId, recipientType, writer.Written);
    }

    public RecipientRow ReadRow(IReadOnlyList<PropertyTag> columns) => RecipientRow.Read(new RopReader(Row), columns);

    internal static ModifyRecipientRow Read(RopReader reader) =>
        new(reader.ReadUInt32(), reader.ReadByte(), reader.ReadBytes(reader.ReadUInt16()));

    internal void Write(RopWriter writer) => writer.WriteUInt32(RowId).WriteByte(RecipientType).WriteCount(Row.Length).WriteBytes(Row.Span);
}

/// <summary>RopModifyRecipients. Source: [MS-OXCROPS] 2.2.6.5.</summary>
public sealed record ModifyRecipientsRequest(byte HandleIndex, IReadOnlyList<PropertyTag> Columns, IReadOnlyList<ModifyRecipientRow> Rows)
    : RopRequest(RopId.ModifyRecipients, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WritePropertyTags(Columns).WriteCount(Rows.Count);
        foreach (var row in Rows) row.Write(writer);
    }

    internal static ModifyRecipientsRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, reader.ReadPropertyTags(reader.ReadUInt16()),
        reader.ReadArray(reader.ReadUInt16(), ModifyRecipientRow.MinimumSize, () => ModifyRecipientRow.Read(reader)));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}
