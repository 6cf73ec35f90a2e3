using System.Text;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCSTOR] 2.2.1.1.1.</summary>
[Flags]
public enum LogonFlags : byte
{
    /// <summary>Public folders.</summary>
    None = 0x00,
    Private = 0x01,
    Undercover = 0x02,
    Ghosted = 0x04,
}

/// <summary>How the store is opened. Source: [MS-OXCSTOR] 2.2.1.1.1.</summary>
[Flags]
public enum OpenFlags : uint
{
    None = 0,
    UseAdminPrivilege = 0x00000001,
    Public = 0x00000002,
    HomeLogon = 0x00000004,
    TakeOwnership = 0x00000008,
    AlternateServer = 0x00000100,
    IgnoreHomeMdb = 0x00000200,
    NoMail = 0x00000400,
    UsePerMdbReplIdMapping = 0x01000000,
    SupportProgress = 0x20000000,
}

/// <summary>What the logon may do. Source: [MS-OXCSTOR] 2.2.1.1.3.</summary>
[Flags]
public enum LogonResponseFlags : byte
{
    Reserved = 0x01,
    OwnerRight = 0x02,
    SendAsRight = 0x04,
    OutOfOffice = 0x10,
}

/// <summary>The places in <see cref="LogonResponse.FolderIds"/>. Source: [MS-OXCSTOR] 2.2.1.1.3.</summary>
public enum LogonFolder
{
    Root,
    DeferredAction,
    SpoolerQueue,
    IpmSubtree,
    Inbox,
    Outbox,
    SentItems,
    DeletedItems,
    CommonViews,
    Schedule,
    Search,
    Views,
    Shortcuts,
}

/// <summary>RopLogon: opens a mailbox, named by its legacyExchangeDN. Source: [MS-OXCROPS] 2.2.3.1.1.</summary>
public sealed record LogonRequest(byte HandleIndex, LogonFlags LogonFlags, OpenFlags OpenFlags, string LegacyExchangeDN)
    : RopRequest(RopId.Logon, HandleIndex)
{
    public uint StoreState { get; init; }

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte((byte)LogonFlags).WriteUInt32((uint)OpenFlags).WriteUInt32(StoreState);
        if (LegacyExchangeDN.Length == 0) writer.WriteUInt16(0);
        else writer.WriteCount(LegacyExchangeDN.Length + 1).WriteString8(LegacyExchangeDN);
    }

    internal static LogonRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var logonFlags = (LogonFlags)reader.ReadByte();
        var openFlags = (OpenFlags)reader.ReadUInt32();
        var storeState = reader.ReadUInt32();
        var essdn = Encoding.Latin1.GetString(reader.ReadBytes(reader.ReadUInt16()).Span).TrimEnd('\0');
        return new LogonRequest(handleIndex, logonFlags, openFlags, essdn) { StoreState = storeState };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        ((LogonFlags)reader.PeekByte()).HasFlag(LogonFlags.Private)
            ? LogonResponse.ReadBody(handleIndex, reader)
            : PublicLogonResponse.ReadBody(handleIndex, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) => returnValue == MapiErrorCode.WrongServer
        ? LogonRedirectResponse.ReadBody(handleIndex, reader)
        : base.ReadFailure(handleIndex, returnValue, reader);
}

