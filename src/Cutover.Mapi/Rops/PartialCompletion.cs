namespace Cutover.Mapi.Rops;

/// <summary>A ROP on many objects, whose answer tells, failed or not, whether some were left.</summary>
public abstract record PartialRequest(RopId Id, byte HandleIndex) : RopRequest(Id, HandleIndex)
{
    /// <summary>The handle index of the destination, for those that have one.</summary>
    private protected virtual byte Destination => 0;

    public override RopResponse Failure(byte handleIndex, uint returnValue) =>
        new PartialResponse(Id, handleIndex, PartialCompletion: false, returnValue) { DestinationHandleIndex = Destination };

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => ReadFailure(handleIndex, MapiErrorCode.Success, reader);

    protected override RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader)
    {
        var destination = returnValue == MapiErrorCode.NullDestinationObject ? reader.ReadUInt32() : 0;
        return new PartialResponse(Id, handleIndex, reader.ReadBoolean(), returnValue) { DestinationHandleIndex = destination };
    }
}

/// <summary>With <see cref="MapiErrorCode.NullDestinationObject"/> it names the destination. Source: [MS-OXCROPS] 2.2.4.6.3.</summary>
public sealed record PartialResponse(RopId Id, byte HandleIndex, bool PartialCompletion, uint ReturnValue = MapiErrorCode.Success)
    : RopResponse(Id, HandleIndex, ReturnValue)
{
    public uint DestinationHandleIndex { get; init; }

    protected override void WriteBody(RopWriter writer)
    {
        if (ReturnValue == MapiErrorCode.NullDestinationObject) writer.WriteUInt32(DestinationHandleIndex);
        writer.WriteBoolean(PartialCompletion);
    }
}
