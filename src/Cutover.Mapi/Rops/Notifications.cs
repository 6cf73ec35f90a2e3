using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>What a client wants to hear of, and what a notification tells. Source: [MS-OXCNOTIF] 2.2.1.1, 2.2.1.4.1.2.</summary>
[Flags]
public enum NotificationTypes : ushort
{
    None = 0,
    NewMail = 0x0002,
    ObjectCreated = 0x0004,
    ObjectDeleted = 0x0008,
    ObjectModified = 0x0010,
    ObjectMoved = 0x0020,
    ObjectCopied = 0x0040,
    SearchCompleted = 0x0080,
    TableModified = 0x0100,
    Extended = 0x0400,

    /// <summary>The folder's message count changed and follows.</summary>
    TotalCount = 0x1000,

    /// <summary>The folder's count of unread messages changed and follows.</summary>
    UnreadCount = 0x2000,

    /// <summary>The event is about a search folder.</summary>
    SearchFolder = 0x4000,

    /// <summary>The event is about a message.</summary>
    Message = 0x8000,
}

/// <summary>Source: [MS-OXCNOTIF] 2.2.1.4.1.2.</summary>
public enum TableEventType : ushort
{
    TableChanged = 0x0001,
    TableRowAdded = 0x0003,
    TableRowDeleted = 0x0004,
    TableRowModified = 0x0005,
    TableRestrictionChanged = 0x0007,
}

/// <summary>
/// RopRegisterNotification: of the whole store (<paramref name="Scope"/> is null), a folder, or a message of it. Source: [MS-OXCROPS] 2.2.14.1.
/// </summary>
public sealed record RegisterNotificationRequest(
    byte HandleIndex, byte OutputHandleIndex, NotificationTypes Types, (ObjectId Folder, ObjectId Message)? Scope)
    : RopRequest(RopId.RegisterNotification, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte(OutputHandleIndex).WriteUInt16((ushort)Types);
        if (Types.HasFlag(NotificationTypes.Extended)) writer.WriteByte(0);
        writer.WriteBoolean(Scope is null);
        if (Scope is { } scope) writer.WriteObjectId(scope.Folder).WriteObjectId(scope.Message);
    }

    internal static RegisterNotificationRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var output = reader.ReadByte();
        var types = (NotificationTypes)reader.ReadUInt16();
        if (types.HasFlag(NotificationTypes.Extended)) reader.ReadByte();
        var isWholeStore = reader.ReadBoolean();
        return new RegisterNotificationRequest(handleIndex, output, types, isWholeStore ? null : (reader.ReadObjectId(), reader.ReadObjectId()));
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>Names a folder (no message) or a message where a notification tells of one.</summary>
public readonly record struct NotifiedObject(ObjectId Folder, ObjectId? Message = null);

/// <summary>A row of a table as a notification names it; a row of a hierarchy table has no message and no instance.</summary>
public readonly record struct NotifiedRow(ObjectId Folder, ObjectId Message, uint Instance);

/// <summary>
/// RopNotify: something happened that a client registered for, or a table that it holds open changed. It may stand among any answers.
/// Source: [MS-OXCROPS] 2.2.14.2, [MS-OXCNOTIF] 2.2.1.4.1.2.
/// </summary>
public sealed record NotifyResponse(uint NotificationHandle, byte LogonId, NotificationTypes Types) : RopResponse(RopId.Notify, 0)
{
    private const ushort NoTags = 0xFFFF;
    private const NotificationTypes MovedOrCopied = NotificationTypes.ObjectMoved | NotificationTypes.ObjectCopied;
    private const NotificationTypes HasParent = NotificationTypes.ObjectCreated | NotificationTypes.ObjectDeleted | MovedOrCopied;
    private const NotificationTypes HasTags = NotificationTypes.ObjectCreated | NotificationTypes.ObjectModified;

    /// <summary>Of a table that changed.</summary>
    public TableEventType? TableEvent { get; init; }

    public NotifiedRow Row { get; init; }

    /// <summary>The row that the changed one now follows.</summary>
    public NotifiedRow InsertAfter { get; init; }

    /// <summary>The changed row: a <see cref="PropertyRow"/> of the table's columns.</summary>
    public ReadOnlyMemory<byte> RowData { get; init; }

    /// <summary>Of an object that changed.</summary>
    public NotifiedObject Object { get; init; }

    public ObjectId ParentFolder { get; init; }

    /// <summary>What it was before it was moved or copied.</summary>
    public NotifiedObject OldObject { get; init; }

    public ObjectId OldParentFolder { get; init; }

    /// <summary>Which properties changed; null when that is not told.</summary>
    public IReadOnlyList<PropertyTag>? Tags { get; init; }

    public uint TotalMessageCount { get; init; }

    public uint UnreadMessageCount { get; init; }

    /// <summary>Of new mail.</summary>
    public uint MessageFlags { get; init; }

    /// <summary>Of new mail.</summary>
    public string MessageClass { get; init; } = "";

    private bool IsMessage => Types.HasFlag(NotificationTypes.Message);

