using System.Net;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>Whom a forwarded RTS PDU is for. Source: [MS-RPCH] 2.2.3.3.</summary>
public enum RtsDestination : uint
{
    Client = 0,
    InProxy = 1,
    Server = 2,
    OutProxy = 3,
}

/// <summary>One command of an RTS PDU: a 32-bit type, then what the type asks for. Source: [MS-RPCH] 2.2.3.5.</summary>
public abstract record RtsCommand
{
    /// <summary>How many bytes the sender of this may have on their way to it.</summary>
    public sealed record ReceiveWindowSize(uint Bytes) : RtsCommand;

    /// <param name="BytesReceived">All RPC bytes so far on that channel.</param>
    /// <param name="AvailableWindow">How many more may come.</param>
    /// <param name="ChannelCookie">The channel whose bytes are acknowledged.</param>
    public sealed record FlowControlAck(uint BytesReceived, uint AvailableWindow, Guid ChannelCookie) : RtsCommand;

    public sealed record ConnectionTimeout(uint Milliseconds) : RtsCommand;

    /// <summary>Names a virtual connection or a channel.</summary>
    public sealed record Cookie(Guid Value) : RtsCommand;

    /// <summary>How many bytes the channel may carry before it must be replaced.</summary>
    public sealed record ChannelLifetime(uint Bytes) : RtsCommand;

    public sealed record ClientKeepalive(uint Milliseconds) : RtsCommand;

    public sealed record Version(uint Value) : RtsCommand;

    public sealed record Empty : RtsCommand;

    public sealed record Padding(int Bytes) : RtsCommand;

    public sealed record NegativeAnce : RtsCommand;

    public sealed record Ance : RtsCommand;

    public sealed record ClientAddress(IPAddress Address) : RtsCommand;

    public sealed record AssociationGroupId(Guid Value) : RtsCommand;

    public sealed record Destination(RtsDestination Value) : RtsCommand;

    public sealed record PingTrafficSentNotify(uint Bytes) : RtsCommand;

    private const int ClientAddressPadding = 12;

    internal static RtsCommand Read(ref NdrReader reader)
    {
        var type = reader.ReadUInt32();
        return type switch
        {
            0x0 => new ReceiveWindowSize(reader.ReadUInt32()),
            0x1 => new FlowControlAck(reader.ReadUInt32(), reader.ReadUInt32(), ReadCookie(ref reader)),
            0x2 => new ConnectionTimeout(reader.ReadUInt32()),
            0x3 => new Cookie(ReadCookie(ref reader)),
            0x4 => new ChannelLifetime(reader.ReadUInt32()),
            0x5 => new ClientKeepalive(reader.ReadUInt32()),
            0x6 => new Version(reader.ReadUInt32()),
            0x7 => new Empty(),
            0x8 => new Padding(reader.ReadConformantBytes().Length),
            0x9 => new NegativeAnce(),
            0xA => new Ance(),
            0xB => ReadClientAddress(ref reader),
            0xC => new AssociationGroupId(ReadCookie(ref reader)),
            0xD => new Destination((RtsDestination)reader.ReadUInt32()),
            0xE => new PingTrafficSentNotify(reader.ReadUInt32()),
            _ => throw new MapiProtocolException($"RTS command of unknown type 0x{type:X}"),
        };
    }

    internal void Write(NdrWriter writer)
    {
        switch (this)
        {
            case ReceiveWindowSize(var bytes): Write(writer, 0x0, bytes); break;
            case FlowControlAck(var received, var available, var cookie):
                Write(writer, 0x1, received, available);
                writer.WriteGuid(cookie);
                break;
            case ConnectionTimeout(var milliseconds): Write(writer, 0x2, milliseconds); break;
            case Cookie(var value):
                Write(writer, 0x3);
                writer.WriteGuid(value);
                break;
            case ChannelLifetime(var bytes): Write(writer, 0x4, bytes); break;
            case ClientKeepalive(var milliseconds): Write(writer, 0x5, milliseconds); break;
            case Version(var value): Write(writer, 0x6, value); break;
            case Empty: Write(writer, 0x7); break;
            case Padding(var bytes):
                Write(writer, 0x8);
                writer.WriteConformantBytes(new byte[bytes]);
                break;
            case NegativeAnce: Write(writer, 0x9); break;
            case Ance: Write(writer, 0xA); break;
            case ClientAddress(var address): WriteClientAddress(writer, address); break;
            case AssociationGroupId(var value):
                Write(writer, 0xC);
                writer.WriteGuid(value);
                break;
            case Destination(var value): Write(writer, 0xD, (uint)value); break;
            case PingTrafficSentNotify(var bytes): Write(writer, 0xE, bytes); break;
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Guid ReadCookie(ref NdrReader reader) => new(reader.ReadBytes(16));

    private static ClientAddress ReadClientAddress(ref NdrReader reader)
    {
        var size = reader.ReadUInt32() switch
        {
            0 => 4,
            1 => 16,
            var type => throw new MapiProtocolException($"RTS client address of unknown type {type}"),
        };
        var address = new IPAddress(reader.ReadBytes(size));
        reader.ReadBytes(ClientAddressPadding);
        return new ClientAddress(address);
    }

    private static void WriteClientAddress(NdrWriter writer, IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        Write(writer, 0xB, bytes.Length == 4 ? 0u : 1u);
        writer.WriteBytes(bytes);
        writer.WriteBytes(new byte[ClientAddressPadding]);
    }

    private static void Write(NdrWriter writer, params ReadOnlySpan<uint> values)
    {
        foreach (var value in values) writer.WriteUInt32(value);
    }
}
