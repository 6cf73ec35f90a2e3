using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCFXICS] 2.2.3.2.1.1.1.</summary>
public enum SynchronizationType : byte
{
    Contents = 0x01,
    Hierarchy = 0x02,
}

/// <summary>How the stream is written. Source: [MS-OXCFXICS] 2.2.3.1.1.1.2.</summary>
[Flags]
public enum SendOptions : byte
{
    None = 0x00,
    Unicode = 0x01,

    /// <summary>Strings carry their code page as type, 0x84B0 for UTF-16.</summary>
    UseCpid = 0x02,

    /// <summary>Unicode | UseCpid: for writing into another mailbox unparsed.</summary>
    ForUpload = 0x03,

    /// <summary>A broken item becomes an errorInfo in the stream, not the end of it.</summary>
    RecoverMode = 0x04,
    ForceUnicode = 0x08,
    PartialItem = 0x10,
}

/// <summary>Source: [MS-OXCFXICS] 2.2.3.2.1.1.1.</summary>
[Flags]
public enum SynchronizationFlags : ushort
{
    None = 0x0000,
    Unicode = 0x0001,
    NoDeletions = 0x0002,
    IgnoreNoLongerInScope = 0x0004,
    ReadState = 0x0008,
    FolderAssociated = 0x0010,
    Normal = 0x0020,
    OnlySpecifiedProperties = 0x0080,
    NoForeignIdentifiers = 0x0100,
    BestBody = 0x2000,
    IgnoreSpecifiedOnFolderAssociated = 0x4000,
    Progress = 0x8000,
}

/// <summary>What else the message change headers say. Source: [MS-OXCFXICS] 2.2.3.2.1.1.1.</summary>
[Flags]
public enum SynchronizationExtraFlags : uint
{
    None = 0,
    Eid = 0x01,
    MessageSize = 0x02,
    ChangeNumber = 0x04,
    OrderByDeliveryTime = 0x08,
}

/// <summary>RopSynchronizationConfigure. Source: [MS-OXCROPS] 2.2.13.1.</summary>
public sealed record SynchronizationConfigureRequest(
    byte HandleIndex, byte OutputHandleIndex, SynchronizationType SynchronizationType, SendOptions SendOptions,
    SynchronizationFlags SynchronizationFlags, SynchronizationExtraFlags ExtraFlags, IReadOnlyList<PropertyTag> PropertyTags)
    : RopRequest(RopId.SynchronizationConfigure, HandleIndex)
{
    /// <summary>A restriction in its wire form, [MS-OXCDATA] 2.12; empty for none.</summary>
    public ReadOnlyMemory<byte> Restriction { get; init; }

    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(OutputHandleIndex).WriteByte((byte)SynchronizationType).WriteByte((byte)SendOptions)
            .WriteUInt16((ushort)SynchronizationFlags).WriteCount(Restriction.Length).WriteBytes(Restriction.Span)
            .WriteUInt32((uint)ExtraFlags).WritePropertyTags(PropertyTags);

    internal static SynchronizationConfigureRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var output = reader.ReadByte();
        var type = (SynchronizationType)reader.ReadByte();
        var options = (SendOptions)reader.ReadByte();
        var flags = (SynchronizationFlags)reader.ReadUInt16();
        var restriction = reader.ReadBytes(reader.ReadUInt16());
        var extra = (SynchronizationExtraFlags)reader.ReadUInt32();
        return new SynchronizationConfigureRequest(handleIndex, output, type, options, flags, extra, reader.ReadPropertyTags(reader.ReadUInt16()))
        {
            Restriction = restriction,
        };
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>
/// RopSynchronizationUploadStateStreamBegin: a state property of so many bytes follows (MetaTagIdsetGiven, CnsetSeen, CnsetSeenFAI,
/// CnsetRead).
/// Source: [MS-OXCROPS] 2.2.13.9.
/// </summary>
public sealed record UploadStateStreamBeginRequest(byte HandleIndex, PropertyTag StateProperty, uint TransferBufferSize)
    : RopRequest(RopId.SynchronizationUploadStateStreamBegin, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WritePropertyTag(StateProperty).WriteUInt32(TransferBufferSize);

    internal static UploadStateStreamBeginRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadPropertyTag(), reader.ReadUInt32());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopSynchronizationUploadStateStreamContinue. Source: [MS-OXCROPS] 2.2.13.10.</summary>
public sealed record UploadStateStreamContinueRequest(byte HandleIndex, ReadOnlyMemory<byte> StreamData)
    : RopRequest(RopId.SynchronizationUploadStateStreamContinue, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32((uint)StreamData.Length).WriteBytes(StreamData.Span);

    internal static UploadStateStreamContinueRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var size = reader.ReadUInt32();
        if (size > reader.Remaining) throw reader.Broken($"{size} bytes of state");
        return new UploadStateStreamContinueRequest(handleIndex, reader.ReadBytes((int)size));
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopSynchronizationUploadStateStreamEnd. Source: [MS-OXCROPS] 2.2.13.11.</summary>
public sealed record UploadStateStreamEndRequest(byte HandleIndex) : RopRequest(RopId.SynchronizationUploadStateStreamEnd, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopSynchronizationGetTransferState: the state so far as a download of its own. Source: [MS-OXCROPS] 2.2.13.8.</summary>
public sealed record GetTransferStateRequest(byte HandleIndex, byte OutputHandleIndex)
    : RopRequest(RopId.SynchronizationGetTransferState, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}
