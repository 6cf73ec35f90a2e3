using Cutover.Core.Batches;
using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Core.Recipients;
using Cutover.Core.Runbooks;
using Cutover.Core.Verification;

namespace Cutover.Core.Tests.Runbooks;

public sealed class CutoverJournalTests
{
    private readonly CutoverJournal journal = new(new MemoryRecord());

    [Fact]
    public async Task What_a_step_leaves_comes_back_as_it_was()
    {
        var mailbox = new CutoverMailbox("Ann", new SourceMailbox("/o=Contoso/cn=ann", "ann@contoso.com"), new TargetMailbox("id", "MBX:1@2", "ann@contoso.com"));
        var endpoint = new MigrationEndpoint("on-premises", MigrationEndpointType.OutlookAnywhere,
            new Dictionary<string, string> { ["ExchangeServer"] = "ex" }, new SecretRef("env:X"), 4, 2);
        var mx = new MxRecord("contoso.com", TimeSpan.FromHours(4), 10, "mail.contoso.com");
        var verified = new BatchVerification(
            [new MailboxVerification(new MigrationUser(mailbox.Source, mailbox.Target), VerificationTotals.None with { SourceItems = 3, Verified = 3 }, "a.jsonl")], "receipts");

        await journal.SetMailboxesAsync([mailbox], default);
        await journal.SetSourceAsync(endpoint, default);
        await journal.SetOldMxAsync([mx], default);
        await journal.SetVerificationAsync(verified, default);
        var nothing = await journal.GetLeftBehindAsync(default);
        var finding = new ProvisioningFinding("S36", "The rule 'Print' runs in Outlook alone", "Make it again.");
        await journal.SetLeftBehindAsync(new Dictionary<string, IReadOnlyList<ProvisioningFinding>> { ["ann@contoso.com"] = [finding] }, default);

        Assert.Empty(nothing);
        Assert.Equal([finding], (await journal.GetLeftBehindAsync(default))["ann@contoso.com"]);
        Assert.Equal([mailbox], await journal.GetMailboxesAsync(default));
        Assert.Equal("ex", (await journal.GetSourceAsync(default)).Settings["ExchangeServer"]);
        Assert.Equal([mx], await journal.GetOldMxAsync(default));
        Assert.Equal(verified.Totals, (await journal.GetVerificationAsync(default))?.Totals);
    }

    [Fact]
    public async Task What_no_step_left_yet_is_told_by_name()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => journal.GetMailboxesAsync(default));
        Assert.Contains("'mailboxes'", error.Message);
    }
}
