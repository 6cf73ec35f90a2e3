using CsCheck;
using Cutover.Endpoints.ItemStreams;

namespace Cutover.Endpoints.Tests.ItemStreams;

public sealed class ItemSpoolTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-spool-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void What_was_written_in_pieces_is_read_as_often_as_need_be() =>
        Gen.Select(Gen.Int[0, 90_000].Array[0, 8], Gen.Int).Sample((sizes, seed) =>
        {
            var random = new Random(seed);
            using var spool = new ItemSpool(directory);
            using var expected = new MemoryStream();
            foreach (var size in sizes)
            {
                var piece = new byte[size];
                random.NextBytes(piece);
                spool.Write(piece);
                expected.Write(piece);
            }
            for (var time = 0; time < 2; time++) Assert.Equal(expected.ToArray(), Read(spool.OpenRead()));
        }, iter: 50);

    [Theory]
    [InlineData(1000)]
    [InlineData(2 * ItemSpool.MemoryLimit)]
    public void A_reader_that_is_still_open_keeps_the_bytes_of_a_disposed_spool(int size)
    {
        var bytes = Enumerable.Range(0, size).Select(i => (byte)(i * 7)).ToArray();
        var spool = new ItemSpool(directory);
        spool.Write(bytes);
        using var reader = spool.OpenRead();
        spool.Dispose();
        using (var next = new ItemSpool(directory)) next.Write(new byte[size]);
        Assert.Equal(bytes, Read(reader));
        Assert.Throws<ObjectDisposedException>(spool.OpenRead);
    }

    [Fact]
    public void Nothing_lies_in_the_directory_even_while_a_large_item_is_held()
    {
        using var spool = new ItemSpool(directory);
        spool.Write(new byte[ItemSpool.MemoryLimit + 1]);
        Assert.Empty(Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void A_directory_that_can_t_be_written_is_an_I_O_error()
    {
        var file = Path.Combine(directory, "file");
        File.WriteAllText(file, "");
        using var spool = new ItemSpool(Path.Combine(file, "below"));
        Assert.ThrowsAny<IOException>(() => spool.Write(new byte[ItemSpool.MemoryLimit + 1]));
    }

    private static byte[] Read(Stream stream)
    {
        using var copy = new MemoryStream();
        using (stream) stream.CopyTo(copy);
        return copy.ToArray();
    }
}
