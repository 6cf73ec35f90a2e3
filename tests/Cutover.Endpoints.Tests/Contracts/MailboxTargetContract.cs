using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.Tests.Microsoft365;

namespace Cutover.Endpoints.Tests.Contracts;

/// <summary>
/// What done means for any target: a class that derives from this one and opens its target. Targets that can't carry read states or hand items back say so in their
/// <see cref="MailboxCapabilities"/> and need a contract of their own for it.
/// </summary>
public abstract class MailboxTargetContract : IAsyncLifetime
{
    protected static readonly CancellationToken Ct = CancellationToken.None;
    protected IMailboxTarget Target { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Target = await OpenAsync();

    public virtual ValueTask DisposeAsync() => Target.DisposeAsync();

    [Theory]
    [InlineData(FolderRole.Root)]
    [InlineData(FolderRole.Inbox)]
    [InlineData(FolderRole.SentItems)]
    [InlineData(FolderRole.DeletedItems)]
    [InlineData(FolderRole.Drafts)]
    [InlineData(FolderRole.Outbox)]
    [InlineData(FolderRole.JunkEmail)]
    [InlineData(FolderRole.Archive)]
    [InlineData(FolderRole.Calendar)]
    [InlineData(FolderRole.Contacts)]
    [InlineData(FolderRole.Tasks)]
    [InlineData(FolderRole.Notes)]
    [InlineData(FolderRole.Journal)]
    public async Task Well_known_folders_are_found_by_role_whatever_their_name(FolderRole role)
    {
        var id = await EnsureAsync("Een heel andere naam", role: role);

        Assert.Equal(id, await EnsureAsync("Yet another name", role: role));
    }

    [Theory]
    [InlineData("Projects")]
    [InlineData("In/Out")]
    [InlineData("Holiday 🏖️")]
    [InlineData("Trailing space ")]
    [InlineData("")]
    [InlineData("O'Reilly & \"Sons\"")]
    public async Task A_folder_is_made_once(string name)
    {
        var first = await EnsureAsync(name);

        Assert.Equal(first, await EnsureAsync(name));
        Assert.NotEqual(first, await EnsureAsync("Other"));
    }

    [Fact]
    public async Task Folders_that_differ_in_case_stay_apart()
    {
        var one = await EnsureAsync("Projects", key: "a");
        var other = await EnsureAsync("projects", key: "b");

        Assert.NotEqual(one, other);
        Assert.Equal(one, await EnsureAsync("Projects", key: "a"));
        Assert.Equal(other, await EnsureAsync("projects", key: "b", known: other));
        Target = await OpenAsync();
        Assert.Equal(other, await EnsureAsync("projects", key: "b"));
        Assert.Equal(one, await EnsureAsync("Projects", key: "a"));
    }

    [Fact]
    public async Task A_folder_that_went_at_the_target_is_no_items_fault()
    {
        var folder = await EnsureAsync("Short-lived");
        await Target.DeleteFolderAsync(folder, Ct);

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => Target.UploadAsync(TestItem.Note("k"), folder, null, Ct));

        Assert.Equal(FaultScope.Mailbox, fault.Scope);
    }

    [Fact]
    public async Task A_users_folder_named_like_a_well_known_one_stays_its_own()
    {
        var inbox = await EnsureAsync("Postvak IN", role: FolderRole.Inbox);

        Assert.NotEqual(inbox, await EnsureAsync("Inbox"));
    }

    [Fact]
    public async Task An_item_lands_whole_and_is_found_by_its_stamp()
    {
        var inbox = await InboxAsync();
        var item = TestItem.Note("key'1", isRead: true);

        var landed = await UploadAsync(item, inbox, null, Ct);
        var found = await Target.FindAsync(inbox, new ItemKey("key'1"), Ct);
        var exported = Assert.Single(await Target.ExportAsync([landed], Ct).ToListAsync());

        Assert.Equal(new TargetItemInfo(landed, new ItemKey("key'1"), "1"), found);
        Assert.Null(exported.Fault);
        Assert.Equal((landed, item.Digest, true), (exported.Item, exported.Digest, exported.IsRead));
        Assert.Null(await Target.FindAsync(inbox, new ItemKey("key'2"), Ct));
    }

