using CsCheck;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Tests.Emsmdb;

public class EmsmdbStubTests
{
    private static readonly Gen<ReadOnlyMemory<byte>> Bytes = Gen.Byte.Array[0, 100].Select(bytes => (ReadOnlyMemory<byte>)bytes);
    private static readonly Gen<RpcContextHandle> Context = Gen.Select(Gen.UInt, Gen.Guid, (attributes, uuid) => new RpcContextHandle(attributes, uuid));
    private static readonly Gen<MapiVersion> Version = Gen.Select(Gen.Byte, Gen.Byte, Gen.UShort[0, 0x7FFF], Gen.UShort, (a, b, c, d) => new MapiVersion(a, b, c, d));
    private static readonly Gen<string> Name = Gen.String[Gen.Char[' ', '~'], 0, 60];

    [Fact]
    public void EcDoConnectEx_has_its_arguments_in_the_order_of_the_IDL()
    {
        var request = new EcDoConnectExRequest("/o=X", new MapiVersion(12, 0, 6206, 1000)) { ConMod = 0x11223344 };
        var expected = "05000000" + "00000000" + "05000000" + "2f6f3d5800" + "000000" // szUserDN
            + "00000000" + "44332211" + "00000000" + "e4040000" + "09040000" + "09040000" + "ffffffff" + "0100"
            + "000c" + "3e98" + "e803" // 12.0.6206.1000 as Exchange's own words
            + "00000000" + "00000000" + "00000000" + "08100000";
        Assert.Equal(expected, Convert.ToHexStringLower(request.Write().Span));
    }

    [Fact]
    public void A_connect_request_is_read_as_it_was_written() => Gen.Select(Name, Version, Bytes, Gen.UInt).Sample((name, version, auxiliary, conMod) =>
        AssertSame(new EcDoConnectExRequest(name, version) { AuxiliaryIn = auxiliary, ConMod = conMod }, r => r.Write(), stub => EcDoConnectExRequest.Read(stub.Span)));

    [Fact]
    public void A_connect_response_is_read_as_it_was_written() => Gen.Select(Context, Name, Version, Bytes, Gen.UInt).Sample((context, name, version, auxiliary, result) =>
        AssertSame(
            new EcDoConnectExResponse(context, result) { DisplayName = name, DNPrefix = null, ServerVersion = version, AuxiliaryOut = auxiliary },
            r => r.Write(), stub => EcDoConnectExResponse.Read(stub.Span)));

    [Fact]
    public void An_EcDoRpcExt2_request_is_read_as_it_was_written() => Gen.Select(Context, Bytes, Bytes, Gen.UInt).Sample((context, input, auxiliary, output) =>
        AssertSame(
            new EcDoRpcExt2Request(context, RpcExt2Flags.Chain, input, output) { AuxiliaryIn = auxiliary }, r => r.Write(),
            stub => EcDoRpcExt2Request.Read(stub.Span)));

    [Fact]
    public void An_EcDoRpcExt2_response_is_read_as_it_was_written() => Gen.Select(Context, Bytes, Bytes, Gen.UInt).Sample((context, output, auxiliary, result) =>
        AssertSame(
            new EcDoRpcExt2Response(context, output, result) { AuxiliaryOut = auxiliary, TransactionTime = 7 }, r => r.Write(),
            stub => EcDoRpcExt2Response.Read(stub.Span)));

    [Fact]
    public void A_cut_stub_is_refused()
    {
        var stub = new EcDoRpcExt2Response(default, new byte[10], 0).Write();
        for (var length = 0; length < stub.Length; length++)
        {
            var cut = stub[..length];
            Assert.Throws<MapiProtocolException>(() => EcDoRpcExt2Response.Read(cut.Span));
        }
    }

    [Theory]
    [InlineData(0x0F01, 0x85D9, 0x0002, "15.1.1497.2")]
    [InlineData(0x0008, 0x02D2, 0x0000, "8.0.722.0")]
    public void A_version_is_read_in_both_forms(int word0, int word1, int word2, string expected) =>
        Assert.Equal(expected, MapiVersion.FromWire((ushort)word0, (ushort)word1, (ushort)word2).ToString());

    private static void AssertSame<T>(T value, Func<T, ReadOnlyMemory<byte>> write, Func<ReadOnlyMemory<byte>, T> read)
    {
        var stub = write(value).ToArray();
        Assert.Equal(stub, write(read(stub)).ToArray());
    }
}
