namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCFOLD] 2.2.1.2.1.</summary>
public enum FolderType : byte
{
    Generic = 1,
    Search = 2,
}

/// <summary>Source: [MS-OXCFOLD] 2.2.1.3.1.</summary>
[Flags]
public enum DeleteFolderFlags : byte
{
    None = 0x00,
    DeleteMessages = 0x01,
    DeleteFolders = 0x04,
    HardDelete = 0x10,
}

/// <summary>RopCreateFolder. Source: [MS-OXCROPS] 2.2.4.2.</summary>
public sealed record CreateFolderRequest(byte HandleIndex, byte OutputHandleIndex, FolderType FolderType, string DisplayName, string Comment)
    : RopRequest(RopId.CreateFolder, HandleIndex)
{
    public bool UseUnicode { get; init; } = true;

    /// <summary>A folder of this name is opened instead of refused.</summary>
    public bool OpenExisting { get; init; }

    protected override void WriteBody(RopWriter writer) => writer
        .WriteByte(OutputHandleIndex).WriteByte((byte)FolderType).WriteBoolean(UseUnicode).WriteBoolean(OpenExisting).WriteByte(0)
        .WriteText(DisplayName, UseUnicode).WriteText(Comment, UseUnicode);

    internal static CreateFolderRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var output = reader.ReadByte();
        var type = (FolderType)reader.ReadByte();
        var unicode = reader.ReadBoolean();
        var existing = reader.ReadBoolean();
        reader.ReadByte();
        return new CreateFolderRequest(handleIndex, output, type, reader.ReadText(unicode), reader.ReadText(unicode))
        {
            UseUnicode = unicode,
            OpenExisting = existing,
        };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        var id = reader.ReadObjectId();
        return new CreateFolderResponse(handleIndex, id, reader.ReadBoolean() ? OpenFolderResponse.ReadBody(handleIndex, reader) : null);
    }
}

/// <summary>The folder is open; <paramref name="Existing"/> tells what RopOpenFolder tells when it was there before.</summary>
public sealed record CreateFolderResponse(byte HandleIndex, ObjectId FolderId, OpenFolderResponse? Existing) : RopResponse(RopId.CreateFolder, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteObjectId(FolderId).WriteBoolean(Existing is not null);
        Existing?.WriteFields(writer);
    }
}

/// <summary>RopDeleteFolder: a child of the folder at the handle. Source: [MS-OXCROPS] 2.2.4.3.</summary>
public sealed record DeleteFolderRequest(byte HandleIndex, DeleteFolderFlags Flags, ObjectId FolderId) : PartialRequest(RopId.DeleteFolder, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte((byte)Flags).WriteObjectId(FolderId);

    internal static DeleteFolderRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, (DeleteFolderFlags)reader.ReadByte(), reader.ReadObjectId());
}

/// <summary>
/// RopEmptyFolder, or RopHardDeleteMessagesAndSubfolders: everything in the folder goes, the folder stays. Source: [MS-OXCROPS] 2.2.4.9,
/// 2.2.4.10.
/// </summary>
public sealed record EmptyFolderRequest(RopId Id, byte HandleIndex, bool WantDeleteAssociated) : PartialRequest(Id, HandleIndex)
{
    public bool WantAsynchronous { get; init; }

    protected override void WriteBody(RopWriter writer) => writer.WriteBoolean(WantAsynchronous).WriteBoolean(WantDeleteAssociated);

    internal static EmptyFolderRequest ReadBody(RopId id, byte handleIndex, RopReader reader)
    {
        var asynchronous = reader.ReadBoolean();
        return new EmptyFolderRequest(id, handleIndex, reader.ReadBoolean()) { WantAsynchronous = asynchronous };
    }
}

/// <summary>RopMoveFolder: a child of the folder at the handle goes to another parent. Source: [MS-OXCROPS] 2.2.4.7.</summary>
public sealed record MoveFolderRequest(byte HandleIndex, byte DestinationHandleIndex, ObjectId FolderId, string NewFolderName)
    : PartialRequest(RopId.MoveFolder, HandleIndex)
{
    public bool WantAsynchronous { get; init; }

    public bool UseUnicode { get; init; } = true;

    private protected override byte Destination => DestinationHandleIndex;

    protected override void WriteBody(RopWriter writer) => writer
        .WriteByte(DestinationHandleIndex).WriteBoolean(WantAsynchronous).WriteBoolean(UseUnicode).WriteObjectId(FolderId)
        .WriteText(NewFolderName, UseUnicode);

    internal static MoveFolderRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var destination = reader.ReadByte();
        var asynchronous = reader.ReadBoolean();
        var unicode = reader.ReadBoolean();
        return new MoveFolderRequest(handleIndex, destination, reader.ReadObjectId(), reader.ReadText(unicode))
        {
            WantAsynchronous = asynchronous,
            UseUnicode = unicode,
        };
    }
}

/// <summary>RopCopyFolder. Source: [MS-OXCROPS] 2.2.4.8.</summary>
public sealed record CopyFolderRequest(byte HandleIndex, byte DestinationHandleIndex, bool WantRecursive, ObjectId FolderId, string NewFolderName)
    : PartialRequest(RopId.CopyFolder, HandleIndex)
{
    public bool WantAsynchronous { get; init; }

    public bool UseUnicode { get; init; } = true;

    private protected override byte Destination => DestinationHandleIndex;

    protected override void WriteBody(RopWriter writer) => writer
        .WriteByte(DestinationHandleIndex).WriteBoolean(WantAsynchronous).WriteBoolean(WantRecursive).WriteBoolean(UseUnicode).WriteObjectId(FolderId)
        .WriteText(NewFolderName, UseUnicode);

    internal static CopyFolderRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var destination = reader.ReadByte();
        var asynchronous = reader.ReadBoolean();
        var recursive = reader.ReadBoolean();
        var unicode = reader.ReadBoolean();
        return new CopyFolderRequest(handleIndex, destination, recursive, reader.ReadObjectId(), reader.ReadText(unicode))
        {
            WantAsynchronous = asynchronous,
            UseUnicode = unicode,
        };
    }
}