    [Fact]
    public async Task An_item_is_replaced_even_on_a_stale_change_key()
    {
        var inbox = await InboxAsync();
        var landed = await UploadAsync(TestItem.Note("k"), inbox, null, Ct);
        await Target.SetReadStateAsync(landed, true, Ct);
        var changed = TestItem.Note("k", "Changed", "2");

        var replaced = await UploadAsync(changed, inbox, landed, Ct);

        Assert.Equal(landed.Id, replaced.Id);
        Assert.Equal("2", (await Target.FindAsync(inbox, new ItemKey("k"), Ct))?.Version);
        Assert.Equal(changed.Digest, (await Target.ExportAsync([replaced], Ct).SingleAsync()).Digest);
    }

    [Fact]
    public async Task An_item_that_went_meanwhile_is_created_again()
    {
        var inbox = await InboxAsync();
        var landed = await UploadAsync(TestItem.Note("k"), inbox, null, Ct);
        await Target.DeleteAsync(inbox, landed, Ct);

        var again = await UploadAsync(TestItem.Note("k", version: "2"), inbox, landed, Ct);

        Assert.NotEqual(landed.Id, again.Id);
        Assert.Single(await Target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task The_read_state_is_carried_apart_from_the_content()
    {
        var inbox = await InboxAsync();
        var item = TestItem.Note("k");
        var landed = await UploadAsync(item, inbox, null, Ct);

        var read = await Target.SetReadStateAsync(landed, true, Ct);
        var exported = await Target.ExportAsync([read], Ct).SingleAsync();

        Assert.NotEqual(landed.ChangeKey, read.ChangeKey);
        Assert.True(exported.IsRead);
        Assert.Equal(item.Digest, exported.Digest);
    }

    [Fact]
    public async Task Deleting_what_is_gone_is_well()
    {
        var inbox = await InboxAsync();
        var landed = await UploadAsync(TestItem.Note("k"), inbox, null, Ct);
        var folder = await EnsureAsync("Short-lived");

        for (var time = 0; time < 2; time++)
        {
            await Target.DeleteAsync(inbox, landed, Ct);
            await Target.DeleteFolderAsync(folder, Ct);
        }

        await Target.DeleteFolderAsync(inbox, Ct);
        Assert.Equal(inbox, await InboxAsync());
        Assert.Empty(await Target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task Every_item_of_a_long_folder_is_listed_and_exported()
    {
        var folder = await EnsureAsync("Long");
        var items = Enumerable.Range(0, 45).Select(number => TestItem.Note($"key{number}", $"Subject {number}")).ToList();
        var landed = new List<TargetItem>();
        foreach (var item in items) landed.Add(await UploadAsync(item, folder, null, Ct));

        var listed = await Target.GetItemsAsync(folder, Ct).ToListAsync();
        var exported = await Target.ExportAsync([.. landed, Unknown(landed[0])], Ct).ToListAsync();

        Assert.Equal(items.Select(item => item.Info.Key).ToHashSet(), listed.Select(item => item.Key!.Value).ToHashSet());
        Assert.Equal(46, exported.Count);
        Assert.Equal(items.Select(item => item.Digest), exported.Take(45).Select(item => item.Digest!.Value));
        Assert.Equal(FaultScope.Item, exported[45].Fault?.Scope);
    }

    /// <summary>Opens the test's own mailbox, empty at first; the same each time.</summary>
    /// <summary>Where an item landed that arrives whole.</summary>
    protected async Task<TargetItem> UploadAsync(MailboxItem item, TargetFolderId folder, TargetItem? existing, CancellationToken ct)
    {
        var uploaded = await Target.UploadAsync(item, folder, existing, ct);
        Assert.Null(uploaded.Loss);
        return uploaded.Item;
    }

    protected abstract Task<IMailboxTarget> OpenAsync();

    /// <summary>An item id of the same form that nothing has.</summary>
    protected abstract TargetItem Unknown(TargetItem like);

    protected Task<TargetFolderId> InboxAsync() => EnsureAsync("Inbox", role: FolderRole.Inbox);

    protected Task<TargetFolderId> EnsureAsync(
        string name, string? key = null, FolderRole role = FolderRole.None, TargetFolderId? parent = null, TargetFolderId? known = null) =>
        Target.EnsureFolderAsync(new MailboxFolder(new FolderKey(key ?? $"{role}:{name}"), null, name, role, "IPF.Note", 0), parent, known, Ct);
}
