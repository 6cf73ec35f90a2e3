using System.Collections.Concurrent;
using Cutover.Core.Batches;
using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Core.Tests.Fakes;

namespace Cutover.Orchestrator.Tests.Hosting;

/// <summary>Mailboxes at both ends that outlive the hosts of a test, as servers do.</summary>
public sealed class FakeOrganisation : IEndpointFactory
{
    private readonly ConcurrentDictionary<string, (FakeMailbox Mailbox, FakeMailboxTarget Target, Interruptions Points)> mailboxes = new();
    private int open;

    public FakeOrganisation(int mailboxCount, int items)
    {
        var random = new Random(1);
        for (var number = 1; number <= mailboxCount; number++)
            Add($"user{number}@contoso.com", items, random);
        Batch = new MigrationBatch(
            BatchName.Parse("Contoso"), Endpoint("on-premises", MigrationEndpointType.OutlookAnywhere), Endpoint("tenant", MigrationEndpointType.Microsoft365),
            [.. mailboxes.Keys.Order(StringComparer.Ordinal).Select(smtp => new MigrationUser(new SourceMailbox($"/o=Contoso/cn={smtp}", smtp), new TargetMailbox($"id-{smtp}", $"MBX:{smtp}", smtp)))]);
    }

    public MigrationBatch Batch { get; set; }

    public int MostOpen { get; private set; }

    /// <summary>Of the latest attempt to open a target: cut when the engine gives it up.</summary>
    public CancellationToken Cut { get; private set; }

    public IEnumerable<string> Names => mailboxes.Keys;

    public (FakeMailbox Mailbox, FakeMailboxTarget Target, Interruptions Points) this[string smtp] => mailboxes[smtp];

    public void AssertInStep()
    {
        foreach (var (mailbox, target, _) in mailboxes.Values)
        {
            var expected = mailbox.Items.Values.Select(mail =>
                $"{mailbox.PathOf(mail.Folder)} {mail.Key} v{mail.Version} {mail.Digest} {(mail.IsRead ? "read" : "unread")}");
            Assert.Equal(expected.Order(StringComparer.Ordinal), target.Seen());
        }
    }

    public Task<IMailboxSource> OpenSourceAsync(MigrationEndpoint endpoint, SourceMailbox mailbox, CancellationToken ct)
    {
        lock (mailboxes)
            MostOpen = Math.Max(MostOpen, ++open);
        var found = mailboxes[mailbox.PrimarySmtpAddress];
        return Task.FromResult<IMailboxSource>(new CountedSource(new FakeMailboxSource(found.Mailbox, found.Points), Close));
    }

    public async Task<IMailboxTarget> OpenTargetAsync(MigrationEndpoint endpoint, TargetMailbox mailbox, CancellationToken ct)
    {
        if (!endpoint.Settings.ContainsKey("url"))
            Cut = ct;
        await mailboxes[mailbox.PrimarySmtpAddress].Points.AtAsync("open:target");
        return mailboxes[mailbox.PrimarySmtpAddress].Target;
    }

    public Task<MigrationEndpoint> DiscoverAsync(MigrationEndpoint endpoint, string emailAddress, CancellationToken ct) => throw new NotSupportedException();

    public Task<EndpointTestResult> TestAsync(MigrationEndpoint endpoint, string testMailbox, CancellationToken ct) => throw new NotSupportedException();

    public Task<IRecipientDirectory> OpenDirectoryAsync(MigrationEndpoint endpoint, CancellationToken ct) => throw new NotSupportedException();

    public Task<IRecipientProvisioner> OpenProvisionerAsync(MigrationEndpoint endpoint, CancellationToken ct) => throw new NotSupportedException();

    public Task<IDomainDirectory> OpenDomainsAsync(MigrationEndpoint endpoint, CancellationToken ct) => throw new NotSupportedException();

    private static MigrationEndpoint Endpoint(string name, MigrationEndpointType type) =>
        new(name, type, new Dictionary<string, string>(), new SecretRef("env:NONE"), MaxConcurrentMigrations: 3, MaxConcurrentIncrementalSyncs: 2);

    private void Add(string smtp, int items, Random random)
    {
        var mailbox = new FakeMailbox();
        var folder = mailbox.AddFolder("Projecten", mailbox.Inbox);
        for (var item = 0; item < items; item++)
            mailbox.Add(random.Next(2) == 0 ? mailbox.Inbox : folder, $"Mail {item} of {smtp}", random.Next(2) == 0);
        var points = new Interruptions();
        mailboxes[smtp] = (mailbox, new FakeMailboxTarget(points), points);
    }

    private void Close()
    {
        lock (mailboxes)
            open--;
    }

    private sealed class CountedSource(IMailboxSource source, Action close) : IMailboxSource
    {
        public MailboxCapabilities Capabilities => source.Capabilities;

        public long RoundTrips => source.RoundTrips;

        public Task<long> GetSizeAsync(CancellationToken ct) => source.GetSizeAsync(ct);

        public IAsyncEnumerable<MailboxFolder> GetFoldersAsync(CancellationToken ct) => source.GetFoldersAsync(ct);

        public IAsyncEnumerable<FolderChange> GetChangesAsync(FolderKey folder, SyncState? since, CancellationToken ct) => source.GetChangesAsync(folder, since, ct);

        public IAsyncEnumerable<ItemInfo> GetItemsAsync(FolderKey folder, CancellationToken ct) => source.GetItemsAsync(folder, ct);

        public Task<MailboxSettings> GetSettingsAsync(IReadOnlyList<MailboxFolder> folders, CancellationToken ct) => source.GetSettingsAsync(folders, ct);

        public ValueTask DisposeAsync()
        {
            close();
            return source.DisposeAsync();
        }
    }
}
