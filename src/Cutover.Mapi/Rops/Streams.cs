using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCPRPT] 2.2.14.1.</summary>
public enum StreamOpenMode : byte
{
    ReadOnly = 0x00,
    ReadWrite = 0x01,

    /// <summary>Begins empty; needed for a property that is not there.</summary>
    Create = 0x02,
}

/// <summary>What an offset counts from. Source: [MS-OXCPRPT] 2.2.21.1.</summary>
public enum StreamOrigin : byte
{
    Beginning = 0x00,
    Current = 0x01,
    End = 0x02,
}

/// <summary>RopOpenStream: one property of a message, attachment or folder as bytes. Source: [MS-OXCROPS] 2.2.9.1.</summary>
public sealed record OpenStreamRequest(
    byte HandleIndex, byte OutputHandleIndex, PropertyTag PropertyTag, StreamOpenMode OpenMode = StreamOpenMode.ReadOnly)
    : RopRequest(RopId.OpenStream, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) =>
        writer.WriteByte(OutputHandleIndex).WritePropertyTag(PropertyTag).WriteByte((byte)OpenMode);

    internal static OpenStreamRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), reader.ReadPropertyTag(), (StreamOpenMode)reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new StreamSizeResponse(Id, handleIndex, reader.ReadUInt32());
}

/// <summary>Bytes in the stream: the answer to RopOpenStream and RopGetStreamSize.</summary>
public sealed record StreamSizeResponse(RopId Id, byte HandleIndex, uint StreamSize) : RopResponse(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(StreamSize);
}

/// <summary>
/// RopReadStream: the next bytes, no more than were asked for. With <see cref="MaximumFollows"/> as count the
/// <paramref name="MaximumByteCount"/> is on the wire and the response may go on in further buffers. Source: [MS-OXCROPS] 2.2.9.2.
/// </summary>
public sealed record ReadStreamRequest(byte HandleIndex, ushort ByteCount = ReadStreamRequest.MaximumFollows, uint MaximumByteCount = 0)
    : RopRequest(RopId.ReadStream, HandleIndex)
{
    public const ushort MaximumFollows = 0xBABE;

    /// <summary>A bigger maximum fails the whole call. Source: [MS-OXCPRPT] 2.2.15.1.</summary>
    public const uint LargestMaximum = 0x80000000;

    /// <summary>Bytes wanted, whichever field says it.</summary>
    public uint Wanted => ByteCount == MaximumFollows ? MaximumByteCount : ByteCount;

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteUInt16(ByteCount);
        if (ByteCount == MaximumFollows) writer.WriteUInt32(MaximumByteCount);
    }

    internal static ReadStreamRequest ReadBody(byte handleIndex, RopReader reader)
    {
        var count = reader.ReadUInt16();
        return new ReadStreamRequest(handleIndex, count, count == MaximumFollows ? reader.ReadUInt32() : 0);
    }

    public override RopResponse Failure(byte handleIndex, uint returnValue) => new ReadStreamResponse(handleIndex, default, returnValue);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) =>
        new ReadStreamResponse(handleIndex, reader.ReadBytes(reader.ReadUInt16()));

    // Some servers end a failed response after the return value; then nothing follows, for this is the last ROP of its buffer.
    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) =>
        new ReadStreamResponse(handleIndex, reader.Remaining < 2 ? reader.ReadToEnd()[..0] : reader.ReadBytes(reader.ReadUInt16()), returnValue);
}

/// <summary>Bytes of the stream; none at its end.</summary>
public sealed record ReadStreamResponse(byte HandleIndex, ReadOnlyMemory<byte> Data, uint ReturnValue = MapiErrorCode.Success)
    : RopResponse(RopId.ReadStream, HandleIndex, ReturnValue)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteCount(Data.Length).WriteBytes(Data.Span);
}

/// <summary>
/// RopWriteStream and RopWriteAndCommitStream, which also makes what was written so far the property's value. Source: [MS-OXCROPS] 2.2.9.3,
/// 2.2.9.12.
/// </summary>
public sealed record WriteStreamRequest(byte HandleIndex, ReadOnlyMemory<byte> Data, RopId Id = RopId.WriteStream) : RopRequest(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteCount(Data.Length).WriteBytes(Data.Span);

    internal static WriteStreamRequest ReadBody(RopId id, byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadBytes(reader.ReadUInt16()), id);

    public override RopResponse Failure(byte handleIndex, uint returnValue) => new WriteStreamResponse(Id, handleIndex, 0, returnValue);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => ReadFailure(handleIndex, MapiErrorCode.Success, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) =>
        new WriteStreamResponse(Id, handleIndex, reader.ReadUInt16(), returnValue);
}

/// <summary>Bytes that were written, told of a failure too.</summary>
public sealed record WriteStreamResponse(RopId Id, byte HandleIndex, ushort WrittenSize, uint ReturnValue = MapiErrorCode.Success)
    : RopResponse(Id, HandleIndex, ReturnValue)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt16(WrittenSize);
}

