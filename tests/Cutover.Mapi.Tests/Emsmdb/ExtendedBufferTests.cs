using System.Buffers;
using CsCheck;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Tests.Emsmdb;

public class ExtendedBufferTests
{
    /// <summary>Compression and XOR, each on or off.</summary>
    private static readonly Gen<RpcExt2Flags> Flags = Gen.Int[0, 3].Select(flags => (RpcExt2Flags)flags);

    [Fact]
    public void A_plain_payload_follows_its_header() =>
        Assert.Equal(Convert.FromHexString("0000040002000200abcd"), ExtendedBuffer.Pack([0xAB, 0xCD], RpcExt2Flags.NoCompression | RpcExt2Flags.NoXorMagic));

    [Fact]
    public void Every_byte_of_an_obfuscated_payload_is_xored_with_A5() =>
        Assert.Equal(Convert.FromHexString("0000060002000200a55a"), ExtendedBuffer.Pack([0x00, 0xFF], RpcExt2Flags.NoCompression));

    /// <summary>[MS-OXCRPC] 4.2 and 4.3: 320 bytes of ROPs and four handles, neither compressed nor obfuscated.</summary>
    [Fact]
    public void The_specification_s_request_has_the_sizes_that_it_prints()
    {
        var payload = new RopBuffer(new byte[320], [1, 2, 3, 4]).Serialize();
        Assert.Equal(Convert.FromHexString("4201"), payload[..2]);
        var input = ExtendedBuffer.Pack(payload, RpcExt2Flags.NoCompression | RpcExt2Flags.NoXorMagic);
        Assert.Equal(Convert.FromHexString("0000" + "0400" + "5201" + "5201"), input[..8]);
        Assert.Equal(0x15A, input.Length);
        Assert.Equal(0x7u, (uint)(RpcExt2Flags.NoCompression | RpcExt2Flags.NoXorMagic | RpcExt2Flags.Chain));
    }

    [Fact]
    public void Chained_payloads_come_back_in_order() => Gen.Select(Gen.Byte[0, 3].Array[0, 3000].Array[1, 6], Flags).Sample((payloads, flags) =>
    {
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < payloads.Length; i++) ExtendedBuffer.Write(output, payloads[i], flags, last: i == payloads.Length - 1);
        Assert.Equal(payloads, ExtendedBuffer.Read(output.WrittenMemory).Select(payload => payload.ToArray()));
    });

    [Fact]
    public void No_bytes_hold_no_payload() => Assert.Empty(ExtendedBuffer.Read(default));

    [Theory]
    [InlineData("00000400")]
    [InlineData("0000040003000300abcd")]
    [InlineData("0100040002000200abcd")]
    [InlineData("0000040002000300abcd")]
    [InlineData("0000000002000200abcd")]
    public void A_broken_header_is_refused(string hex) => Assert.Throws<MapiProtocolException>(() => ExtendedBuffer.Read(Convert.FromHexString(hex)));
}
