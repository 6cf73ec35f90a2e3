using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.Tests.Contracts;
using Cutover.Lab.Faults;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>The lab's tenant as a target, and what is Microsoft 365's own: lost answers, throttling, folders that are there before.</summary>
public sealed class Microsoft365TargetTests(TargetFixture fixture) : MailboxTargetContract, IClassFixture<TargetFixture>
{
    private readonly TenantLab lab = fixture.Lab;
    private readonly string alias = fixture.NextAlias();

    public override ValueTask DisposeAsync()
    {
        lab.Faults.Clear();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task A_folder_that_is_there_before_is_taken_whatever_the_case()
    {
        var id = await EnsureAsync("conversation HISTORY");

        Assert.Equal("Conversation History", lab.Server.Mailboxes.Find($"{alias}@{TenantLab.Domain}")!.FindFolder(id.Value)?.Name);
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
    public async Task A_lost_answer_says_that_the_outcome_is_unknown_and_the_stamp_tells_it()
    {
        var inbox = await InboxAsync();
        var item = TestItem.Note("k");
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, "importItem"));

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => Target.UploadAsync(item, inbox, null, Ct));
        var found = await Target.FindAsync(inbox, item.Info.Key, Ct);

        Assert.True(fault.OutcomeUnknown);
        Assert.Equal(1, item.Opened);
        Assert.Equal("1", found?.Version);
        Assert.Single(await Target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_after_the_time_that_it_names()
    {
        var inbox = await InboxAsync();
        lab.Faults.Add(new FaultRule(FaultKind.TooManyRequests, "importItem", Times: 2));
        lab.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "/items", Times: 2));

        await Target.UploadAsync(TestItem.Note("k"), inbox, null, Ct);

        Assert.Single(await Target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task A_failing_import_is_not_repeated_blindly()
    {
        var inbox = await InboxAsync();
        var item = TestItem.Note("k");
        lab.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "importItem", Times: 1));

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => Target.UploadAsync(item, inbox, null, Ct));

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
        var landed = await UploadAsync(item, inbox, null, Ct);
        lab.Faults.Add(new FaultRule(FaultKind.DropAfterBytes, "exportItems", Bytes: 200_000));

        var exported = await Target.ExportAsync([landed], Ct).SingleAsync();

        Assert.Equal(item.Digest, exported.Digest);
    }

    [Fact]
    public async Task Many_uploads_at_once_stay_below_the_mailboxes_limit()
    {
        var inbox = await InboxAsync();
        var items = Enumerable.Range(0, 24).Select(number => TestItem.Note($"key{number}", attachmentSize: 20_000)).ToList();

        await Task.WhenAll(items.Select(item => Target.UploadAsync(item, inbox, null, Ct)));

        Assert.Equal(24, await Target.GetItemsAsync(inbox, Ct).CountAsync());
        Assert.All(items, item => Assert.Equal(1, item.Opened));
        Assert.True(Target.Requests >= 27);
    }

    protected override Task<IMailboxTarget> OpenAsync() => lab.OpenMailboxAsync(alias);

    protected override TargetItem Unknown(TargetItem like) => new(like.Id[..^4] + "AAAA", "x");
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
