namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCFOLD] 2.2.1.1.1, [MS-OXCMSG] 2.2.3.1.1.</summary>
[Flags]
public enum OpenModeFlags : byte
{
    ReadOnly = 0x00,
    ReadWrite = 0x01,
    BestAccess = 0x03,
    OpenSoftDeleted = 0x04,
}

/// <summary>Which rows a table has. Source: [MS-OXCFOLD] 2.2.1.13.1 (hierarchy), 2.2.1.14.1 (contents).</summary>
[Flags]
public enum TableFlags : byte
{
    None = 0x00,

    /// <summary>Contents: the folder-associated messages in place of the messages.</summary>
    Associated = 0x02,

    /// <summary>Hierarchy: all folders below, at any depth.</summary>
    Depth = 0x04,
    DeferredErrors = 0x08,
    NoNotifications = 0x10,
    SoftDeletes = 0x20,
    UseUnicode = 0x40,
    SuppressesNotifications = 0x80,
}

/// <summary>RopOpenFolder. Source: [MS-OXCROPS] 2.2.4.1.</summary>
public sealed record OpenFolderRequest(
    byte HandleIndex, byte OutputHandleIndex, ObjectId FolderId, OpenModeFlags OpenModeFlags = OpenModeFlags.ReadOnly)
    : RopRequest(RopId.OpenFolder, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(OutputHandleIndex).WriteObjectId(FolderId).WriteByte((byte)OpenModeFlags);

    internal static OpenFolderRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), reader.ReadObjectId(), (OpenModeFlags)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => OpenFolderResponse.ReadBody(handleIndex, reader);
}

/// <summary>
/// The folder is open; a ghosted public folder lives on <paramref name="Servers"/>, the first <paramref name="CheapServerCount"/> of them
/// nearest.
/// </summary>
public sealed record OpenFolderResponse(byte HandleIndex, bool HasRules, bool IsGhosted = false)
    : RopResponse(RopId.OpenFolder, HandleIndex)
{
    public ushort CheapServerCount { get; init; }

    public IReadOnlyList<string> Servers { get; init; } = [];

    protected override void WriteBody(RopWriter writer) => WriteFields(writer);

    internal void WriteFields(RopWriter writer)
    {
        writer.WriteBoolean(HasRules).WriteBoolean(IsGhosted);
        if (!IsGhosted) return;
        writer.WriteCount(Servers.Count).WriteUInt16(CheapServerCount);
        foreach (var server in Servers) writer.WriteString8(server);
    }

    internal static OpenFolderResponse ReadBody(byte handleIndex, RopReader reader)
    {
        var response = new OpenFolderResponse(handleIndex, reader.ReadBoolean(), reader.ReadBoolean());
        if (!response.IsGhosted) return response;
        var count = reader.ReadUInt16();
        return response with { CheapServerCount = reader.ReadUInt16(), Servers = reader.ReadArray(count, 1, reader.ReadString8) };
    }
}

/// <summary>RopGetHierarchyTable: the folders below a folder. Source: [MS-OXCROPS] 2.2.4.13.</summary>
public sealed record GetHierarchyTableRequest(byte HandleIndex, byte OutputHandleIndex, TableFlags TableFlags)
    : RopRequest(RopId.GetHierarchyTable, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex).WriteByte((byte)TableFlags);

    internal static GetHierarchyTableRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (TableFlags)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new TableResponse(Id, handleIndex, reader.ReadUInt32());
}

/// <summary>RopGetContentsTable: the messages of a folder. Source: [MS-OXCROPS] 2.2.4.14.</summary>
public sealed record GetContentsTableRequest(byte HandleIndex, byte OutputHandleIndex, TableFlags TableFlags)
    : RopRequest(RopId.GetContentsTable, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex).WriteByte((byte)TableFlags);

    internal static GetContentsTableRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (TableFlags)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new TableResponse(Id, handleIndex, reader.ReadUInt32());
}

/// <summary>A table is open and has about so many rows: the answer to RopGetHierarchyTable and RopGetContentsTable.</summary>
public sealed record TableResponse(RopId Id, byte HandleIndex, uint RowCount) : RopResponse(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(RowCount);
}
