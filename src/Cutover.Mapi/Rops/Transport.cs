using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXOMSG] 2.2.3.1.1.</summary>
[Flags]
public enum SubmitFlags : byte
{
    None = 0x00,
    PreProcess = 0x01,
    NeedsSpooler = 0x02,
}

/// <summary>RopSubmitMessage: sends an open message. Source: [MS-OXCROPS] 2.2.7.1.</summary>
public sealed record SubmitMessageRequest(byte HandleIndex, SubmitFlags SubmitFlags) : RopRequest(RopId.SubmitMessage, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte((byte)SubmitFlags);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopAbortSubmit. Source: [MS-OXCROPS] 2.2.7.2.</summary>
public sealed record AbortSubmitRequest(byte HandleIndex, ObjectId FolderId, ObjectId MessageId) : RopRequest(RopId.AbortSubmit, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(FolderId).WriteObjectId(MessageId);

    internal static AbortSubmitRequest ReadBody(byte handleIndex, RopReader reader) => new(handleIndex, reader.ReadObjectId(), reader.ReadObjectId());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopGetAddressTypes: the address types that the server delivers to. Source: [MS-OXCROPS] 2.2.7.3.</summary>
public sealed record GetAddressTypesRequest(byte HandleIndex) : RopRequest(RopId.GetAddressTypes, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        var count = reader.ReadUInt16();
        var types = new RopReader(reader.ReadBytes(reader.ReadUInt16()));
        return new GetAddressTypesResponse(handleIndex, types.ReadArray(count, 1, types.ReadString8));
    }
}

public sealed record GetAddressTypesResponse(byte HandleIndex, IReadOnlyList<string> AddressTypes) : RopResponse(RopId.GetAddressTypes, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        var types = new RopWriter();
        foreach (var type in AddressTypes) types.WriteString8(type);
        writer.WriteCount(AddressTypes.Count).WriteCount(types.Length).WriteBytes(types.Written.Span);
    }
}

/// <summary>RopSetSpooler: this client sends the mail of the logon. Source: [MS-OXCROPS] 2.2.7.4.</summary>
public sealed record SetSpoolerRequest(byte HandleIndex) : RopRequest(RopId.SetSpooler, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>Source: [MS-OXOMSG] 2.2.3.4.1.</summary>
public enum SpoolerLockState : byte
{
    Lock = 0x00,
    Unlock = 0x01,
    Finished = 0x02,
}

/// <summary>RopSpoolerLockMessage. Source: [MS-OXCROPS] 2.2.7.5.</summary>
public sealed record SpoolerLockMessageRequest(byte HandleIndex, ObjectId MessageId, SpoolerLockState LockState)
    : RopRequest(RopId.SpoolerLockMessage, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(MessageId).WriteByte((byte)LockState);

    internal static SpoolerLockMessageRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadObjectId(), (SpoolerLockState)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopTransportSend: sends an open message at once. Source: [MS-OXCROPS] 2.2.7.6.</summary>
public sealed record TransportSendRequest(byte HandleIndex) : RopRequest(RopId.TransportSend, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new TransportSendResponse(handleIndex, reader.ReadBoolean() ? null : reader.ReadPropertyValues());
}

/// <summary>The sender's properties as the server set them, if it tells.</summary>
public sealed record TransportSendResponse(byte HandleIndex, IReadOnlyList<PropertyValue>? Values) : RopResponse(RopId.TransportSend, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteBoolean(Values is null);
        if (Values is not null) writer.WritePropertyValues(Values);
    }
}

/// <summary>RopTransportNewMail: a client that delivers mail itself tells of a new one. Source: [MS-OXCROPS] 2.2.7.7.</summary>
public sealed record TransportNewMailRequest(byte HandleIndex, ObjectId MessageId, ObjectId FolderId, string MessageClass, uint MessageFlags)
    : RopRequest(RopId.TransportNewMail, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteObjectId(MessageId).WriteObjectId(FolderId).WriteString8(MessageClass).WriteUInt32(MessageFlags);

    internal static TransportNewMailRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadObjectId(), reader.ReadObjectId(), reader.ReadString8(), reader.ReadUInt32());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopGetTransportFolder: where mail to be sent is put. Source: [MS-OXCROPS] 2.2.7.8.</summary>
public sealed record GetTransportFolderRequest(byte HandleIndex) : RopRequest(RopId.GetTransportFolder, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new GetTransportFolderResponse(handleIndex, reader.ReadObjectId());
}

public sealed record GetTransportFolderResponse(byte HandleIndex, ObjectId FolderId) : RopResponse(RopId.GetTransportFolder, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteObjectId(FolderId);
}

/// <summary>RopOptionsData: the options and the help of an address type. Source: [MS-OXCROPS] 2.2.7.9.</summary>
public sealed record OptionsDataRequest(byte HandleIndex, string AddressType, bool WantWin32) : RopRequest(RopId.OptionsData, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteString8(AddressType).WriteBoolean(WantWin32);

    internal static OptionsDataRequest ReadBody(byte handleIndex, RopReader reader) => new(handleIndex, reader.ReadString8(), reader.ReadBoolean());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader)
    {
        reader.ReadByte();
        var options = reader.ReadBytes(reader.ReadUInt16());
        var help = reader.ReadBytes(reader.ReadUInt16());
        return new OptionsDataResponse(handleIndex, options, help, help.IsEmpty ? null : reader.ReadString8());
    }
}

/// <summary>A help file has a name; without one there is none.</summary>
public sealed record OptionsDataResponse(
    byte HandleIndex, ReadOnlyMemory<byte> OptionsInfo, ReadOnlyMemory<byte> HelpFile, string? HelpFileName)
    : RopResponse(RopId.OptionsData, HandleIndex)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteByte(0x01).WriteCount(OptionsInfo.Length).WriteBytes(OptionsInfo.Span).WriteCount(HelpFile.Length).WriteBytes(HelpFile.Span);
        if (!HelpFile.IsEmpty) writer.WriteString8(HelpFileName ?? "");
    }
}
