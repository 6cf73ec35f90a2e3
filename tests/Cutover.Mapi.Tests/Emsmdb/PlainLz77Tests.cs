using CsCheck;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Tests.FastTransfer;

namespace Cutover.Mapi.Tests.Emsmdb;

public class PlainLz77Tests
{
    /// <summary>Bytes with repetitions near and far, as ROPs have them.</summary>
    private static readonly Gen<byte[]> Repetitive =
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 5], Gen.Int[1, 600]).Array[0, 12].Select(parts => parts
            .SelectMany(part => part.Item1.Concat(Enumerable.Repeat((byte)part.Item2, part.Item3)).Concat(part.Item1)).ToArray());

    [Fact]
    public void The_specification_s_alphabet_is_decompressed()
    {
        var compressed = Convert.FromHexString("3f0000006162636465666768696a6b6c6d6e6f707172737475767778797a");
        Assert.Equal("abcdefghijklmnopqrstuvwxyz"u8, PlainLz77.Decompress(compressed, 26));
    }

    [Fact]
    public void The_specification_s_repetition_is_decompressed_and_compressed_to_the_same_bytes()
    {
        var compressed = Convert.FromHexString("ffffff1f61626317000fff2601");
        var plain = Enumerable.Repeat("abc"u8.ToArray(), 100).SelectMany(bytes => bytes).ToArray();
        Assert.Equal(plain, PlainLz77.Decompress(compressed, 300));
        Assert.Equal(compressed, PlainLz77.Compress(plain));
    }

    [Fact]
    public void What_is_compressed_comes_back_and_is_smaller() => Repetitive.Sample(plain =>
    {
        if (PlainLz77.Compress(plain) is not { } compressed) return;
        Assert.True(compressed.Length < plain.Length);
        Assert.Equal(plain, PlainLz77.Decompress(compressed, plain.Length));
    });

    [Fact]
    public void Bytes_without_repetition_are_left_alone() => Assert.Null(PlainLz77.Compress(Enumerable.Range(0, 256).Select(i => (byte)i).ToArray()));

    [Fact]
    public void Broken_bytes_are_refused_and_never_read_beyond() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            Assert.Equal(4096, PlainLz77.Decompress(bytes, 4096).Length);
        }
        catch (MapiProtocolException)
        {
            // The only error there may be.
        }
    });

    [Fact]
    public async Task An_independent_decoder_reads_what_we_compress()
    {
        var random = new Random(7);
        var plain = new byte[30_000];
        for (var i = 0; i < plain.Length; i++) plain[i] = i > 500 && random.Next(40) > 0 ? plain[i - random.Next(1, 500) / 100 * 100 - 1] : (byte)random.Next();
        var compressed = PlainLz77.Compress(plain)!;
        var output = await Oracle.RunAsync("lz77.py", [.. BitConverter.GetBytes(plain.Length), .. compressed]);
        Assert.Equal(Convert.ToHexStringLower(plain), output.Trim());
    }
}
