using System.Net;
using Cutover.Mapi.Http;

namespace Cutover.Mapi.Tests.Http;

public class RtsPduTests
{
    private static readonly Guid Connection = Cookie(1);
    private static readonly Guid OutChannel = Cookie(17);
    private static readonly Guid InChannel = Cookie(33);

    // Bytes that impacket 0.10 writes for the same values.
    [Fact]
    public void CONN_A1_is_written_as_impacket_writes_it() => Assert.Equal(
        "05001403100000004c00000000000000000004000600000001000000030000000102030405060708090a0b0c0d0e0f1003000000"
        + "1112131415161718191a1b1c1d1e1f200000000000000100",
        Hex(RtsPdu.ConnA1(Connection, OutChannel, 65536)));

    [Fact]
    public void CONN_B1_is_written_as_impacket_writes_it() => Assert.Equal(
        "05001403100000006800000000000000000006000600000001000000030000000102030405060708090a0b0c0d0e0f1003000000"
        + "2122232425262728292a2b2c2d2e2f30040000000000004005000000e09304000c0000003132333435363738393a3b3c3d3e3f40",
        Hex(RtsPdu.ConnB1(Connection, InChannel, 0x40000000, 300_000, Cookie(49))));

    [Fact]
    public void Ping_is_a_bare_header() => Assert.Equal("0500140310000000140000000000000001000000", Hex(RtsPdu.Ping()));

    // A FlowControlAckWithDestination that FreeRDP sent to a real gateway: destination OutProxy, 0x0DB8A0 bytes received, window 65536.
    [Fact]
    public void A_recorded_acknowledgment_is_read_and_written_back()
    {
        var recorded = Convert.FromHexString(
            "0500140310000000380000000000000002000200" + "0d00000003000000" + "01000000" + "a0b80d00" + "00000100" + "ca221e0b1eb43d169dcbbbb2f6b2a023");

        var pdu = RtsPdu.Read(recorded);

        Assert.Equal(RtsFlags.OtherCommand, pdu.Flags);
        Assert.Equal(RtsDestination.OutProxy, pdu.Find<RtsCommand.Destination>()!.Value);
        var ack = pdu.Find<RtsCommand.FlowControlAck>()!;
        Assert.Equal((899_232u, 65_536u), (ack.BytesReceived, ack.AvailableWindow));
        Assert.Equal(recorded, pdu.ToArray());
    }

    [Fact]
    public void Every_PDU_has_the_size_that_the_specification_gives_it()
    {
        Assert.Equal(76, RtsPdu.ConnA1(Connection, OutChannel, 1).ToArray().Length);
        Assert.Equal(104, RtsPdu.ConnB1(Connection, InChannel, 1, 1, Connection).ToArray().Length);
        Assert.Equal(28, RtsPdu.ConnA3(1).ToArray().Length);
        Assert.Equal(44, RtsPdu.ConnC2(1, 1).ToArray().Length);
        Assert.Equal(48, RtsPdu.Acknowledge(new RtsCommand.FlowControlAck(1, 2, InChannel)).ToArray().Length);
        Assert.Equal(28, RtsPdu.OutA2().ToArray().Length);
        Assert.Equal(96, RtsPdu.OutA3(Connection, OutChannel, InChannel, 1).ToArray().Length);
        Assert.Equal(88, RtsPdu.InA1(Connection, InChannel, OutChannel).ToArray().Length);
        Assert.Equal(40, RtsPdu.InA5(InChannel).ToArray().Length);
        Assert.Equal(20, RtsPdu.Echo().ToArray().Length);
    }

    [Fact]
    public void Every_command_is_written_and_read_back()
    {
        RtsCommand[] commands =
        [
            new RtsCommand.ReceiveWindowSize(65536), new RtsCommand.FlowControlAck(1, 2, InChannel), new RtsCommand.ConnectionTimeout(120_000),
            new RtsCommand.Cookie(Connection), new RtsCommand.ChannelLifetime(1 << 30), new RtsCommand.ClientKeepalive(300_000), new RtsCommand.Version(1),
            new RtsCommand.Empty(), new RtsCommand.Padding(12), new RtsCommand.NegativeAnce(), new RtsCommand.Ance(),
            new RtsCommand.ClientAddress(IPAddress.Parse("192.0.2.7")), new RtsCommand.ClientAddress(IPAddress.Parse("2001:db8::7")),
            new RtsCommand.AssociationGroupId(Connection), new RtsCommand.Destination(RtsDestination.Server), new RtsCommand.PingTrafficSentNotify(9),
        ];

        Assert.Equal(commands, RtsPdu.Read(new RtsPdu(RtsFlags.OtherCommand, commands).ToArray()).Commands);
    }

    [Fact]
    public void Only_a_bare_PING_is_a_ping() => Assert.False(new RtsPdu(RtsFlags.Ping | RtsFlags.OtherCommand).IsPing);

    [Theory]
    [InlineData("05001403100000001400000000000000000001")] // cut inside the header
    [InlineData("0500140310000000140000000000000000000100")] // one command announced, none there
    [InlineData("05001403100000001800000000000000000001000f000000")] // unknown command
    [InlineData("0500140310000000200000000000000000000100030000000102030405060708")] // cut cookie
    [InlineData("05000003100000001400000000000000000000 00")] // a request, not RTS
    public void Broken_PDUs_throw_a_protocol_exception(string hex) =>
        Assert.Throws<MapiProtocolException>(() => RtsPdu.Read(Convert.FromHexString(hex.Replace(" ", ""))));

    private static Guid Cookie(byte first) => new([.. Enumerable.Range(first, 16).Select(i => (byte)i)]);

    private static string Hex(RtsPdu pdu) => Convert.ToHexStringLower(pdu.ToArray());
}
