using System.Buffers.Binary;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// What the hierarchy table tells of a folder's contents. While it stays the same nothing in the folder changed: PidTagLocalCommitTimeMax moves with
/// every change of a message ([MS-OXCFXICS] 3.1.5.3), and the counts guard against a server whose time does not.
/// </summary>
internal readonly record struct FolderFingerprint(long CommitTime, int Items, int Unread, int Associated, int Deleted)
{
    public const int Size = 24;

    /// <summary>Two changes can bear one time: a folder that changed so shortly before it was listed may change again under the same time.</summary>
    private static readonly TimeSpan TimeResolution = TimeSpan.FromSeconds(2);

    public static readonly IReadOnlyList<PropertyTag> Columns =
    [
        PropertyTags.LocalCommitTimeMax, PropertyTags.ContentCount, PropertyTags.ContentUnreadCount, PropertyTags.AssociatedContentCount,
        PropertyTags.DeletedCountTotal,
    ];

    public bool IsEmpty => Items == 0 && Associated == 0;

    /// <summary>Null when the row has no time, or one too young to tell two changes apart.</summary>
    /// <param name="listed">When the row was read, by the server's clock.</param>
    public static FolderFingerprint? Read(PropertyBag row, DateTime listed)
    {
        if (row[PropertyTags.LocalCommitTimeMax] is not DateTime time || time > listed - TimeResolution) return null;
        return new FolderFingerprint(
            time.Ticks, Count(row, PropertyTags.ContentCount), Count(row, PropertyTags.ContentUnreadCount),
            Count(row, PropertyTags.AssociatedContentCount), Count(row, PropertyTags.DeletedCountTotal));
    }

    public static FolderFingerprint Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, CommitTime);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Items);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Unread);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], Associated);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], Deleted);
    }

    private static int Count(PropertyBag row, PropertyTag tag) => row.GetInteger(tag) ?? 0;
}
