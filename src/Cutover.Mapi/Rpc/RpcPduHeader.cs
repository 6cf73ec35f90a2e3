using System.Buffers.Binary;

namespace Cutover.Mapi.Rpc;

/// <summary>What a PDU is. Source: C706 12.6.4; 20 from [MS-RPCH] 2.2.3.6.1.</summary>
public enum RpcPacketType : byte
{
    Request = 0,
    Response = 2,
    Fault = 3,
    Bind = 11,
    BindAck = 12,
    BindNak = 13,
    AlterContext = 14,
    AlterContextResponse = 15,
    Auth3 = 16,
    Shutdown = 17,
    Cancel = 18,
    Orphaned = 19,
    Rts = 20,
}

/// <summary>Source: C706 12.6.3.1 pfc_flags; header signing from [MS-RPCE] 2.2.2.3.</summary>
[Flags]
public enum RpcPacketFlags : byte
{
    None = 0,
    FirstFragment = 0x01,
    LastFragment = 0x02,
    SupportHeaderSign = 0x04,
    ConcurrentMultiplexing = 0x10,
    DidNotExecute = 0x20,
    Maybe = 0x40,
    ObjectUuid = 0x80,
    Whole = FirstFragment | LastFragment,
}

/// <summary>The 16 bytes that begin every PDU. Source: C706 12.6.3.1.</summary>
/// <param name="FragmentLength">The whole PDU's bytes, this header included.</param>
/// <param name="AuthLength">The bytes of the authentication token; its 8-byte trailer does not count.</param>
public readonly record struct RpcPduHeader(RpcPacketType Type, RpcPacketFlags Flags, ushort FragmentLength, ushort AuthLength, uint CallId)
{
    public const int Size = 16;

    /// <summary>What Windows sends and takes over HTTP: no fragment is longer. Source: [MS-RPCE] 3.3.1.5.2, measured 0x0FF8.</summary>
    public const ushort MaxFragment = 0x0FF8;

    private const byte Version = 5;

    /// <summary>Little-endian integers, ASCII, IEEE floats.</summary>
    internal const uint DataRepresentation = 0x00000010;

    public static RpcPduHeader Read(ReadOnlySpan<byte> pdu)
    {
        if (pdu.Length < Size) throw new MapiProtocolException($"RPC PDU of {pdu.Length} bytes is shorter than its header");
        var version = pdu[0];
        var type = (RpcPacketType)pdu[2];
        var flags = (RpcPacketFlags)pdu[3];
        var representation = BinaryPrimitives.ReadUInt32LittleEndian(pdu[4..]);
        var fragmentLength = BinaryPrimitives.ReadUInt16LittleEndian(pdu[8..]);
        var authLength = BinaryPrimitives.ReadUInt16LittleEndian(pdu[10..]);
        var callId = BinaryPrimitives.ReadUInt32LittleEndian(pdu[12..]);
        if (version != Version) throw new MapiProtocolException($"RPC version {version} where 5 is expected: the stream is out of step");
        if ((byte)representation != (byte)DataRepresentation)
            throw new MapiProtocolException($"RPC data representation 0x{representation:X8} is not little-endian");
        if (fragmentLength < Size + authLength)
            throw new MapiProtocolException($"RPC fragment length {fragmentLength} does not hold header and {authLength} bytes of authentication");
        return new RpcPduHeader(type, flags, fragmentLength, authLength, callId);
    }

    internal void Write(NdrWriter writer)
    {
        writer.WriteByte(Version);
        writer.WriteByte(0);
        writer.WriteByte((byte)Type);
        writer.WriteByte((byte)Flags);
        writer.WriteUInt32(DataRepresentation);
        writer.WriteUInt16(FragmentLength);
        writer.WriteUInt16(AuthLength);
        writer.WriteUInt32(CallId);
    }
}
