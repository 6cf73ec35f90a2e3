namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXORULE] 2.2.2.1.</summary>
[Flags]
public enum RulesTableFlags : byte
{
    None = 0x00,
    Unicode = 0x40,
}

/// <summary>Source: [MS-OXORULE] 2.2.1.1.</summary>
[Flags]
public enum ModifyRulesFlags : byte
{
    None = 0x00,

    /// <summary>Every rule of the folder goes first.</summary>
    Replace = 0x01,
}

/// <summary>RopGetRulesTable: the rules of a folder. Source: [MS-OXCROPS] 2.2.11.2.</summary>
public sealed record GetRulesTableRequest(byte HandleIndex, byte OutputHandleIndex, RulesTableFlags TableFlags)
    : RopRequest(RopId.GetRulesTable, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex).WriteByte((byte)TableFlags);

    internal static GetRulesTableRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (RulesTableFlags)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopModifyRules. Source: [MS-OXCROPS] 2.2.11.1.</summary>
public sealed record ModifyRulesRequest(byte HandleIndex, ModifyRulesFlags Flags, IReadOnlyList<RowChange> Changes)
    : RopRequest(RopId.ModifyRules, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte((byte)Flags).WriteCount(Changes.Count);
        foreach (var change in Changes) change.Write(writer);
    }

    internal static ModifyRulesRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, (ModifyRulesFlags)reader.ReadByte(),
        reader.ReadArray(reader.ReadUInt16(), RowChange.MinimumSize, () => RowChange.Read(reader)));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>
/// RopUpdateDeferredActionMessages: the client downloaded a message that a deferred action waits for and tells its new id. Source:
/// [MS-OXCROPS] 2.2.11.3.
/// </summary>
public sealed record UpdateDeferredActionMessagesRequest(
    byte HandleIndex, ReadOnlyMemory<byte> ServerEntryId, ReadOnlyMemory<byte> ClientEntryId)
    : RopRequest(RopId.UpdateDeferredActionMessages, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteCount(ServerEntryId.Length).WriteBytes(ServerEntryId.Span).WriteCount(ClientEntryId.Length).WriteBytes(ClientEntryId.Span);

    internal static UpdateDeferredActionMessagesRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadBytes(reader.ReadUInt16()), reader.ReadBytes(reader.ReadUInt16()));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}
