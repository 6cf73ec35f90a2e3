using System.Collections.Concurrent;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;
using Cutover.Core.Sync;
using Cutover.Core.Verification;

namespace Cutover.Core.Tests.Fakes;

/// <summary>A mailbox, its two ends and the ledger between, for as many runs as a test wants.</summary>
public sealed class Bench : IKeptAside, ISyncObserver
{
    public Bench()
    {
        Source = new FakeMailboxSource(Mailbox, Points);
        Target = new FakeMailboxTarget(Points);
        Ledger = new InMemoryItemLedger(Points);
    }

    public FakeMailbox Mailbox { get; } = new();

    public Interruptions Points { get; } = new();

    public FakeMailboxSource Source { get; }

    public FakeMailboxTarget Target { get; }

    public InMemoryItemLedger Ledger { get; }

    public ConcurrentDictionary<ItemKey, string> KeptAside { get; } = new();

    public SyncProgress? Progress { get; private set; }

    public FaultPolicy Policy { get; } = new(new FaultPolicyOptions { FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero });

    public EndpointGate Gate { get; } = new("target", TimeProvider.System);

    public Task<SyncPass> SyncAsync() =>
        new MailboxSync(Source, Target, Ledger, this, Policy, Gate, this, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<VerifiedItem>> VerifyAsync() =>
        await new MailboxVerifier(Source, Target, Ledger, Policy, Gate, TimeProvider.System).VerifyAsync(TestContext.Current.CancellationToken).ToListAsync();

    /// <summary>Runs until killed at the given point or finished; tells whether it finished.</summary>
    public async Task<bool> SyncUntilAsync(int? killAt)
    {
        Points.Restart(killAt);
        try
        {
            await SyncAsync();
            return true;
        }
        catch (ProcessKilled)
        {
            return false;
        }
        finally
        {
            Points.Restart();
        }
    }

    public void AssertInStep()
    {
        var expected = Mailbox.Items.Values.Select(mail =>
            $"{Mailbox.PathOf(mail.Folder)} {mail.Key} v{mail.Version} {mail.Digest} {(mail.IsRead ? "read" : "unread")}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), Target.Seen());
        Assert.Equal(Mailbox.Folders.Keys.Select(Mailbox.PathOf).Order(StringComparer.Ordinal), Target.SeenFolders());
        Assert.Equal(0, Mailbox.OpenItems);
    }

    public async Task<string> KeepAsync(MailboxItem item, CancellationToken ct)
    {
        using var reader = new StreamReader(await item.OpenAsync(ct));
        KeptAside[item.Info.Key] = await reader.ReadToEndAsync(ct);
        return $"kept-aside/{item.Info.Key}";
    }

    public void OnProgress(SyncProgress progress) => Progress = progress;
}
