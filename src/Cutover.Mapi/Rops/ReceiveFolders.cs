using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>RopSetReceiveFolder: where messages of this class are delivered; a folder id of zero forgets it. Source: [MS-OXCROPS] 2.2.3.3.</summary>
public sealed record SetReceiveFolderRequest(byte HandleIndex, ObjectId FolderId, string MessageClass) : RopRequest(RopId.SetReceiveFolder, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(FolderId).WriteString8(MessageClass);

    internal static SetReceiveFolderRequest ReadBody(byte handleIndex, RopReader reader) => new(handleIndex, reader.ReadObjectId(), reader.ReadString8());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopGetReceiveFolderTable. Source: [MS-OXCROPS] 2.2.3.4.</summary>
public sealed record GetReceiveFolderTableRequest(byte HandleIndex) : RopRequest(RopId.GetReceiveFolderTable, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => GetReceiveFolderTableResponse.ReadBody(handleIndex, reader);
}

public sealed record GetReceiveFolderTableResponse(byte HandleIndex, IReadOnlyList<PropertyRow> Rows) : RopResponse(RopId.GetReceiveFolderTable, HandleIndex)
{
    /// <summary>The columns that every row has. Source: [MS-OXCSTOR] 2.2.1.4.2.</summary>
    public static readonly IReadOnlyList<PropertyTag> Columns =
        [PropertyTags.FolderId, PropertyTags.MessageClass.WithType(PropertyType.String8), PropertyTags.LastModificationTime];

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteInt32(Rows.Count);
        foreach (var row in Rows) row.Write(writer, Columns);
    }

    internal static GetReceiveFolderTableResponse ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadArray(reader.ReadInt32(), 1, () => PropertyRow.Read(reader, Columns)));
}
