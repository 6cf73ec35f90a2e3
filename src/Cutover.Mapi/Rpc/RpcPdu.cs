using System.Buffers.Binary;

namespace Cutover.Mapi.Rpc;

/// <summary>One connection-oriented RPC PDU. Source: C706 12.6.4, [MS-RPCE] 2.2.2.</summary>
public abstract record RpcPdu(uint CallId)
{
    /// <summary>First and last fragment, and what the sender can do.</summary>
    public RpcPacketFlags Flags { get; init; } = RpcPacketFlags.Whole;

    /// <summary>The security provider's token at the end; null without authentication at this level.</summary>
    public RpcAuthVerifier? Auth { get; init; }

    /// <summary>Signs and seals the PDU when its bytes are taken, once and in the order of sending; null without security.</summary>
    public RpcSecurity? Security { get; init; }

    protected abstract RpcPacketType Type { get; }

    /// <summary>Bytes of the part that is encrypted.</summary>
    internal virtual int StubLength => 0;

    /// <summary>Reads one whole PDU. Stubs are slices of <paramref name="pdu"/>, not copies.</summary>
    public static RpcPdu Read(ReadOnlyMemory<byte> pdu)
    {
        var header = RpcPduHeader.Read(pdu.Span);
        if (header.FragmentLength != pdu.Length) throw new MapiProtocolException($"RPC PDU says {header.FragmentLength} bytes and has {pdu.Length}");
        var auth = RpcAuthVerifier.Read(pdu, header.AuthLength);
        var body = pdu[..(pdu.Length - (auth?.SizeInPdu ?? 0))];
        RpcPdu read = header.Type switch
        {
            RpcPacketType.Request => RequestPdu.ReadBody(header, body),
            RpcPacketType.Response => ResponsePdu.ReadBody(header, body),
            RpcPacketType.Fault => FaultPdu.ReadBody(header, body),
            RpcPacketType.Bind or RpcPacketType.AlterContext => BindPdu.ReadBody(header, body),
            RpcPacketType.BindAck or RpcPacketType.AlterContextResponse => BindAckPdu.ReadBody(header, body),
            RpcPacketType.BindNak => BindNakPdu.ReadBody(header, body),
            RpcPacketType.Auth3 => new Auth3Pdu(header.CallId),
            _ => throw new MapiProtocolException($"RPC PDU of type {header.Type} is not expected on this connection"),
        };
        return read with { Flags = header.Flags, Auth = auth };
    }

    public byte[] ToArray() => Security is { } security ? security.Protect(this) : Encode();

    internal byte[] Encode()
    {
        var writer = new NdrWriter();
        new RpcPduHeader(Type, Flags, 0, (ushort)(Auth?.Token.Length ?? 0), CallId).Write(writer);
        WriteBody(writer);
        Auth?.Write(writer);
        var pdu = writer.WrittenMemory.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(pdu.AsSpan(8), checked((ushort)pdu.Length));
        return pdu;
    }

    protected abstract void WriteBody(NdrWriter writer);

    private protected static NdrReader BodyReader(ReadOnlyMemory<byte> pdu)
    {
        var reader = new NdrReader(pdu.Span);
        reader.ReadBytes(RpcPduHeader.Size);
        return reader;
    }
}

/// <summary>The security trailer and its token at the end of a PDU. Source: [MS-RPCE] 2.2.2.11 sec_trailer.</summary>
/// <param name="PadLength">Bytes of padding between the body and this trailer.</param>
public sealed record RpcAuthVerifier(byte Type, byte Level, byte PadLength, uint ContextId, ReadOnlyMemory<byte> Token)
{
    internal const int TrailerSize = 8;

    /// <summary>Padding, trailer and token.</summary>
    internal int SizeInPdu => PadLength + TrailerSize + Token.Length;

    internal static RpcAuthVerifier? Read(ReadOnlyMemory<byte> pdu, int authLength)
    {
        if (authLength == 0) return null;
        var start = pdu.Length - authLength - TrailerSize;
        if (start < RpcPduHeader.Size)
            throw new MapiProtocolException($"RPC PDU of {pdu.Length} bytes can't hold {authLength} bytes of authentication");
        var reader = new NdrReader(pdu.Span[start..]);
        var type = reader.ReadByte();
        var level = reader.ReadByte();
        var padLength = reader.ReadByte();
        reader.ReadByte();
        var contextId = reader.ReadUInt32();
        if (padLength > start - RpcPduHeader.Size)
            throw new MapiProtocolException($"RPC authentication padding of {padLength} bytes is longer than the body");
        return new RpcAuthVerifier(type, level, padLength, contextId, pdu[^authLength..]);
    }

    internal void Write(NdrWriter writer)
    {
        writer.WriteBytes(new byte[PadLength]);
        writer.WriteByte(Type);
        writer.WriteByte(Level);
        writer.WriteByte(PadLength);
        writer.WriteByte(0);
        writer.WriteUInt32(ContextId);
        writer.WriteBytes(Token.Span);
    }
}
