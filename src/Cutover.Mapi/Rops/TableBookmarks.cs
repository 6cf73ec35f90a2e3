namespace Cutover.Mapi.Rops;

/// <summary>RopCreateBookmark: marks the row at the cursor. Source: [MS-OXCROPS] 2.2.5.11.</summary>
public sealed record CreateBookmarkRequest(byte HandleIndex) : RopRequest(RopId.CreateBookmark, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new BookmarkResponse(Id, handleIndex, reader.ReadBytes(reader.ReadUInt16()));
}

/// <summary>A bookmark, in the server's own form: the answer to RopCreateBookmark and RopSetCollapseState.</summary>
public sealed record BookmarkResponse(RopId Id, byte HandleIndex, ReadOnlyMemory<byte> Bookmark) : RopResponse(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteCount(Bookmark.Length).WriteBytes(Bookmark.Span);
}

/// <summary>RopSeekRowBookmark: RopSeekRow from a bookmark. Source: [MS-OXCROPS] 2.2.5.9.</summary>
public sealed record SeekRowBookmarkRequest(byte HandleIndex, ReadOnlyMemory<byte> Bookmark, int RowCount, bool WantRowMovedCount = true)
    : RopRequest(RopId.SeekRowBookmark, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer
        .WriteCount(Bookmark.Length).WriteBytes(Bookmark.Span).WriteInt32(RowCount).WriteBoolean(WantRowMovedCount);

    internal static SeekRowBookmarkRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadBytes(reader.ReadUInt16()), reader.ReadInt32(), reader.ReadBoolean());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new SeekRowBookmarkResponse(handleIndex, reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadInt32());
}

public sealed record SeekRowBookmarkResponse(byte HandleIndex, bool RowNoLongerVisible, bool HasSoughtLess, int RowsSought)
    : RopResponse(RopId.SeekRowBookmark, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteBoolean(RowNoLongerVisible).WriteBoolean(HasSoughtLess).WriteInt32(RowsSought);
}

/// <summary>
/// RopSeekRowFractional: to the row at <paramref name="Numerator"/> of <paramref name="Denominator"/> parts. Source: [MS-OXCROPS] 2.2.5.10.
/// </summary>
public sealed record SeekRowFractionalRequest(byte HandleIndex, uint Numerator, uint Denominator) : RopRequest(RopId.SeekRowFractional, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(Numerator).WriteUInt32(Denominator);

    internal static SeekRowFractionalRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadUInt32(), reader.ReadUInt32());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopFreeBookmark. Source: [MS-OXCROPS] 2.2.5.14.</summary>
public sealed record FreeBookmarkRequest(byte HandleIndex, ReadOnlyMemory<byte> Bookmark) : RopRequest(RopId.FreeBookmark, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteCount(Bookmark.Length).WriteBytes(Bookmark.Span);

    internal static FreeBookmarkRequest ReadBody(byte handleIndex, RopReader reader) => new(handleIndex, reader.ReadBytes(reader.ReadUInt16()));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}