/// <summary>
/// The mailbox is open. Source: [MS-OXCROPS] 2.2.3.1.2. <paramref name="FolderIds"/> has thirteen ids in the order of <see
/// cref="LogonFolder"/>;
/// <paramref name="ReplId"/> stands for <paramref name="ReplGuid"/> in every id of this logon.
/// </summary>
public sealed record LogonResponse(
    byte HandleIndex, LogonFlags LogonFlags, IReadOnlyList<ObjectId> FolderIds, LogonResponseFlags ResponseFlags, Guid MailboxGuid,
    ushort ReplId, Guid ReplGuid, DateTime LogonTime, ulong GwartTime, uint StoreState) : RopResponse(RopId.Logon, HandleIndex)
{
    public const int FolderIdCount = 13;

    public ObjectId Folder(LogonFolder folder) => FolderIds[(int)folder];

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte((byte)LogonFlags);
        foreach (var id in FolderIds) writer.WriteObjectId(id);
        writer.WriteByte((byte)ResponseFlags).WriteGuid(MailboxGuid).WriteUInt16(ReplId).WriteGuid(ReplGuid);
        WriteLogonTime(writer, LogonTime);
        writer.WriteUInt64(GwartTime).WriteUInt32(StoreState);
    }

    internal static LogonResponse ReadBody(byte handleIndex, RopReader reader)
    {
        var logonFlags = (LogonFlags)reader.ReadByte();
        if (!logonFlags.HasFlag(LogonFlags.Private)) throw reader.Broken("a private mailbox logon");
        return new LogonResponse(
            handleIndex,
            logonFlags,
            reader.ReadArray(FolderIdCount, 8, reader.ReadObjectId),
            (LogonResponseFlags)reader.ReadByte(),
            reader.ReadGuid(),
            reader.ReadUInt16(),
            reader.ReadGuid(),
            ReadLogonTime(reader),
            reader.ReadUInt64(),
            reader.ReadUInt32());
    }

    private static void WriteLogonTime(RopWriter writer, DateTime time) =>
        writer.WriteByte((byte)time.Second).WriteByte((byte)time.Minute).WriteByte((byte)time.Hour).WriteByte((byte)time.DayOfWeek)
            .WriteByte((byte)time.Day).WriteByte((byte)time.Month).WriteUInt16((ushort)time.Year);

    private static DateTime ReadLogonTime(RopReader reader)
    {
        var field = reader.ReadBytes(6).Span;
        int year = reader.ReadUInt16();
        var isTime = year is >= 1 and <= 9999 && field[5] is >= 1 and <= 12 && field[4] >= 1 && field[4] <= DateTime.DaysInMonth(year, field[5])
            && field[2] < 24 && field[1] < 60 && field[0] < 60;
        // The time is told and never used: a wrong one costs nothing.
        return isTime ? new DateTime(year, field[5], field[4], field[2], field[1], field[0], DateTimeKind.Utc) : DateTime.UnixEpoch;
    }
}

/// <summary>
/// The public folders are open. The folders: root, IPM subtree, non-IPM subtree, forms, free/busy, offline address book, then those of the
/// locale and of the site; the last are empty. Source: [MS-OXCROPS] 2.2.3.1.3, [MS-OXCSTOR] 2.2.1.1.4.
/// </summary>
public sealed record PublicLogonResponse(
    byte HandleIndex, LogonFlags LogonFlags, IReadOnlyList<ObjectId> FolderIds, ushort ReplId, Guid ReplGuid, Guid PerUserGuid)
    : RopResponse(RopId.Logon, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte((byte)LogonFlags);
        foreach (var id in FolderIds) writer.WriteObjectId(id);
        writer.WriteUInt16(ReplId).WriteGuid(ReplGuid).WriteGuid(PerUserGuid);
    }

    internal static PublicLogonResponse ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, (LogonFlags)reader.ReadByte(), reader.ReadArray(LogonResponse.FolderIdCount, 8, reader.ReadObjectId), reader.ReadUInt16(),
        reader.ReadGuid(), reader.ReadGuid());
}

/// <summary>ecWrongServer: log on to <paramref name="ServerName"/> instead. Source: [MS-OXCROPS] 2.2.3.1.4.</summary>
public sealed record LogonRedirectResponse(byte HandleIndex, LogonFlags LogonFlags, string ServerName)
    : RopResponse(RopId.Logon, HandleIndex, MapiErrorCode.WrongServer)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte((byte)LogonFlags).WriteByte(checked((byte)(ServerName.Length + 1))).WriteString8(ServerName);

    internal static LogonRedirectResponse ReadBody(byte handleIndex, RopReader reader)
    {
        var logonFlags = (LogonFlags)reader.ReadByte();
        var serverName = Encoding.Latin1.GetString(reader.ReadBytes(reader.ReadByte()).Span).TrimEnd('\0');
        return new LogonRedirectResponse(handleIndex, logonFlags, serverName);
    }
}
