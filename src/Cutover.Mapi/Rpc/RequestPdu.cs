namespace Cutover.Mapi.Rpc;

/// <summary>One fragment of a call. Source: C706 12.6.4.9.</summary>
/// <param name="AllocHint">Bytes of the stub from here on; 0 when the sender does not say.</param>
public sealed record RequestPdu(uint CallId, uint AllocHint, ushort ContextId, ushort Opnum, ReadOnlyMemory<byte> Stub) : RpcPdu(CallId)
{
    internal const int HeaderSize = RpcPduHeader.Size + 8;

    protected override RpcPacketType Type => RpcPacketType.Request;

    internal override int StubLength => Stub.Length;

    /// <summary>Cuts a call into fragments of at most <paramref name="maxFragment"/> bytes.</summary>
    public static IEnumerable<RequestPdu> Fragments(uint callId, ushort contextId, ushort opnum, ReadOnlyMemory<byte> stub, int maxFragment)
    {
        foreach (var (flags, offset, length) in RpcFragments.Of(stub.Length, maxFragment - HeaderSize))
            yield return new RequestPdu(callId, (uint)(stub.Length - offset), contextId, opnum, stub.Slice(offset, length)) { Flags = flags };
    }

    internal static RequestPdu ReadBody(RpcPduHeader header, ReadOnlyMemory<byte> pdu)
    {
        var reader = BodyReader(pdu);
        var allocHint = reader.ReadUInt32();
        var contextId = reader.ReadUInt16();
        var opnum = reader.ReadUInt16();
        if (header.Flags.HasFlag(RpcPacketFlags.ObjectUuid)) reader.ReadGuid();
        return new RequestPdu(header.CallId, allocHint, contextId, opnum, pdu[reader.Offset..]);
    }

    protected override void WriteBody(NdrWriter writer)
    {
        writer.WriteUInt32(AllocHint);
        writer.WriteUInt16(ContextId);
        writer.WriteUInt16(Opnum);
        writer.WriteBytes(Stub.Span);
    }
}

/// <summary>One fragment of an answer. Source: C706 12.6.4.10.</summary>
public sealed record ResponsePdu(uint CallId, uint AllocHint, ushort ContextId, ReadOnlyMemory<byte> Stub) : RpcPdu(CallId)
{
    internal const int HeaderSize = RpcPduHeader.Size + 8;

    protected override RpcPacketType Type => RpcPacketType.Response;

    internal override int StubLength => Stub.Length;

    /// <summary>Cuts an answer into fragments of at most <paramref name="maxFragment"/> bytes.</summary>
    public static IEnumerable<ResponsePdu> Fragments(uint callId, ushort contextId, ReadOnlyMemory<byte> stub, int maxFragment)
    {
        foreach (var (flags, offset, length) in RpcFragments.Of(stub.Length, maxFragment - HeaderSize))
            yield return new ResponsePdu(callId, (uint)(stub.Length - offset), contextId, stub.Slice(offset, length)) { Flags = flags };
    }

    internal static ResponsePdu ReadBody(RpcPduHeader header, ReadOnlyMemory<byte> pdu)
    {
        var reader = BodyReader(pdu);
        var allocHint = reader.ReadUInt32();
        var contextId = reader.ReadUInt16();
        reader.ReadByte(); // cancel_count
        reader.ReadByte();
        return new ResponsePdu(header.CallId, allocHint, contextId, pdu[reader.Offset..]);
    }

    protected override void WriteBody(NdrWriter writer)
    {
        writer.WriteUInt32(AllocHint);
        writer.WriteUInt16(ContextId);
        writer.WriteByte(0);
        writer.WriteByte(0);
        writer.WriteBytes(Stub.Span);
    }
}

/// <summary>The call failed before or in the server's routine. Source: C706 12.6.4.7.</summary>
/// <param name="Status">Such as 5 (access denied), 0x6F7 (bad stub data), 0x1C00001A (context mismatch).</param>
public sealed record FaultPdu(uint CallId, ushort ContextId, uint Status) : RpcPdu(CallId)
{
    protected override RpcPacketType Type => RpcPacketType.Fault;

    internal static FaultPdu ReadBody(RpcPduHeader header, ReadOnlyMemory<byte> pdu)
    {
        var reader = BodyReader(pdu);
        reader.ReadUInt32();
        var contextId = reader.ReadUInt16();
        reader.ReadUInt16();
        return new FaultPdu(header.CallId, contextId, reader.ReadUInt32());
    }

    protected override void WriteBody(NdrWriter writer)
    {
        writer.WriteUInt32(0);
        writer.WriteUInt16(ContextId);
        writer.WriteUInt16(0);
        writer.WriteUInt32(Status);
        writer.WriteUInt32(0);
    }
}
