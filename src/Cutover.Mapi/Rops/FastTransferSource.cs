using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCFXICS] 2.2.3.1.1.5.2.</summary>
public enum TransferStatus : ushort
{
    Error = 0x0000,
    Partial = 0x0001,

    /// <summary>As Partial; Exchange 2003 and 2007 say it when the next atom doesn't fit.</summary>
    NoRoom = 0x0002,
    Done = 0x0003,
}

/// <summary>
/// RopFastTransferSourceCopyTo: a message, attachment or folder with the properties named left out. Source: [MS-OXCROPS] 2.2.12.6.
/// </summary>
public sealed record FastTransferSourceCopyToRequest(
    byte HandleIndex, byte OutputHandleIndex, byte Level, uint CopyFlags, SendOptions SendOptions, IReadOnlyList<PropertyTag> ExcludedTags)
    : RopRequest(RopId.FastTransferSourceCopyTo, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(OutputHandleIndex).WriteByte(Level).WriteUInt32(CopyFlags).WriteByte((byte)SendOptions).WritePropertyTags(ExcludedTags);

    internal static FastTransferSourceCopyToRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, reader.ReadByte(), reader.ReadByte(), reader.ReadUInt32(), (SendOptions)reader.ReadByte(),
        reader.ReadPropertyTags(reader.ReadUInt16()));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>
/// RopFastTransferSourceCopyProperties: a message, attachment or folder with nothing but the properties named. Source: [MS-OXCROPS] 2.2.12.7.
/// </summary>
public sealed record FastTransferSourceCopyPropertiesRequest(
    byte HandleIndex, byte OutputHandleIndex, byte Level, byte CopyFlags, SendOptions SendOptions, IReadOnlyList<PropertyTag> Tags)
    : RopRequest(RopId.FastTransferSourceCopyProperties, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(OutputHandleIndex).WriteByte(Level).WriteByte(CopyFlags).WriteByte((byte)SendOptions).WritePropertyTags(Tags);

    internal static FastTransferSourceCopyPropertiesRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, reader.ReadByte(), reader.ReadByte(), reader.ReadByte(), (SendOptions)reader.ReadByte(),
        reader.ReadPropertyTags(reader.ReadUInt16()));

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopFastTransferSourceCopyFolder: a topFolder. Source: [MS-OXCROPS] 2.2.12.4.</summary>
public sealed record FastTransferSourceCopyFolderRequest(byte HandleIndex, byte OutputHandleIndex, byte CopyFlags, SendOptions SendOptions)
    : RopRequest(RopId.FastTransferSourceCopyFolder, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex).WriteByte(CopyFlags).WriteByte((byte)SendOptions);

    internal static FastTransferSourceCopyFolderRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), reader.ReadByte(), (SendOptions)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopFastTransferSourceCopyMessages: a messageList of these messages of a folder. Source: [MS-OXCROPS] 2.2.12.5.</summary>
public sealed record FastTransferSourceCopyMessagesRequest(
    byte HandleIndex, byte OutputHandleIndex, IReadOnlyList<ObjectId> MessageIds, byte CopyFlags, SendOptions SendOptions)
    : RopRequest(RopId.FastTransferSourceCopyMessages, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(OutputHandleIndex).WriteObjectIds(MessageIds).WriteByte(CopyFlags).WriteByte((byte)SendOptions);

    internal static FastTransferSourceCopyMessagesRequest ReadBody(byte handleIndex, RopReader reader) => new(
        handleIndex, reader.ReadByte(), reader.ReadObjectIds(), reader.ReadByte(),
        (SendOptions)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>
/// RopFastTransferSourceGetBuffer: the next bytes of a download. With <see cref="ServerDecides"/> as buffer size the server fills what room
/// there is, at
/// most <paramref name="MaximumBufferSize"/>, which is on the wire only then. Source: [MS-OXCROPS] 2.2.12.4.
/// </summary>
public sealed record FastTransferSourceGetBufferRequest(
    byte HandleIndex, ushort BufferSize = FastTransferSourceGetBufferRequest.ServerDecides, ushort MaximumBufferSize = ushort.MaxValue)
    : RopRequest(RopId.FastTransferSourceGetBuffer, HandleIndex)
{
    public const ushort ServerDecides = 0xBABE;

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteUInt16(BufferSize);
        if (BufferSize == ServerDecides) writer.WriteUInt16(MaximumBufferSize);
    }

    internal static FastTransferSourceGetBufferRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var size = reader.ReadUInt16();
        return new FastTransferSourceGetBufferRequest(handleIndex, size, size == ServerDecides ? reader.ReadUInt16() : size);
    }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        ReadFailure(handleIndex, MapiErrorCode.Success, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) =>
        FastTransferSourceGetBufferResponse.ReadBody(handleIndex, returnValue, reader);
}

/// <summary>
/// Bytes of the stream and how far the download is. With ReturnValue <see cref="MapiErrorCode.ServerBusy"/> there are none: ask again after
/// <see cref="BackoffTime"/> milliseconds. Source: [MS-OXCROPS] 2.2.12.4.2.
/// </summary>
public sealed record FastTransferSourceGetBufferResponse(
    byte HandleIndex, TransferStatus TransferStatus, ushort InProgressCount, ushort TotalStepCount, ReadOnlyMemory<byte> TransferBuffer,
    uint ReturnValue = MapiErrorCode.Success) : RopResponse(RopId.FastTransferSourceGetBuffer, HandleIndex, ReturnValue)
{
    public uint BackoffTime { get; init; }

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteUInt16((ushort)TransferStatus).WriteUInt16(InProgressCount).WriteUInt16(TotalStepCount).WriteByte(0);
        writer.WriteCount(TransferBuffer.Length);
        if (ReturnValue == MapiErrorCode.ServerBusy) writer.WriteUInt32(BackoffTime);
        else writer.WriteBytes(TransferBuffer.Span);
    }

    internal static FastTransferSourceGetBufferResponse ReadBody(byte handleIndex, uint returnValue, RopReader reader)
    {
        // Some servers end a failed response after the return value; then nothing follows, for this is the last ROP of its buffer.
        if (returnValue != MapiErrorCode.Success && reader.Remaining < 9) return Failed(handleIndex, returnValue, reader);
        var status = (TransferStatus)reader.ReadUInt16();
        var inProgress = reader.ReadUInt16();
        var total = reader.ReadUInt16();
        reader.ReadByte();
        var size = reader.ReadUInt16();
        return returnValue == MapiErrorCode.ServerBusy
            ? new(handleIndex, status, inProgress, total, default, returnValue) { BackoffTime = reader.ReadUInt32() }
            : new(handleIndex, status, inProgress, total, reader.ReadBytes(size), returnValue);
    }

    private static FastTransferSourceGetBufferResponse Failed(byte handleIndex, uint returnValue, RopReader reader)
    {
        reader.ReadToEnd();
        return new(handleIndex, TransferStatus.Error, 0, 0, default, returnValue);
    }
}

/// <summary>
/// RopTellVersion: what version the other end of a server-to-client-to-server copy has, in wire words. Source: [MS-OXCROPS] 2.2.12.8.
/// </summary>
public sealed record TellVersionRequest(byte HandleIndex, ushort Word0, ushort Word1, ushort Word2)
    : RopRequest(RopId.TellVersion, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt16(Word0).WriteUInt16(Word1).WriteUInt16(Word2);

    internal static TellVersionRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}
