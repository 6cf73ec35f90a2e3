using System.Text;
using System.Text.Json;
using CsCheck;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.ImportExport;

namespace Cutover.Endpoints.Tests.Microsoft365;

[Collection(nameof(MeasuredAlone))]
public sealed class ExportReaderTests
{
    [Fact]
    public async Task Items_are_digested_however_the_answer_is_cut_and_whatever_is_escaped()
    {
        var one = TestItem.Note("a", "One", isRead: true);
        var two = TestItem.Note("b", "Two", attachmentSize: 50_000);
        var json = "{\"@odata.context\":\"x\",\"value\":[{\"itemId\":\"1\",\"data\":\"" + await Base64Async(one) + "\",\"changeKey\":\"data\"},"
            + "{\"itemId\":\"2\",\"error\":{\"code\":\"ErrorItemCorrupt\",\"message\":\"It is \\\"corrupt\\\".\"}},"
            + "{\"data\" : \"" + (await Base64Async(two)).Replace("/", "\\/").Replace("+", "\\u002B") + "\", \"itemId\":\"3\"}]}";
        var bytes = Encoding.UTF8.GetBytes(json);

        Gen.Int[1, 3000].Array[1, 40].Sample(cuts =>
        {
            var reader = new ExportReader();
            var (at, turn) = (0, 0);
            while (at < bytes.Length)
            {
                var count = Math.Min(cuts[turn++ % cuts.Length], bytes.Length - at);
                reader.Feed(bytes.AsSpan(at, count));
                at += count;
            }

            var answer = JsonSerializer.Deserialize(reader.Json, GraphJson.Default.ExportAnswer)!.Value!;
            return answer.Count == 3 && answer[1]!.Error!.Message == "It is \"corrupt\"." && answer[0]!.ChangeKey == "data"
                && reader.ContentOf(0)!.Digest == one.Digest && reader.ContentOf(0)!.IsRead
                && reader.ContentOf(1) is null && reader.ContentOf(2)!.Digest == two.Digest;
        }, iter: 40);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    [InlineData("AAA")]
    public void What_is_no_item_stream_fails_alone(string data)
    {
        var reader = new ExportReader();
        reader.Feed(Encoding.UTF8.GetBytes($$"""{"value":[{"itemId":"1","data":"{{data}}"}]}"""));

        Assert.Null(reader.ContentOf(0)!.Digest);
        Assert.NotNull(reader.ContentOf(0)!.Failure);
        Assert.Equal("1", JsonSerializer.Deserialize(reader.Json, GraphJson.Default.ExportAnswer)!.Value![0]!.ItemId);
    }

    [Fact]
    public async Task A_large_item_is_digested_without_being_held()
    {
        var item = TestItem.Note("big", attachmentSize: 20 * 1024 * 1024);
        var data = Encoding.ASCII.GetBytes(await Base64Async(item));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var reader = new ExportReader();
        reader.Feed("{\"value\":[{\"itemId\":\"1\",\"data\":\""u8);
        for (var at = 0; at < data.Length; at += 50_000) reader.Feed(data.AsSpan(at, Math.Min(50_000, data.Length - at)));
        reader.Feed("\"}]}"u8);

        Assert.Equal(item.Digest, reader.ContentOf(0)!.Digest);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 2 * 1024 * 1024);
    }

    [Fact]
    public void An_answer_without_end_is_not_kept()
    {
        var reader = new ExportReader();
        var filler = Encoding.ASCII.GetBytes(new string(' ', 100_000));
        Assert.Throws<InvalidDataException>(() =>
        {
            for (var time = 0; time < 20; time++) reader.Feed(filler);
        });
    }

    private static async Task<string> Base64Async(TestItem item)
    {
        await using var stream = await item.OpenAsync(CancellationToken.None);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return Convert.ToBase64String(copy.ToArray());
    }
}