    private bool IsRowChange => TableEvent is TableEventType.TableRowAdded or TableEventType.TableRowDeleted or TableEventType.TableRowModified;

    private bool HasRowData => TableEvent is TableEventType.TableRowAdded or TableEventType.TableRowModified;

    private bool HasObject => !Types.HasFlag(NotificationTypes.TableModified) && !Types.HasFlag(NotificationTypes.Extended);

    // Of a folder, and of a message that a search folder found.
    private bool HasParentFolder => (Types & HasParent) != 0 && Types.HasFlag(NotificationTypes.SearchFolder) == IsMessage;

    public override void Write(RopWriter writer)
    {
        writer.WriteByte((byte)Id).WriteUInt32(NotificationHandle).WriteByte(LogonId);
        WriteBody(writer);
    }

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteUInt16((ushort)Types);
        if (TableEvent is { } table) WriteTable(writer, table);
        if (HasObject) WriteObject(writer, Object);
        if (HasParentFolder) writer.WriteObjectId(ParentFolder);
        if ((Types & MovedOrCopied) != 0)
        {
            WriteObject(writer, OldObject);
            if (!IsMessage) writer.WriteObjectId(OldParentFolder);
        }
        if ((Types & HasTags) != 0)
        {
            if (Tags is null) writer.WriteUInt16(NoTags);
            else writer.WritePropertyTags(Tags);
        }
        if (Types.HasFlag(NotificationTypes.TotalCount)) writer.WriteUInt32(TotalMessageCount);
        if (Types.HasFlag(NotificationTypes.UnreadCount)) writer.WriteUInt32(UnreadMessageCount);
        if (Types.HasFlag(NotificationTypes.NewMail)) writer.WriteUInt32(MessageFlags).WriteBoolean(true).WriteString(MessageClass);
    }

    internal static NotifyResponse ReadBody(RopReader reader)
    {
        var notify = new NotifyResponse(reader.ReadUInt32(), reader.ReadByte(), (NotificationTypes)reader.ReadUInt16());
        if (notify.Types.HasFlag(NotificationTypes.TableModified)) notify = notify.ReadTable(reader);
        if (notify.HasObject) notify = notify with { Object = notify.ReadObject(reader) };
        if (notify.HasParentFolder) notify = notify with { ParentFolder = reader.ReadObjectId() };
        if ((notify.Types & MovedOrCopied) != 0) notify = notify with { OldObject = notify.ReadObject(reader) };
        if ((notify.Types & MovedOrCopied) != 0 && !notify.IsMessage) notify = notify with { OldParentFolder = reader.ReadObjectId() };
        if ((notify.Types & HasTags) != 0) notify = notify with { Tags = ReadTags(reader) };
        if (notify.Types.HasFlag(NotificationTypes.TotalCount)) notify = notify with { TotalMessageCount = reader.ReadUInt32() };
        if (notify.Types.HasFlag(NotificationTypes.UnreadCount)) notify = notify with { UnreadMessageCount = reader.ReadUInt32() };
        if (!notify.Types.HasFlag(NotificationTypes.NewMail)) return notify;
        return notify with
        {
            MessageFlags = reader.ReadUInt32(),
            MessageClass = reader.ReadBoolean() ? reader.ReadString() : reader.ReadString8(),
        };
    }

    private void WriteTable(RopWriter writer, TableEventType table)
    {
        writer.WriteUInt16((ushort)table);
        if (IsRowChange) WriteRow(writer, Row);
        if (!HasRowData) return;
        WriteRow(writer, InsertAfter);
        writer.WriteCount(RowData.Length).WriteBytes(RowData.Span);
    }

    private NotifyResponse ReadTable(RopReader reader)
    {
        var notify = this with { TableEvent = (TableEventType)reader.ReadUInt16() };
        if (notify.IsRowChange) notify = notify with { Row = ReadRow(reader) };
        return notify.HasRowData
            ? notify with { InsertAfter = ReadRow(reader), RowData = reader.ReadBytes(reader.ReadUInt16()) }
            : notify;
    }

    private void WriteRow(RopWriter writer, NotifiedRow row)
    {
        writer.WriteObjectId(row.Folder);
        if (IsMessage) writer.WriteObjectId(row.Message).WriteUInt32(row.Instance);
    }

    private NotifiedRow ReadRow(RopReader reader) =>
        IsMessage ? new(reader.ReadObjectId(), reader.ReadObjectId(), reader.ReadUInt32()) : new(reader.ReadObjectId(), default, 0);

    private void WriteObject(RopWriter writer, NotifiedObject named)
    {
        writer.WriteObjectId(named.Folder);
        if (IsMessage) writer.WriteObjectId(named.Message ?? default);
    }

    private NotifiedObject ReadObject(RopReader reader) => new(reader.ReadObjectId(), IsMessage ? reader.ReadObjectId() : null);

    private static PropertyTag[]? ReadTags(RopReader reader)
    {
        var count = reader.ReadUInt16();
        return count == NoTags ? null : reader.ReadPropertyTags(count);
    }
}
