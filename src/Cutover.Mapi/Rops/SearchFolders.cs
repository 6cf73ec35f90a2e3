namespace Cutover.Mapi.Rops;

/// <summary>Of RopSetSearchCriteria. Source: [MS-OXCFOLD] 2.2.1.4.1.</summary>
[Flags]
public enum SearchRequestFlags : uint
{
    None = 0,
    Stop = 0x00000001,
    Restart = 0x00000002,
    Recursive = 0x00000004,
    Shallow = 0x00000008,
    Foreground = 0x00000010,
    Background = 0x00000020,
    ContentIndexed = 0x00010000,
    NonContentIndexed = 0x00020000,
    Static = 0x00040000,
}

/// <summary>Of RopGetSearchCriteria. Source: [MS-OXCFOLD] 2.2.1.5.2.</summary>
[Flags]
public enum SearchStateFlags : uint
{
    None = 0,
    Running = 0x00000001,
    Rebuild = 0x00000002,
    Recursive = 0x00000004,
    Complete = 0x00001000,
    Partial = 0x00002000,
    Static = 0x00010000,
    MaybeStatic = 0x00020000,
    ContentIndexedTotally = 0x01000000,
    NotContentIndexed = 0x08000000,
}

/// <summary>RopSetSearchCriteria. Source: [MS-OXCROPS] 2.2.4.4.</summary>
public sealed record SetSearchCriteriaRequest(
    byte HandleIndex, ReadOnlyMemory<byte> RestrictionData, IReadOnlyList<ObjectId> FolderIds, SearchRequestFlags Flags)
    : RopRequest(RopId.SetSearchCriteria, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer
        .WriteCount(RestrictionData.Length).WriteBytes(RestrictionData.Span).WriteObjectIds(FolderIds).WriteUInt32((uint)Flags);

    internal static SetSearchCriteriaRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadBytes(reader.ReadUInt16()), reader.ReadObjectIds(), (SearchRequestFlags)reader.ReadUInt32());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopGetSearchCriteria. Source: [MS-OXCROPS] 2.2.4.5.</summary>
public sealed record GetSearchCriteriaRequest(byte HandleIndex, bool UseUnicode = true, bool IncludeRestriction = true, bool IncludeFolders = true)
    : RopRequest(RopId.GetSearchCriteria, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteBoolean(UseUnicode).WriteBoolean(IncludeRestriction).WriteBoolean(IncludeFolders);

    internal static GetSearchCriteriaRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        var restriction = reader.ReadBytes(reader.ReadUInt16());
        var logon = reader.ReadByte();
        return new GetSearchCriteriaResponse(handleIndex, restriction, logon, reader.ReadObjectIds(), (SearchStateFlags)reader.ReadUInt32());
    }
}

public sealed record GetSearchCriteriaResponse(
    byte HandleIndex, ReadOnlyMemory<byte> RestrictionData, byte FoldersLogonId, IReadOnlyList<ObjectId> FolderIds, SearchStateFlags Flags)
    : RopResponse(RopId.GetSearchCriteria, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer
        .WriteCount(RestrictionData.Length).WriteBytes(RestrictionData.Span).WriteByte(FoldersLogonId).WriteObjectIds(FolderIds).WriteUInt32((uint)Flags);
}
