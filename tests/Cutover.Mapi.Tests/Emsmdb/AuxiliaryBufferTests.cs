using System.Text;
using Cutover.Mapi.Emsmdb;

namespace Cutover.Mapi.Tests.Emsmdb;

public sealed class AuxiliaryBufferTests
{
    [Fact]
    public void Server_capabilities_lie_as_the_table_says()
    {
        var bytes = AuxiliaryBuffer.Write([AuxiliaryBlock.Of(ServerCapabilities.UltraLargePackedDownloadBuffers)], RpcExt2Flags.NoXorMagic | RpcExt2Flags.NoCompression);
        // RPC_HEADER_EXT, then AUX_HEADER (size 8, version 1, type 0x46) and the flags. [MS-OXCRPC] 2.2.2.1, 2.2.2.2, 2.2.2.2.19
        Assert.Equal("0000040008000800" + "08000146" + "08000000", Convert.ToHexString(bytes.Span), ignoreCase: true);
        Assert.Equal(ServerCapabilities.UltraLargePackedDownloadBuffers, AuxiliaryBuffer.CapabilitiesIn(bytes));
    }

    [Theory]
    [InlineData(RpcExt2Flags.None)]
    [InlineData(RpcExt2Flags.NoXorMagic | RpcExt2Flags.NoCompression)]
    public void Blocks_of_any_kind_come_back_in_order(RpcExt2Flags flags)
    {
        var client = AuxiliaryBlock.OfClient("MIGRATION01", "migration@contoso.com");
        var unknown = new AuxiliaryBlock(2, (AuxiliaryType)0x7F, new byte[] { 1, 2, 3 });
        var read = AuxiliaryBuffer.Read(AuxiliaryBuffer.Write([client, unknown], flags));
        Assert.Equal([(1, AuxiliaryType.PerfClientInfo), (2, (AuxiliaryType)0x7F)], read.Select(block => ((int)block.Version, block.Type)));
        Assert.Equal(unknown.Data.ToArray(), read[1].Data.ToArray());
        Assert.Equal(ServerCapabilities.None, AuxiliaryBuffer.CapabilitiesIn(AuxiliaryBuffer.Write([client, unknown], flags)));
    }

    [Fact]
    public void The_names_in_client_information_stand_where_their_offsets_say()
    {
        var data = AuxiliaryBlock.OfClient("PC", "anna").Data.Span;
        Assert.Equal("PC\0", Encoding.Unicode.GetString(data.Slice(BitConverter.ToUInt16(data[6..]) - 4, 6)));
        Assert.Equal("anna\0", Encoding.Unicode.GetString(data.Slice(BitConverter.ToUInt16(data[8..]) - 4, 10)));
    }

    [Theory]
    [InlineData("0000040003000300080001")]
    [InlineData("00000400040004000300014600")]
    [InlineData("000004000400040009000146")]
    public void A_cut_block_breaks_the_protocol(string hex) =>
        Assert.Throws<MapiProtocolException>(() => AuxiliaryBuffer.Read(Convert.FromHexString(hex)));

    [Fact]
    public void No_bytes_are_no_blocks() => Assert.Empty(AuxiliaryBuffer.Read(default));
}
