using Cutover.Endpoints.Microsoft365.Trial;
using Cutover.Lab.Faults;
using Cutover.Lab.Microsoft365.Graph;

namespace Cutover.Endpoints.Tests.Microsoft365;

public sealed class TenantTrialTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Everything_works_on_the_labs_tenant_and_nothing_stays_behind()
    {
        await using var lab = await TenantLab.StartAsync();
        await lab.OpenMailboxAsync("trial");

        var tried = await TryAsync(lab);

        Assert.All(tried, call => Assert.True(call.Outcome == TrialOutcome.Works, $"{call.Call}: {call.Found}"));
        var mailbox = lab.Server.Mailboxes.All.Single();
        Assert.DoesNotContain(mailbox.Folders, folder => folder.Name.StartsWith("Cutover", StringComparison.Ordinal));
        Assert.Empty(mailbox.Items);
    }

    [Fact]
    public async Task A_missing_permission_is_named_and_only_what_needs_it_fails()
    {
        await using var lab = await TenantLab.StartAsync(options => options with
        {
            GraphRoles = [.. GraphPermissions.ForCutover.Where(role => role is not ("MailboxItem.ImportExport.All" or "Mail.Send"))],
        });
        await lab.OpenMailboxAsync("trial");

        var tried = await TryAsync(lab);

        var signIn = tried[0];
        Assert.Equal(TrialOutcome.Fails, signIn.Outcome);
        Assert.Contains("MailboxItem.ImportExport.All (to copy items and read them back), Mail.Send (to send messages to users)", signIn.Found);
        Assert.Equal(TrialOutcome.Fails, Of(tried, "import an item stream").Outcome);
        Assert.Equal(TrialOutcome.NotTried, Of(tried, "find an item").Outcome);
        Assert.Equal(TrialOutcome.Works, Of(tried, "delete the folder").Outcome);
    }

    [Fact]
    public async Task What_the_tenant_answers_is_told_in_its_own_words()
    {
        await using var lab = await TenantLab.StartAsync();
        await lab.OpenMailboxAsync("trial");
        lab.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "/folders/outbox", Times: 100));

        var tried = await TryAsync(lab);

        var refused = Of(tried, "find the folder outbox");
        Assert.Equal((TrialOutcome.Fails, RestsOn.Inferred), (refused.Outcome, refused.RestsOn));
        Assert.Contains("Microsoft 365 refused to find the folder outbox by its well-known name", refused.Found);
        Assert.Contains("request-id", refused.Found);
        Assert.Equal(1, tried.Count(call => call.Outcome != TrialOutcome.Works));
    }

    [Fact]
    public async Task A_trial_that_is_stopped_in_the_middle_leaves_nothing_behind()
    {
        await using var lab = await TenantLab.StartAsync();
        await lab.OpenMailboxAsync("trial");

        await foreach (var call in lab.OpenTrial().RunAsync($"trial@{TenantLab.Domain}", Ct))
            if (call.Call.StartsWith("import an item", StringComparison.Ordinal)) break;

        var mailbox = lab.Server.Mailboxes.All.Single();
        Assert.DoesNotContain(mailbox.Folders, folder => folder.Name.StartsWith("Cutover", StringComparison.Ordinal));
        Assert.Empty(mailbox.Items);
    }

    private static TriedCall Of(IReadOnlyList<TriedCall> tried, string call) =>
        Assert.Single(tried, one => one.Call.StartsWith(call, StringComparison.Ordinal));

    private static async Task<IReadOnlyList<TriedCall>> TryAsync(TenantLab lab) =>
        await lab.OpenTrial().RunAsync($"trial@{TenantLab.Domain}", Ct).ToListAsync();
}
