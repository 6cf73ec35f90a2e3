using System.Text;
using CsCheck;
using Cutover.Mapi.Messages.Rtf;

namespace Cutover.Mapi.Tests.Messages.Rtf;

public sealed class CompressedRtfTests
{
    // [MS-OXRTFCP] 4.1 and 4.2.
    private const string Simple = "2D0000002B0000004C5A4675F1C5C7A703000A007263706731323542320AF32068656C090020627705B06C647D0A800FA0";
    private const string Overlapping = "1A0000001C0000004C5A4675E2D44B51410004205758595A0D6E7D010EB0";

    [Theory]
    [InlineData("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", Simple)]
    [InlineData("{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}", Overlapping)]
    public void The_examples_of_the_specification_go_both_ways(string rtf, string compressed)
    {
        Assert.Equal(rtf, Encoding.ASCII.GetString(CompressedRtf.Decompress(Convert.FromHexString(compressed))));
        Assert.Equal(compressed, Convert.ToHexString(CompressedRtf.Compress(Encoding.ASCII.GetBytes(rtf))));
    }

    [Fact]
    public void Every_stream_of_the_corpus_decompresses_to_its_answer()
    {
        var streams = Directory.GetFiles(SharedMaterial.Require("corpora/rtf/derived-crtf-vectors"), "*.crtf");
        Assert.True(streams.Length >= 90, $"Only {streams.Length} compressed streams were found.");
        Assert.All(streams, file =>
            Assert.Equal(File.ReadAllBytes(Path.ChangeExtension(file, ".rtf")), CompressedRtf.Decompress(File.ReadAllBytes(file))));
    }

    [Fact]
    public void Both_kinds_of_another_reader_s_samples_are_read()
    {
        var folder = SharedMaterial.Require("corpora/rtf/msg-msgreader-sicos/MsgReaderTests/SampleFiles/rtf");
        // Its own answer has the two bytes of a line end of the dictionary the other way round.
        Assert.Equal(WithoutLineEnds(Read(folder, "LZFu.rtf")), WithoutLineEnds(CompressedRtf.Decompress(Read(folder, "LZFu.bin"))));
        Assert.Equal(Read(folder, "MELA.bin")[16..], CompressedRtf.Decompress(Read(folder, "MELA.bin")));
    }

    [Fact]
    public void Compressing_and_wrapping_lose_nothing() => Gen.Byte[97, 105].Array[0, 20_000].Sample(rtf =>
        CompressedRtf.Decompress(CompressedRtf.Compress(rtf)).AsSpan().SequenceEqual(rtf)
        && CompressedRtf.Decompress(CompressedRtf.Wrap(rtf)).AsSpan().SequenceEqual(rtf), iter: 200);

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        var property = Convert.FromHexString(Simple);
        property[20] ^= 1;
        Assert.Throws<MapiProtocolException>(() => CompressedRtf.Decompress(property));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2D0000002B0000004C5A4675")]
    [InlineData("2D0000002B00000041424344F1C5C7A7")]
    [InlineData("010000002B0000004C5A4675F1C5C7A7")]
    public void What_is_no_compressed_RTF_is_refused(string hex) =>
        Assert.Throws<MapiProtocolException>(() => CompressedRtf.Decompress(Convert.FromHexString(hex)));

    [Fact]
    public void A_cut_stream_is_refused_wherever_it_is_cut()
    {
        var property = Convert.FromHexString(Simple);
        for (var length = 0; length < property.Length; length++)
            Assert.Throws<MapiProtocolException>(() => CompressedRtf.Decompress(property[..length]));
    }

    private static byte[] Read(string folder, string name) => File.ReadAllBytes(Path.Combine(folder, name));

    private static IEnumerable<byte> WithoutLineEnds(byte[] bytes) => bytes.Where(b => b is not ((byte)'\r' or (byte)'\n'));
}