/// <summary>
/// RopWriteStreamExtended: RopWriteStream whose count of written bytes does not end at 65,535 when calls are chained. Source: [MS-OXCROPS]
/// 2.2.9.4.
/// </summary>
public sealed record WriteStreamExtendedRequest(byte HandleIndex, ReadOnlyMemory<byte> Data)
    : RopRequest(RopId.WriteStreamExtended, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteCount(Data.Length).WriteBytes(Data.Span);

    internal static WriteStreamExtendedRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadBytes(reader.ReadUInt16()));

    public override RopResponse Failure(byte handleIndex, uint returnValue) => new WriteStreamExtendedResponse(handleIndex, 0, returnValue);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => ReadFailure(handleIndex, MapiErrorCode.Success, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) =>
        new WriteStreamExtendedResponse(handleIndex, reader.ReadUInt32(), returnValue);
}

public sealed record WriteStreamExtendedResponse(byte HandleIndex, uint WrittenSize, uint ReturnValue = MapiErrorCode.Success)
    : RopResponse(RopId.WriteStreamExtended, HandleIndex, ReturnValue)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt32(WrittenSize);
}

/// <summary>RopCommitStream: what was written becomes the property's value. Source: [MS-OXCROPS] 2.2.9.5.</summary>
public sealed record CommitStreamRequest(byte HandleIndex) : RopRequest(RopId.CommitStream, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopGetStreamSize. Source: [MS-OXCROPS] 2.2.9.6.</summary>
public sealed record GetStreamSizeRequest(byte HandleIndex) : RopRequest(RopId.GetStreamSize, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new StreamSizeResponse(Id, handleIndex, reader.ReadUInt32());
}

/// <summary>RopSetStreamSize: cuts the stream or fills it up with zeros. Source: [MS-OXCROPS] 2.2.9.7.</summary>
public sealed record SetStreamSizeRequest(byte HandleIndex, ulong StreamSize) : RopRequest(RopId.SetStreamSize, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt64(StreamSize);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopSeekStream. Source: [MS-OXCROPS] 2.2.9.8.</summary>
public sealed record SeekStreamRequest(byte HandleIndex, StreamOrigin Origin, long Offset) : RopRequest(RopId.SeekStream, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte((byte)Origin).WriteInt64(Offset);

    internal static SeekStreamRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, (StreamOrigin)reader.ReadByte(), reader.ReadInt64());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new SeekStreamResponse(handleIndex, reader.ReadUInt64());
}

public sealed record SeekStreamResponse(byte HandleIndex, ulong NewPosition) : RopResponse(RopId.SeekStream, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt64(NewPosition);
}

/// <summary>RopCopyToStream: from one open stream's position to another's. Source: [MS-OXCROPS] 2.2.9.9.</summary>
public sealed record CopyToStreamRequest(byte HandleIndex, byte DestinationHandleIndex, ulong ByteCount)
    : RopRequest(RopId.CopyToStream, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(DestinationHandleIndex).WriteUInt64(ByteCount);

    internal static CopyToStreamRequest ReadBody(byte handleIndex, RopReader reader) => new(handleIndex, reader.ReadByte(), reader.ReadUInt64());

    public override RopResponse Failure(byte handleIndex, uint returnValue) =>
        new CopyToStreamResponse(handleIndex, 0, 0, returnValue) { DestinationHandleIndex = DestinationHandleIndex };

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => ReadFailure(handleIndex, MapiErrorCode.Success, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader)
    {
        var destination = returnValue == MapiErrorCode.NullDestinationObject ? reader.ReadUInt32() : 0;
        return new CopyToStreamResponse(handleIndex, reader.ReadUInt64(), reader.ReadUInt64(), returnValue) { DestinationHandleIndex = destination };
    }
}

public sealed record CopyToStreamResponse(byte HandleIndex, ulong ReadByteCount, ulong WrittenByteCount, uint ReturnValue = MapiErrorCode.Success)
    : RopResponse(RopId.CopyToStream, HandleIndex, ReturnValue)
{
    /// <summary>On the wire only when there was no such destination.</summary>
    public uint DestinationHandleIndex { get; init; }

    protected override void WriteBody(RopWriter writer)
    {
        if (ReturnValue == MapiErrorCode.NullDestinationObject) writer.WriteUInt32(DestinationHandleIndex);
        writer.WriteUInt64(ReadByteCount).WriteUInt64(WrittenByteCount);
    }
}

/// <summary>RopLockRegionStream and RopUnlockRegionStream, alike but for their id. Source: [MS-OXCROPS] 2.2.9.10, 2.2.9.11.</summary>
public sealed record LockRegionStreamRequest(RopId Id, byte HandleIndex, ulong RegionOffset, ulong RegionSize, uint LockFlags)
    : RopRequest(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteUInt64(RegionOffset).WriteUInt64(RegionSize).WriteUInt32(LockFlags);

    internal static LockRegionStreamRequest ReadBody(RopId id, byte handleIndex, RopReader reader) =>
        new(id, handleIndex, reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt32());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopCloneStream: the same stream with a position of its own. Source: [MS-OXCROPS] 2.2.9.13.</summary>
public sealed record CloneStreamRequest(byte HandleIndex, byte OutputHandleIndex) : RopRequest(RopId.CloneStream, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}
