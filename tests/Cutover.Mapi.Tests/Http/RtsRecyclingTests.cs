using Cutover.Mapi.Http;

namespace Cutover.Mapi.Tests.Http;

/// <summary>
/// Every PDU of the four recycling sequences, laid out by hand from the tables of [MS-RPCH] 2.2.4.10 to 2.2.4.45; flags and commands are those of
/// FreeRDP's table of signatures.
/// </summary>
public class RtsRecyclingTests
{
    private const string Connection = "0102030405060708090a0b0c0d0e0f10";
    private const string Old = "1112131415161718191a1b1c1d1e1f20";
    private const string New = "2122232425262728292a2b2c2d2e2f30";

    public static TheoryData<string, RtsPdu, string> Goldens => new()
    {
        { "OUT_R1/A2, OUT_R2/A2", RtsPdu.OutA2(), "1c00 00000000 0000 0400 0100 0d00000000000000" },
        {
            "OUT_R1/A3, OUT_R2/A3", RtsPdu.OutA3(Cookie(Connection), Cookie(Old), Cookie(New), 65536),
            $"6000 00000000 0000 0400 0500 0600000001000000 03000000{Connection} 03000000{Old} 03000000{New} 0000000000000100"
        },
        { "OUT_R1/A6", RtsPdu.OutR1A6(120_000), "2c00 00000000 0000 1000 0300 0d00000000000000 0600000001000000 02000000c0d40100" },
        { "OUT_R1/A7", RtsPdu.OutR1A7(Cookie(New)), $"3000 00000000 0000 1000 0200 0d00000002000000 03000000{New}" },
        { "OUT_R1/A10", RtsPdu.OutR1A10(), "1800 00000000 0000 0000 0100 0a000000" },
        { "OUT_R1/A11", RtsPdu.OutR1A11(), "1800 00000000 0000 0000 0100 0a000000" },
        { "OUT_R2/A6", RtsPdu.OutR2A6(), "2000 00000000 0000 0000 0200 0d00000000000000 0a000000" },
        { "OUT_R2/A7", RtsPdu.OutR2A7(Cookie(New)), $"3800 00000000 0000 1000 0300 0d00000002000000 03000000{New} 0600000001000000" },
        { "OUT_R2/B3", RtsPdu.OutR2B3(), "1800 00000000 0000 2000 0100 0a000000" },
        { "OUT_R2/C1", RtsPdu.OutR2C1(), "1800 00000000 0000 0100 0100 07000000" },
        {
            "IN_R1/A1, IN_R2/A1", RtsPdu.InA1(Cookie(Connection), Cookie(Old), Cookie(New)),
            $"5800 00000000 0000 0400 0400 0600000001000000 03000000{Connection} 03000000{Old} 03000000{New}"
        },
        {
            "IN_R1/A4", RtsPdu.InR1A4(65536, 120_000),
            "3400 00000000 0000 0000 0400 0d00000000000000 0600000001000000 0000000000000100 02000000c0d40100"
        },
        { "IN_R2/A4", RtsPdu.InR2A4(), "1c00 00000000 0000 0000 0100 0d00000000000000" },
        { "IN_R1/A5, IN_R2/A5", RtsPdu.InA5(Cookie(New)), $"2800 00000000 0000 0000 0100 03000000{New}" },
    };

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Every_step_has_the_bytes_of_its_table(string name, RtsPdu pdu, string afterHeader)
    {
        var bytes = pdu.ToArray();
        // fragment length, authentication length, call id, flags, number of commands, commands
        var expected = "0500140310000000" + Trim(afterHeader);

        Assert.True(expected == Convert.ToHexStringLower(bytes), $"{name}: {Convert.ToHexStringLower(bytes)}");
        Assert.Equal(bytes, RtsPdu.Read(bytes).ToArray());
    }

    [Fact]
    public void The_request_of_a_successor_of_OUT_holds_120_bytes()
    {
        var outA3 = RtsPdu.OutA3(Cookie(Connection), Cookie(Old), Cookie(New), 65536).ToArray();
        Assert.Equal(120, outA3.Length + RtsPdu.OutR2C1().ToArray().Length);
        Assert.Equal(120, outA3.Length + RtsPdu.OutR1A11().ToArray().Length);
    }

    [Fact]
    public void A_client_tells_the_steps_that_a_server_sends_apart()
    {
        RtsPdu[] pdus =
        [
            RtsPdu.OutA2(), RtsPdu.OutR1A6(1), RtsPdu.OutR1A10(), RtsPdu.OutR2A6(), RtsPdu.OutR2B3(), RtsPdu.InR1A4(8192, 1), RtsPdu.InR2A4(),
            RtsPdu.Ping(), RtsPdu.ConnA3(1), RtsPdu.ConnC2(8192, 1), new(RtsFlags.OtherCommand, new RtsCommand.PingTrafficSentNotify(1)),
        ];

        Assert.Equal(
            [
                RecyclingStep.OutA2, RecyclingStep.OutR1A6, RecyclingStep.OutR1A10, RecyclingStep.OutR2A6, RecyclingStep.OutR2B3, RecyclingStep.InR1A4,
                RecyclingStep.InR2A4, RecyclingStep.None, RecyclingStep.None, RecyclingStep.None, RecyclingStep.None,
            ],
            pdus.Select(pdu => RtsPdu.Read(pdu.ToArray()).Step));
    }

    private static Guid Cookie(string hex) => new(Convert.FromHexString(hex));

    private static string Trim(string hex) => hex.Replace(" ", "");
}
