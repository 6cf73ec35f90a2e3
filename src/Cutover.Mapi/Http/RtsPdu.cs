using System.Buffers.Binary;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>Source: [MS-RPCH] 2.2.3.4 RTS flags.</summary>
[Flags]
public enum RtsFlags : ushort
{
    None = 0,
    Ping = 0x01,
    OtherCommand = 0x02,
    RecycleChannel = 0x04,
    InChannel = 0x08,
    OutChannel = 0x10,
    Eof = 0x20,
    Echo = 0x40,
}

/// <summary>A request to send: what the ends of a virtual connection tell each other besides RPC. Source: [MS-RPCH] 2.2.3.6, 2.2.4.</summary>
public sealed partial record RtsPdu(RtsFlags Flags, params IReadOnlyList<RtsCommand> Commands)
{
    /// <summary>The version of RPC over HTTP that we speak, 2 written as 1.</summary>
    private static readonly RtsCommand ProtocolVersion = new RtsCommand.Version(1);

    /// <summary>A keep-alive: PING and nothing else (OUT_R2/C1 carries PING too, with an Empty command). Source: 2.2.4.49.</summary>
    public bool IsPing => Flags == RtsFlags.Ping;

    /// <summary>Opens the OUT channel, client to proxy. Source: 2.2.4.2.</summary>
    public static RtsPdu ConnA1(Guid connection, Guid outChannel, uint receiveWindow) => new(
        RtsFlags.None,
        ProtocolVersion,
        new RtsCommand.Cookie(connection),
        new RtsCommand.Cookie(outChannel),
        new RtsCommand.ReceiveWindowSize(receiveWindow));

    /// <summary>Opens the IN channel, client to proxy. Source: 2.2.4.5.</summary>
    public static RtsPdu ConnB1(Guid connection, Guid inChannel, uint channelLifetime, uint keepaliveMilliseconds, Guid associationGroup) => new(
        RtsFlags.None,
        ProtocolVersion,
        new RtsCommand.Cookie(connection),
        new RtsCommand.Cookie(inChannel),
        new RtsCommand.ChannelLifetime(channelLifetime),
        new RtsCommand.ClientKeepalive(keepaliveMilliseconds),
        new RtsCommand.AssociationGroupId(associationGroup));

    /// <summary>The OUT channel is open, proxy to client. Source: 2.2.4.4.</summary>
    public static RtsPdu ConnA3(uint timeoutMilliseconds) => new(RtsFlags.None, new RtsCommand.ConnectionTimeout(timeoutMilliseconds));

    /// <summary>The virtual connection is open, proxy to client. Source: 2.2.4.9.</summary>
    public static RtsPdu ConnC2(uint receiveWindow, uint timeoutMilliseconds) => new(
        RtsFlags.None, ProtocolVersion, new RtsCommand.ReceiveWindowSize(receiveWindow), new RtsCommand.ConnectionTimeout(timeoutMilliseconds));

    /// <summary>Source: 2.2.4.49.</summary>
    public static RtsPdu Ping() => new(RtsFlags.Ping);

    /// <summary>The answer to a test of the proxy. Source: 2.2.4.48.</summary>
    public static RtsPdu Echo() => new(RtsFlags.Echo);

    /// <summary>To the other end of the channel. Source: 2.2.4.50.</summary>
    public static RtsPdu Acknowledge(RtsCommand.FlowControlAck ack) => new(RtsFlags.OtherCommand, ack);

    /// <summary>To be forwarded. Source: 2.2.4.51.</summary>
    public static RtsPdu Acknowledge(RtsDestination destination, RtsCommand.FlowControlAck ack) =>
        new(RtsFlags.OtherCommand, new RtsCommand.Destination(destination), ack);

    public static RtsPdu Read(ReadOnlySpan<byte> pdu)
    {
        var header = RpcPduHeader.Read(pdu);
        if (header.Type != RpcPacketType.Rts) throw new MapiProtocolException($"RTS PDU expected, {header.Type} received");
        var reader = new NdrReader(pdu);
        reader.ReadBytes(RpcPduHeader.Size);
        var flags = (RtsFlags)reader.ReadUInt16();
        var count = reader.ReadUInt16();
        if (count * 4 > reader.Remaining) throw new MapiProtocolException($"RTS PDU of {pdu.Length} bytes can't hold {count} commands");
        var commands = new RtsCommand[count];
        for (var i = 0; i < commands.Length; i++) commands[i] = RtsCommand.Read(ref reader);
        return new RtsPdu(flags, commands);
    }

    public byte[] ToArray()
    {
        var writer = new NdrWriter();
        new RpcPduHeader(RpcPacketType.Rts, RpcPacketFlags.Whole, 0, 0, 0).Write(writer);
        writer.WriteUInt16((ushort)Flags);
        writer.WriteUInt16((ushort)Commands.Count);
        foreach (var command in Commands) command.Write(writer);
        var pdu = writer.WrittenMemory.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(pdu.AsSpan(8), checked((ushort)pdu.Length));
        return pdu;
    }

    /// <summary>The first command of this kind, or null.</summary>
    public T? Find<T>()
        where T : RtsCommand => Commands.OfType<T>().FirstOrDefault();

    public override string ToString() => $"RTS {Flags} [{string.Join(", ", Commands.Select(command => command.GetType().Name))}]";
}
