using System.Text.Json;
using Cutover.Core.Mailboxes;
using Cutover.Core.Reporting;
using Cutover.Core.Verification;

namespace Cutover.Core.Tests.Reporting;

public sealed class ReceiptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cutover-receipt-").FullName;

    private string ReceiptPath => Path.Combine(folder, "receipts", "a@contoso.com.jsonl");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receipt_lists_every_item_and_is_genuine()
    {
        await WriteAsync(3);

        var verdict = await ReceiptVerifier.VerifyAsync(ReceiptPath, null, Ct);

        Assert.Null(verdict.Problem);
        Assert.Equal(("Contoso", 3L, DataConsistencyScore.Poor), (verdict.Header!.Batch, verdict.Summary!.SourceItems, verdict.Summary.Score));
        var lines = await File.ReadAllLinesAsync(ReceiptPath, Ct);
        Assert.Equal(["header", "item", "item", "item", "summary", "signature"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()));
        var item = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal(("Postvak IN/a\\/b", "verified", "Größe 📎"), (item.GetProperty("folder").GetString(), item.GetProperty("outcome").GetString()!.ToLowerInvariant(), item.GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task One_changed_byte_is_found_wherever_it_is()
    {
        await WriteAsync(2);
        var genuine = await File.ReadAllBytesAsync(ReceiptPath, Ct);

        for (var position = 0; position < genuine.Length; position++)
        {
            var changed = genuine.ToArray();
            changed[position] ^= (byte)(1 << (position % 7));
            await File.WriteAllBytesAsync(ReceiptPath, changed, Ct);
            Assert.False((await ReceiptVerifier.VerifyAsync(ReceiptPath, null, Ct)).IsGenuine, $"Byte {position} was changed and nothing was found.");
        }
    }

    [Fact]
    public async Task A_lost_and_an_added_line_are_found()
    {
        await WriteAsync(4);
        var lines = await File.ReadAllLinesAsync(ReceiptPath, Ct);

        for (var line = 0; line < lines.Length; line++)
        {
            await File.WriteAllLinesAsync(ReceiptPath, lines.Where((_, number) => number != line), Ct);
            Assert.False((await ReceiptVerifier.VerifyAsync(ReceiptPath, null, Ct)).IsGenuine);
            await File.WriteAllLinesAsync(ReceiptPath, lines.Take(line + 1).Append(lines[line]).Concat(lines.Skip(line + 1)), Ct);
            Assert.False((await ReceiptVerifier.VerifyAsync(ReceiptPath, null, Ct)).IsGenuine);
        }
    }

    [Fact]
    public async Task A_receipt_signed_by_another_key_is_not_trusted()
    {
        await WriteAsync(1);
        using var key = await ReceiptKey.LoadOrCreateAsync(folder, Ct);
        using var other = await ReceiptKey.LoadOrCreateAsync(Directory.CreateDirectory(Path.Combine(folder, "other")).FullName, Ct);

        Assert.True((await ReceiptVerifier.VerifyAsync(ReceiptPath, key.PublicKey, Ct)).IsGenuine);
        Assert.Contains("another key", (await ReceiptVerifier.VerifyAsync(ReceiptPath, other.PublicKey, Ct)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_made_once_and_only_its_owner_may_read_it()
    {
        using var first = await ReceiptKey.LoadOrCreateAsync(folder, Ct);
        using var second = await ReceiptKey.LoadOrCreateAsync(folder, Ct);

        Assert.Equal(first.PublicKey, second.PublicKey);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, ReceiptKey.FileName)));
    }

    [Fact]
    public async Task An_unfinished_receipt_leaves_the_earlier_one_and_no_traces()
    {
        await WriteAsync(1);
        var before = await File.ReadAllBytesAsync(ReceiptPath, Ct);
        using (var key = await ReceiptKey.LoadOrCreateAsync(folder, Ct))
        await using (var writer = await ReceiptWriter.CreateAsync(ReceiptPath, Header, key, Ct))
            await writer.WriteAsync(Item(1), Ct);

        Assert.Equal(before, await File.ReadAllBytesAsync(ReceiptPath, Ct));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(ReceiptPath)!));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static ReceiptHeader Header { get; } = new(
        ReceiptHeader.CurrentFormat, "Contoso", "a@contoso.com", "/o=Contoso/cn=a", "a@contoso.com", "MBX:1", DateTimeOffset.UnixEpoch);

    private static VerifiedItem Item(int number) => new(
        @"Postvak IN/a\/b", new ItemInfo(new ItemKey($"k{number}"), "1", true, "IPM.Note", "Größe 📎", DateTimeOffset.UnixEpoch, 100),
        number == 1 ? VerificationOutcome.Verified : VerificationOutcome.Missing, new ContentDigest("ab"), new TargetItem("id", "ck"));

    private async Task WriteAsync(int items)
    {
        using var key = await ReceiptKey.LoadOrCreateAsync(folder, Ct);
        await using var writer = await ReceiptWriter.CreateAsync(ReceiptPath, Header, key, Ct);
        for (var number = 1; number <= items; number++)
            await writer.WriteAsync(Item(number), Ct);
        await writer.FinishAsync(DateTimeOffset.UnixEpoch, Ct);
    }
}
