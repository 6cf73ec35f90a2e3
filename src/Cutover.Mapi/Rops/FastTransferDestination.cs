namespace Cutover.Mapi.Rops;

/// <summary>How the source of an uploaded stream was made. Source: [MS-OXCFXICS] 2.2.3.1.2.1.1.</summary>
public enum SourceOperation : byte
{
    CopyTo = 0x01,
    CopyProperties = 0x02,
    CopyMessages = 0x03,
    CopyFolder = 0x04,
}

/// <summary>RopFastTransferDestinationConfigure. Source: [MS-OXCROPS] 2.2.12.1.</summary>
public sealed record FastTransferDestinationConfigureRequest(byte HandleIndex, byte OutputHandleIndex, SourceOperation SourceOperation, byte CopyFlags)
    : RopRequest(RopId.FastTransferDestinationConfigure, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteByte(OutputHandleIndex).WriteByte((byte)SourceOperation).WriteByte(CopyFlags);

    internal static FastTransferDestinationConfigureRequest ReadBody(byte handleIndex, RopReader reader) =>
        new(handleIndex, reader.ReadByte(), (SourceOperation)reader.ReadByte(), reader.ReadByte());

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => new RopSuccess(Id, handleIndex);
}

/// <summary>RopFastTransferDestinationPutBuffer, or its extended form with 32-bit counts in the answer. Source: [MS-OXCROPS] 2.2.12.2, 2.2.12.3.</summary>
public sealed record FastTransferDestinationPutBufferRequest(RopId Id, byte HandleIndex, ReadOnlyMemory<byte> TransferData) : RopRequest(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) => writer.WriteCount(TransferData.Length).WriteBytes(TransferData.Span);

    internal static FastTransferDestinationPutBufferRequest ReadBody(RopId id, byte handleIndex, RopReader reader) =>
        new(id, handleIndex, reader.ReadBytes(reader.ReadUInt16()));

    public override RopResponse Failure(byte handleIndex, uint returnValue) =>
        new FastTransferDestinationPutBufferResponse(Id, handleIndex, TransferStatus.Error, 0, 0, 0, returnValue);

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => ReadFailure(handleIndex, MapiErrorCode.Success, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader)
    {
        var status = (TransferStatus)reader.ReadUInt16();
        var isExtended = Id == RopId.FastTransferDestinationPutBufferExtended;
        var done = isExtended ? reader.ReadUInt32() : reader.ReadUInt16();
        var total = isExtended ? reader.ReadUInt32() : reader.ReadUInt16();
        reader.ReadByte();
        return new FastTransferDestinationPutBufferResponse(Id, handleIndex, status, done, total, reader.ReadUInt16(), returnValue);
    }
}

/// <summary>So many bytes of the data were taken.</summary>
public sealed record FastTransferDestinationPutBufferResponse(
    RopId Id, byte HandleIndex, TransferStatus TransferStatus, uint InProgressCount, uint TotalStepCount, ushort BufferUsedSize,
    uint ReturnValue = MapiErrorCode.Success)
    : RopResponse(Id, HandleIndex, ReturnValue)
{
    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteUInt16((ushort)TransferStatus);
        if (Id == RopId.FastTransferDestinationPutBufferExtended) writer.WriteUInt32(InProgressCount).WriteUInt32(TotalStepCount);
        else writer.WriteUInt16((ushort)InProgressCount).WriteUInt16((ushort)TotalStepCount);
        writer.WriteByte(0).WriteUInt16(BufferUsedSize);
    }
}
