using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCPERM] 2.2.1.1.</summary>
[Flags]
public enum PermissionsTableFlags : byte
{
    None = 0x00,

    /// <summary>Shows the free/busy rights of a calendar too.</summary>
    IncludeFreeBusy = 0x02,
}

/// <summary>Source: [MS-OXCPERM] 2.2.2.1.</summary>
[Flags]
public enum ModifyPermissionsFlags : byte
{
    None = 0x00,

    /// <summary>Everything there is goes first.</summary>
    ReplaceRows = 0x01,
    IncludeFreeBusy = 0x02,
}

/// <summary>What happens to a row of a permissions or rules table. Source: [MS-OXCPERM] 2.2.2.2, [MS-OXORULE] 2.2.1.2.</summary>
public enum RowChangeKind : byte
{
    Add = 0x01,
    Modify = 0x02,
    Remove = 0x04,
}

/// <summary>One row of a permissions or rules table to add, modify or remove: a PermissionData or a RuleData.</summary>
public sealed record RowChange(RowChangeKind Kind, IReadOnlyList<PropertyValue> Values)
{
    internal const int MinimumSize = 3;

    internal static RowChange Read(RopReader reader) => new((RowChangeKind)reader.ReadByte(), reader.ReadPropertyValues());

    internal void Write(RopWriter writer) => writer.WriteByte((byte)Kind).WritePropertyValues(Values);
}

/// <summary>What a permission lets its holder do: PidTagMemberRights. Source: [MS-OXCPERM] 2.2.7.</summary>
[Flags]
public enum MemberRights
{
    None = 0,
    ReadAny = 0x00000001,
    Create = 0x00000002,
    EditOwned = 0x00000008,
    DeleteOwned = 0x00000010,
    EditAny = 0x00000020,
    DeleteAny = 0x00000040,
    CreateSubfolder = 0x00000080,
    FolderOwner = 0x00000100,
    FolderContact = 0x00000200,
    FolderVisible = 0x00000400,
    FreeBusySimple = 0x00000800,
    FreeBusyDetailed = 0x00001000,
}

/// <summary>RopGetPermissionsTable: who may do what in a folder. Source: [MS-OXCROPS] 2.2.10.2.</summary>
public sealed record GetPermissionsTableRequest(byte HandleIndex, byte OutputHandleIndex, PermissionsTableFlags TableFlags)
    : RopRequest(RopId.GetPermissionsTable, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex).WriteByte((byte)TableFlags);

    internal static GetPermissionsTableRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (PermissionsTableFlags)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopModifyPermissions. Source: [MS-OXCROPS] 2.2.10.1.</summary>
public sealed record ModifyPermissionsRequest(byte HandleIndex, ModifyPermissionsFlags Flags, IReadOnlyList<RowChange> Changes)
    : RopRequest(RopId.ModifyPermissions, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte((byte)Flags).WriteCount(Changes.Count);
        foreach (var change in Changes) change.Write(writer);
    }

    internal static ModifyPermissionsRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, (ModifyPermissionsFlags)reader.ReadByte(),
        reader.ReadArray(reader.ReadUInt16(), RowChange.MinimumSize, () => RowChange.Read(reader)));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}
