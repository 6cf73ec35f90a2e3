using System.Text;
using CsCheck;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.MapiHttp;

namespace Cutover.Mapi.Tests.MapiHttp;

/// <summary>The bodies of the mailbox server endpoint, field by field from the tables of [MS-OXCMAPIHTTP] 2.2.4.</summary>
public sealed class BodyTests
{
    private static readonly MapiVersion Version = new(15, 1, 2507, 6);

    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 300];

    [Fact]
    public void Connect_has_the_bytes_that_the_tables_give()
    {
        var call = new ConnectCall("/o=C/cn=a", new MapiVersion(15, 0, 4551, 1000)) { SortLocale = 0x413 };
        const string expected =
            "2F 6F 3D 43 2F 63 6E 3D 61 00" // UserDn
            + "00000000" // Flags
            + "E4040000" // DefaultCodePage
            + "13040000" // LcidSort
            + "09040000" // LcidString
            + "00000000"; // AuxiliaryBufferSize
        Assert.Equal(Hex(expected), ConnectRequestBody.Write(call).ToArray());
        var answer = new ConnectResult(0) { DNPrefix = "/o=C", DisplayName = "Å", ServerVersion = Version };
        const string answered =
            "00000000 00000000" // StatusCode, ErrorCode
            + "60EA0000 06000000 10270000" // PollsMax, RetryCount, RetryDelay
            + "2F 6F 3D 43 00" // DnPrefix
            + "C500 0000" // DisplayName
            + "00000000"; // AuxiliaryBufferSize
        Assert.Equal(Hex(answered), ConnectResponseBody.Write(answer).ToArray());
        Assert.Equal(answer, ConnectResponseBody.Read(Hex(answered), Version) with { AuxiliaryOut = default });
    }

    [Fact]
    public void Execute_has_the_bytes_that_the_tables_give()
    {
        var call = new ExecuteCall(RpcExt2Flags.NoCompression | RpcExt2Flags.NoXorMagic, new byte[] { 1, 2, 3 }, 0x10008);
        Assert.Equal(Hex("03000000 03000000 010203 08000100 00000000"), ExecuteRequestBody.Write(call).ToArray());
        var answer = new ExecuteResult(new byte[] { 9, 8 }, MapiErrorCode.ServerBusy);
        Assert.Equal(Hex("00000000 80040000 00000000 02000000 0908 00000000"), ExecuteResponseBody.Write(answer).ToArray());
    }

    [Fact]
    public void Disconnect_and_NotificationWait_have_the_bytes_that_the_tables_give()
    {
        Assert.Equal(Hex("00000000"), DisconnectRequestBody.Write().ToArray());
        Assert.Equal(Hex("00000000 00000000 00000000"), DisconnectResponseBody.Write(0).ToArray());
        Assert.Equal(Hex("00000000 00000000"), NotificationWaitBodies.WriteRequest().ToArray());
        Assert.Equal(Hex("00000000 00000000 01000000 00000000"), NotificationWaitBodies.WriteResponse(eventPending: true).ToArray());
    }

    [Fact]
    public void Any_call_and_any_answer_are_read_as_they_were_written() => Gen.Select(Gen.UInt, Bytes, Gen.UInt, Bytes).Sample((flags, rops, maximum, auxiliary) =>
    {
        var call = ExecuteRequestBody.Read(ExecuteRequestBody.Write(new ExecuteCall((RpcExt2Flags)flags, rops, maximum) { AuxiliaryIn = auxiliary }));
        var answer = ExecuteResponseBody.Read(ExecuteResponseBody.Write(new ExecuteResult(rops, flags) { AuxiliaryOut = auxiliary }));
        return (flags, maximum, flags) == ((uint)call.Flags, call.MaximumOutput, answer.Result)
            && call.Input.Span.SequenceEqual(rops) && call.AuxiliaryIn.Span.SequenceEqual(auxiliary)
            && answer.Output.Span.SequenceEqual(rops) && answer.AuxiliaryOut.Span.SequenceEqual(auxiliary);
    });

    [Fact]
    public void A_body_cut_anywhere_is_refused()
    {
        var body = ExecuteResponseBody.Write(new ExecuteResult(new byte[20], 0) { AuxiliaryOut = new byte[3] });
        for (var length = 0; length < body.Length; length++) Assert.Throws<MapiProtocolException>(() => ExecuteResponseBody.Read(body[..length]));
    }

    [Fact]
    public void A_request_that_failed_as_a_whole_throws_its_status()
    {
        var failed = Assert.Throws<MapiException>(() => ConnectResponseBody.Read(Hex("05400080 00000000"), Version));
        Assert.Equal(("Connect", 0x80004005), (failed.Operation, failed.ErrorCode));
    }

    [Theory]
    [InlineData("Exchange/15.01.2507.006", "15.1.2507.6")]
    [InlineData("Exchange/15.00.0847.030", "15.0.847.30")]
    [InlineData("15.2.2562.17", "15.2.2562.17")]
    [InlineData("Exchange", "0.0.0.0")]
    [InlineData(null, "0.0.0.0")]
    public void A_version_is_read_from_its_header(string? header, string version) => Assert.Equal(version, VersionHeader.Parse(header).ToString());

    [Fact]
    public void Versions_stand_in_the_headers_as_Outlook_and_Exchange_write_them() => Assert.Equal(
        ("Outlook/15.00.4551.1000", "Exchange/15.01.2507.006"), (VersionHeader.OfClient(new MapiVersion(15, 0, 4551, 1000)), VersionHeader.OfServer(Version)));

    private static byte[] Hex(string text) => Convert.FromHexString(new StringBuilder(text).Replace(" ", "").ToString());
}
