using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;
using Cutover.Core.Tests.Fakes;

namespace Cutover.Core.Tests.Ledger;

public sealed class KeptAsideFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cutover-kept-").FullName;
    private readonly FakeMailbox mailbox = new();

    [Fact]
    public async Task An_item_is_kept_as_it_came_and_keeping_it_again_replaces_it()
    {
        var key = mailbox.Add(mailbox.Inbox, "first");
        await KeepAsync("a@contoso.com");
        mailbox.Change(key, "second");

        var path = await KeepAsync("a@contoso.com");

        Assert.StartsWith("kept-aside/a@contoso.com/", path, StringComparison.Ordinal);
        Assert.Equal("second", await File.ReadAllTextAsync(Path.Combine(folder, path)));
        Assert.Single(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("..")]
    [InlineData("a/b\\c:d\n@contoso.com")]
    [InlineData("")]
    public async Task No_mailbox_name_leads_out_of_the_work_folder(string name)
    {
        mailbox.Add(mailbox.Inbox, "content");

        var path = Path.GetFullPath(Path.Combine(folder, await KeepAsync(name)));

        Assert.Equal(Path.Combine(folder, "kept-aside"), Path.GetDirectoryName(Path.GetDirectoryName(path)));
    }

    [Fact]
    public void Different_names_stay_different() => Assert.NotEqual(FileNames.Safe("a/b"), FileNames.Safe("a:b"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<string> KeepAsync(string name)
    {
        var source = new FakeMailboxSource(mailbox, new Interruptions());
        var change = await source.GetChangesAsync(mailbox.Inbox, null, default).OfType<Upserted>().FirstAsync();
        await using (change.Item)
            return await new KeptAsideFolder(folder, name).KeepAsync(change.Item, default);
    }
}
