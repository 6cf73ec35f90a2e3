namespace Cutover.Mapi.Rops;

/// <summary>
/// What a server answers to one ROP. Most begin with RopId, the handle index and a return value. Source: [MS-OXCROPS] 2.2.
/// </summary>
public abstract record RopResponse(RopId Id, byte HandleIndex, uint ReturnValue = MapiErrorCode.Success)
{
    public bool IsSuccess => ReturnValue == MapiErrorCode.Success;

    public virtual void Write(RopWriter writer)
    {
        writer.WriteByte((byte)Id).WriteByte(HandleIndex).WriteUInt32(ReturnValue);
        WriteBody(writer);
    }

    protected abstract void WriteBody(RopWriter writer);

    internal static RopResponse? TryReadExtra(RopId id, RopReader reader) => id switch
    {
        RopId.BufferTooSmall => BufferTooSmallResponse.ReadBody(reader),
        RopId.Backoff => BackoffResponse.ReadBody(reader),
        RopId.Notify => NotifyResponse.ReadBody(reader),
        RopId.Pending => new PendingResponse(reader.ReadUInt16()),
        _ => null,
    };
}

/// <summary>The ROP failed with a code and nothing more.</summary>
public sealed record RopFailure(RopId Id, byte HandleIndex, uint ReturnValue) : RopResponse(Id, HandleIndex, ReturnValue)
{
    protected override void WriteBody(RopWriter writer) { }
}

/// <summary>The ROP was done and has nothing more to tell.</summary>
public sealed record RopSuccess(RopId Id, byte HandleIndex) : RopResponse(Id, HandleIndex)
{
    protected override void WriteBody(RopWriter writer) { }
}

/// <summary>
/// The answers don't fit: <paramref name="RequestBuffers"/> echoes the ROPs that were not executed, to be sent again with more room.
/// Source: [MS-OXCROPS] 2.2.15.1.
/// </summary>
public sealed record BufferTooSmallResponse(ushort SizeNeeded, ReadOnlyMemory<byte> RequestBuffers) : RopResponse(RopId.BufferTooSmall, 0)
{
    public override void Write(RopWriter writer)
    {
        writer.WriteByte((byte)Id);
        WriteBody(writer);
    }

    protected override void WriteBody(RopWriter writer) => writer.WriteUInt16(SizeNeeded).WriteBytes(RequestBuffers.Span);

    internal static BufferTooSmallResponse ReadBody(RopReader reader) => new(reader.ReadUInt16(), reader.ReadToEnd());
}

/// <summary>One kind of ROP that the server won't do for so many milliseconds.</summary>
public sealed record BackoffRop(RopId Id, uint Duration);

/// <summary>
/// The server is busy: wait <paramref name="Duration"/> milliseconds with the whole logon or, when <paramref name="Rops"/> names some, with
/// those.
/// Source: [MS-OXCROPS] 2.2.15.2.
/// </summary>
public sealed record BackoffResponse(byte LogonId, uint Duration, IReadOnlyList<BackoffRop> Rops) : RopResponse(RopId.Backoff, 0)
{
    public ReadOnlyMemory<byte> AdditionalData { get; init; }

    public override void Write(RopWriter writer)
    {
        writer.WriteByte((byte)Id).WriteByte(LogonId);
        WriteBody(writer);
    }

    protected override void WriteBody(RopWriter writer)
    {
        writer.WriteUInt32(Duration).WriteByte(checked((byte)Rops.Count));
        foreach (var rop in Rops) writer.WriteByte((byte)rop.Id).WriteUInt32(rop.Duration);
        writer.WriteCount(AdditionalData.Length).WriteBytes(AdditionalData.Span);
    }

    internal static BackoffResponse ReadBody(RopReader reader)
    {
        var logonId = reader.ReadByte();
        var duration = reader.ReadUInt32();
        var rops = reader.ReadArray(reader.ReadByte(), 5, () => new BackoffRop((RopId)reader.ReadByte(), reader.ReadUInt32()));
        return new BackoffResponse(logonId, duration, rops) { AdditionalData = reader.ReadBytes(reader.ReadUInt16()) };
    }
}

/// <summary>Notifications wait on another session of the context; nothing that we asked for. Source: [MS-OXCROPS] 2.2.14.3.</summary>
public sealed record PendingResponse(ushort SessionIndex) : RopResponse(RopId.Pending, 0)
{
    public override void Write(RopWriter writer)
    {
        writer.WriteByte((byte)Id);
        WriteBody(writer);
    }

    protected override void WriteBody(RopWriter writer) => writer.WriteUInt16(SessionIndex);
}
