namespace Cutover.Mapi.Rops;

/// <summary>RopGetOwningServers: who holds a public folder. Source: [MS-OXCROPS] 2.2.3.6.</summary>
public sealed record GetOwningServersRequest(byte HandleIndex, ObjectId FolderId) : RopRequest(RopId.GetOwningServers, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(FolderId);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        var count = reader.ReadUInt16();
        return new GetOwningServersResponse(handleIndex, reader.ReadUInt16(), reader.ReadArray(count, 1, reader.ReadString8));
    }
}

/// <summary>The first <paramref name="CheapServerCount"/> servers are the nearest.</summary>
public sealed record GetOwningServersResponse(byte HandleIndex, ushort CheapServerCount, IReadOnlyList<string> Servers)
    : RopResponse(RopId.GetOwningServers, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(Servers.Count).WriteUInt16(CheapServerCount);
        foreach (var server in Servers) writer.WriteString8(server);
    }
}

/// <summary>RopPublicFolderIsGhosted. Source: [MS-OXCROPS] 2.2.3.7.</summary>
public sealed record PublicFolderIsGhostedRequest(byte HandleIndex, ObjectId FolderId) : RopRequest(RopId.PublicFolderIsGhosted, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(FolderId);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        var response = new PublicFolderIsGhostedResponse(handleIndex, reader.ReadBoolean());
        if (!response.IsGhosted) return response;
        var count = reader.ReadUInt16();
        return response with { CheapServerCount = reader.ReadUInt16(), Servers = reader.ReadArray(count, 1, reader.ReadString8) };
    }
}

/// <summary>A ghosted folder's content lies on <see cref="Servers"/>.</summary>
public sealed record PublicFolderIsGhostedResponse(byte HandleIndex, bool IsGhosted) : RopResponse(RopId.PublicFolderIsGhosted, HandleIndex)
{
    public ushort CheapServerCount { get; init; }

    public IReadOnlyList<string> Servers { get; init; } = [];

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteBoolean(IsGhosted);
        if (!IsGhosted) return;
        writer.WriteCount(Servers.Count).WriteUInt16(CheapServerCount);
        foreach (var server in Servers) writer.WriteString8(server);
    }
}

/// <summary>RopGetPerUserLongTermIds: the public folders of a database that the user has read states of. Source: [MS-OXCROPS] 2.2.3.10.</summary>
public sealed record GetPerUserLongTermIdsRequest(byte HandleIndex, Guid DatabaseGuid) : RopRequest(RopId.GetPerUserLongTermIds, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteGuid(DatabaseGuid);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetPerUserLongTermIdsResponse(handleIndex, reader.ReadArray(reader.ReadUInt16(), LongTermId.Size, reader.ReadLongTermId));
}

public sealed record GetPerUserLongTermIdsResponse(byte HandleIndex, IReadOnlyList<LongTermId> Folders)
    : RopResponse(RopId.GetPerUserLongTermIds, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteCount(Folders.Count);
        foreach (var folder in Folders) writer.WriteLongTermId(folder);
    }
}

/// <summary>RopGetPerUserGuid: the database that a folder's read states came from. Source: [MS-OXCROPS] 2.2.3.11.</summary>
public sealed record GetPerUserGuidRequest(byte HandleIndex, LongTermId Folder) : RopRequest(RopId.GetPerUserGuid, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteLongTermId(Folder);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new GetPerUserGuidResponse(handleIndex, reader.ReadGuid());
}

public sealed record GetPerUserGuidResponse(byte HandleIndex, Guid DatabaseGuid) : RopResponse(RopId.GetPerUserGuid, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteGuid(DatabaseGuid);
}

/// <summary>RopReadPerUserInformation: what the user has read in a public folder, piece by piece. Source: [MS-OXCROPS] 2.2.3.12.</summary>
public sealed record ReadPerUserInformationRequest(byte HandleIndex, LongTermId Folder, uint DataOffset, ushort MaximumDataSize)
    : RopRequest(RopId.ReadPerUserInformation, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteLongTermId(Folder).WriteByte(0).WriteUInt32(DataOffset).WriteUInt16(MaximumDataSize);

    internal static ReadPerUserInformationRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var folder = reader.ReadLongTermId();
        reader.ReadByte();
        return new ReadPerUserInformationRequest(handleIndex, folder, reader.ReadUInt32(), reader.ReadUInt16());
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new ReadPerUserInformationResponse(handleIndex, reader.ReadBoolean(), reader.ReadBytes(reader.ReadUInt16()));
}

public sealed record ReadPerUserInformationResponse(byte HandleIndex, bool HasFinished, ReadOnlyMemory<byte> Data)
    : RopResponse(RopId.ReadPerUserInformation, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteBoolean(HasFinished).WriteCount(Data.Length).WriteBytes(Data.Span);
}

/// <summary>
/// RopWritePerUserInformation. The first piece names the database when the logon is that of a private mailbox. Source: [MS-OXCROPS] 2.2.3.13.
/// </summary>
public sealed record WritePerUserInformationRequest(byte HandleIndex, LongTermId Folder, bool HasFinished, uint DataOffset, ReadOnlyMemory<byte> Data)
    : RopRequest(RopId.WritePerUserInformation, HandleIndex)
{
    private const int GuidSize = 16;

    /// <summary>On the wire only with offset 0, and not for a logon to public folders: null then.</summary>
    public Guid? DatabaseGuid { get; init; }

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteLongTermId(Folder).WriteBoolean(HasFinished).WriteUInt32(DataOffset).WriteCount(Data.Length).WriteBytes(Data.Span);
        if (DataOffset == 0 && DatabaseGuid is { } guid) writer.WriteGuid(guid);
    }

    internal static WritePerUserInformationRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var request = new WritePerUserInformationRequest(
            handleIndex, reader.ReadLongTermId(), reader.ReadBoolean(), reader.ReadUInt32(), reader.ReadBytes(reader.ReadUInt16()));
        // Only the logon tells whether there is one; a ROP of another kind hardly ever follows.
        return request.DataOffset == 0 && reader.Remaining >= GuidSize ? request with { DatabaseGuid = reader.ReadGuid() } : request;
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}
