using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Lab.Faults;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>What a mailbox target must do, held against the lab's tenant.</summary>
public sealed class Microsoft365TargetTests(TargetFixture fixture) : IClassFixture<TargetFixture>, IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly TenantLab lab = fixture.Lab;
    private readonly string alias = fixture.NextAlias();
    private IMailboxTarget target = null!;

    public async ValueTask InitializeAsync() => target = await lab.OpenMailboxAsync(alias);

    public async ValueTask DisposeAsync()
    {
        lab.Faults.Clear();
        await target.DisposeAsync();
    }

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
        target = await lab.OpenMailboxAsync(alias);
        Assert.Equal(other, await EnsureAsync("projects", key: "b"));
        Assert.Equal(one, await EnsureAsync("Projects", key: "a"));
    }

    [Fact]
    public async Task A_folder_that_is_there_before_is_taken_whatever_the_case()
    {
        var id = await EnsureAsync("conversation HISTORY");

        Assert.Equal("Conversation History", lab.Server.Mailboxes.Find($"{alias}@{TenantLab.Domain}")!.FindFolder(id.Value)?.Name);
    }

    [Fact]
    public async Task A_folder_that_went_at_the_target_is_no_items_fault()
    {
        var folder = await EnsureAsync("Short-lived");
        await target.DeleteFolderAsync(folder, Ct);

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => target.UploadAsync(TestItem.Note("k"), folder, null, Ct));

        Assert.Equal(FaultScope.Mailbox, fault.Scope);
    }

    [Fact]
    public async Task A_users_folder_named_like_a_well_known_one_stays_its_own()
    {
        var inbox = await EnsureAsync("Postvak IN", role: FolderRole.Inbox);

        Assert.NotEqual(inbox, await EnsureAsync("Inbox"));
    }

    [Fact]
    public async Task A_folder_follows_its_new_name_and_place()
    {
        var parent = await EnsureAsync("Archive 2020", key: "p");
        var folder = await EnsureAsync("Draft plans", key: "f");

        var placed = await EnsureAsync("Plans", key: "f", parent: parent, known: folder);

        Assert.Equal(placed, await EnsureAsync("Plans", key: "f", parent: parent));
        var mailbox = lab.Server.Mailboxes.Find($"{alias}@{TenantLab.Domain}")!;
        Assert.Equal("Plans", Assert.Single(mailbox.ChildrenOf(mailbox.FindFolder(parent.Value)!)).Name);
    }

    [Fact]
    public async Task A_folder_whose_creation_got_no_answer_is_not_made_twice()
    {
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, "POST /v1.0/admin"));

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => EnsureAsync("Projects"));
        var id = await EnsureAsync("Projects");

        Assert.True(fault.OutcomeUnknown);
        Assert.Equal(id, await EnsureAsync("Projects"));
    }

    [Fact]
    public async Task An_item_lands_whole_and_is_found_by_its_stamp()
    {
        var inbox = await InboxAsync();
        var item = TestItem.Note("key'1", isRead: true);

        var landed = await target.UploadAsync(item, inbox, null, Ct);
        var found = await target.FindAsync(inbox, new ItemKey("key'1"), Ct);
        var exported = Assert.Single(await target.ExportAsync([landed], Ct).ToListAsync());

        Assert.Equal(new TargetItemInfo(landed, new ItemKey("key'1"), "1"), found);
        Assert.Null(exported.Fault);
        Assert.Equal((landed, item.Digest, true), (exported.Item, exported.Digest, exported.IsRead));
        Assert.Null(await target.FindAsync(inbox, new ItemKey("key'2"), Ct));
    }

    [Fact]
    public async Task An_item_is_replaced_even_on_a_stale_change_key()
    {
        var inbox = await InboxAsync();
        var landed = await target.UploadAsync(TestItem.Note("k"), inbox, null, Ct);
        await target.SetReadStateAsync(landed, true, Ct);
        var changed = TestItem.Note("k", "Changed", "2");

        var replaced = await target.UploadAsync(changed, inbox, landed, Ct);

        Assert.Equal(landed.Id, replaced.Id);
        Assert.Equal("2", (await target.FindAsync(inbox, new ItemKey("k"), Ct))?.Version);
        Assert.Equal(changed.Digest, (await target.ExportAsync([replaced], Ct).SingleAsync()).Digest);
    }

    [Fact]
    public async Task An_item_that_went_meanwhile_is_created_again()
    {
        var inbox = await InboxAsync();
        var landed = await target.UploadAsync(TestItem.Note("k"), inbox, null, Ct);
        await target.DeleteAsync(inbox, landed, Ct);

        var again = await target.UploadAsync(TestItem.Note("k", version: "2"), inbox, landed, Ct);

        Assert.NotEqual(landed.Id, again.Id);
        Assert.Single(await target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task The_read_state_is_carried_apart_from_the_content()
    {
        var inbox = await InboxAsync();
        var item = TestItem.Note("k");
        var landed = await target.UploadAsync(item, inbox, null, Ct);

        var read = await target.SetReadStateAsync(landed, true, Ct);
        var exported = await target.ExportAsync([read], Ct).SingleAsync();

        Assert.NotEqual(landed.ChangeKey, read.ChangeKey);
        Assert.True(exported.IsRead);
        Assert.Equal(item.Digest, exported.Digest);
    }

    [Fact]
    public async Task Deleting_what_is_gone_is_well()
    {
        var inbox = await InboxAsync();
        var landed = await target.UploadAsync(TestItem.Note("k"), inbox, null, Ct);
        var folder = await EnsureAsync("Short-lived");

        for (var time = 0; time < 2; time++)
        {
            await target.DeleteAsync(inbox, landed, Ct);
            await target.DeleteFolderAsync(folder, Ct);
        }

        await target.DeleteFolderAsync(inbox, Ct);
        Assert.Equal(inbox, await InboxAsync());
        Assert.Empty(await target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task Every_item_of_a_long_folder_is_listed_and_exported()
    {
        var folder = await EnsureAsync("Long");
        var items = Enumerable.Range(0, 45).Select(number => TestItem.Note($"key{number}", $"Subject {number}")).ToList();
        var landed = new List<TargetItem>();
        foreach (var item in items) landed.Add(await target.UploadAsync(item, folder, null, Ct));

        var listed = await target.GetItemsAsync(folder, Ct).ToListAsync();
        var exported = await target.ExportAsync([.. landed, new TargetItem(landed[0].Id[..^4] + "AAAA", "x")], Ct).ToListAsync();

        Assert.Equal(items.Select(item => item.Info.Key).ToHashSet(), listed.Select(item => item.Key!.Value).ToHashSet());
        Assert.Equal(46, exported.Count);
        Assert.Equal(items.Select(item => item.Digest), exported.Take(45).Select(item => item.Digest!.Value));
        Assert.Equal(FaultScope.Item, exported[45].Fault?.Scope);
    }

    [Fact]
    public async Task A_lost_answer_says_that_the_outcome_is_unknown_and_the_stamp_tells_it()
    {
        var inbox = await InboxAsync();
        var item = TestItem.Note("k");
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, "importItem"));

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => target.UploadAsync(item, inbox, null, Ct));
        var found = await target.FindAsync(inbox, item.Info.Key, Ct);

        Assert.True(fault.OutcomeUnknown);
        Assert.Equal(1, item.Opened);
        Assert.Equal("1", found?.Version);
        Assert.Single(await target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_after_the_time_that_it_names()
    {
        var inbox = await InboxAsync();
        lab.Faults.Add(new FaultRule(FaultKind.TooManyRequests, "importItem", Times: 2));
        lab.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "/items", Times: 2));

        await target.UploadAsync(TestItem.Note("k"), inbox, null, Ct);

        Assert.Single(await target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task A_failing_import_is_not_repeated_blindly()
    {
        var inbox = await InboxAsync();
        var item = TestItem.Note("k");
        lab.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "importItem", Times: 1));

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => target.UploadAsync(item, inbox, null, Ct));

        Assert.Equal((FaultScope.Mailbox, true, true), (fault.Scope, fault.IsTransient, fault.OutcomeUnknown));
        Assert.Equal(1, item.Opened);
    }

    [Fact]
    public async Task A_long_wait_is_left_to_the_engine()
    {
        lab.Faults.Add(new FaultRule(FaultKind.TooManyRequests, "inbox", Delay: TimeSpan.FromMinutes(10)));

        var fault = await Assert.ThrowsAsync<MigrationFault>(InboxAsync);

        Assert.Equal((FaultScope.Mailbox, true, TimeSpan.FromMinutes(10)), (fault.Scope, fault.IsTransient, fault.RetryAfter));
    }

    [Theory]
    [InlineData(FaultKind.LoseResponse)]
    [InlineData(FaultKind.Refuse)]
    public async Task A_read_without_an_answer_is_made_again(FaultKind kind)
    {
        lab.Faults.Add(new FaultRule(kind, "inbox", Times: 2));

        Assert.NotEmpty((await InboxAsync()).Value);
    }

    [Fact]
    public async Task An_export_that_is_cut_is_made_again()
    {
        var inbox = await InboxAsync();
        var item = TestItem.Note("k", attachmentSize: 500_000);
        var landed = await target.UploadAsync(item, inbox, null, Ct);
        lab.Faults.Add(new FaultRule(FaultKind.DropAfterBytes, "exportItems", Bytes: 200_000));

        var exported = await target.ExportAsync([landed], Ct).SingleAsync();

        Assert.Equal(item.Digest, exported.Digest);
    }

    [Fact]
    public async Task Many_uploads_at_once_stay_below_the_mailboxes_limit()
    {
        var inbox = await InboxAsync();
        var items = Enumerable.Range(0, 24).Select(number => TestItem.Note($"key{number}", attachmentSize: 20_000)).ToList();

        await Task.WhenAll(items.Select(item => target.UploadAsync(item, inbox, null, Ct)));

        Assert.Equal(24, await target.GetItemsAsync(inbox, Ct).CountAsync());
        Assert.All(items, item => Assert.Equal(1, item.Opened));
        Assert.True(target.Requests >= 27);
    }

    private Task<TargetFolderId> InboxAsync() => EnsureAsync("Inbox", role: FolderRole.Inbox);

    private Task<TargetFolderId> EnsureAsync(
        string name, string? key = null, FolderRole role = FolderRole.None, TargetFolderId? parent = null, TargetFolderId? known = null) =>
        target.EnsureFolderAsync(new MailboxFolder(new FolderKey(key ?? $"{role}:{name}"), null, name, role, "IPF.Note", 0), parent, known, Ct);
}

/// <summary>One tenant for all tests of a class; each takes a mailbox of its own.</summary>
public sealed class TargetFixture : IAsyncLifetime
{
    private int users;

    internal TenantLab Lab { get; private set; } = null!;

    public string NextAlias() => $"user{Interlocked.Increment(ref users)}";

    public async ValueTask InitializeAsync() => Lab = await TenantLab.StartAsync();

    public ValueTask DisposeAsync() => Lab.DisposeAsync();
}
