using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cutover.Core.Batches;
using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Orchestrator.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cutover.Benchmarks;

/// <summary>
/// What the engine itself costs: a whole batch between a source and a target that cost next to nothing, so that nearly all CPU is grains, permits, ledger
/// and history. Every upload is real to the engine: recorded before and after, on a SQLite file with each commit flushed.
/// </summary>
internal static class EngineBatch
{
    public static async Task PrintAsync(int mailboxes, int items)
    {
        var folder = Directory.CreateTempSubdirectory("cutover-bench-").FullName;
        try
        {
            var endpoints = new EmptyEndpoints(items);
            using var host = Build(folder, endpoints);
            await host.StartAsync();
            var service = host.Services.GetRequiredService<IMigrationService>();
            var batch = Batch(mailboxes);
            var (began, cpu) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
            await service.EnsureBatchAsync(batch, CancellationToken.None);
            await service.StartAsync(batch.Name, "bench", CancellationToken.None);
            var status = await service.WaitUntilSyncedAsync(batch.Name, DateTimeOffset.MinValue, CancellationToken.None);
            using var process = Process.GetCurrentProcess();
            var (time, spent, copied) = (Stopwatch.GetElapsedTime(began), process.TotalProcessorTime - cpu, status.Counts.Items);
            Console.WriteLine(
                $"  {mailboxes,6:N0} mailboxes x {items,3}: {copied,9:N0} items ({endpoints.Uploads:N0} uploads) in {time.TotalSeconds,5:N0} s, {copied / time.TotalSeconds,7:N0} items/s, "
                + $"{spent.TotalMilliseconds / copied,6:N3} ms CPU per item, {spent.TotalMilliseconds / mailboxes,6:N1} ms per mailbox, peak memory {process.PeakWorkingSet64 / 1e6,5:N0} MB");
            await host.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IHost Build(string folder, IEndpointFactory endpoints)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(endpoints);
        builder.Services.AddCutoverOrchestrator(new OrchestratorOptions { DatabaseFile = Path.Combine(folder, "cutover.db"), WorkDirectory = folder });
        return builder.Build();
    }

    private static MigrationBatch Batch(int mailboxes)
    {
        static MigrationEndpoint Endpoint(string name, MigrationEndpointType type) => new(name, type, new Dictionary<string, string>(), SecretRef.None, 20, 20);
        return new MigrationBatch(
            BatchName.Parse("bench"), Endpoint("source", MigrationEndpointType.OutlookAnywhere), Endpoint("target", MigrationEndpointType.Microsoft365),
            [.. Enumerable.Range(0, mailboxes).Select(number => $"user{number}@contoso.com")
                .Select(smtp => new MigrationUser(new SourceMailbox($"/o=Contoso/cn={smtp}", smtp), new TargetMailbox(smtp, smtp, smtp)))]);
    }

    private sealed class EmptyEndpoints(int items) : IEndpointFactory
    {
        private long uploads;

        public long Uploads => uploads;

        public Task<IMailboxSource> OpenSourceAsync(MigrationEndpoint endpoint, SourceMailbox mailbox, CancellationToken ct) => Task.FromResult<IMailboxSource>(new Source(items));

        public Task<IMailboxTarget> OpenTargetAsync(MigrationEndpoint endpoint, TargetMailbox mailbox, CancellationToken ct) =>
            Task.FromResult<IMailboxTarget>(new Target(() => Interlocked.Increment(ref uploads)));

        public Task<MigrationEndpoint> DiscoverAsync(MigrationEndpoint endpoint, string emailAddress, CancellationToken ct) => throw new NotSupportedException();

        public Task<EndpointTestResult> TestAsync(MigrationEndpoint endpoint, string testMailbox, CancellationToken ct) => throw new NotSupportedException();

        public Task<IRecipientDirectory> OpenDirectoryAsync(MigrationEndpoint endpoint, CancellationToken ct) => throw new NotSupportedException();

        public Task<IRecipientProvisioner> OpenProvisionerAsync(MigrationEndpoint endpoint, CancellationToken ct) => throw new NotSupportedException();

        public Task<IDomainDirectory> OpenDomainsAsync(MigrationEndpoint endpoint, CancellationToken ct) => throw new NotSupportedException();
    }

    private sealed class Source(int items) : IMailboxSource
    {
        private static readonly FolderKey Inbox = new("inbox");

        public MailboxCapabilities Capabilities { get; } = new(SupportsReadState: true, SupportsExport: false, MaxConcurrentRequests: 1);

        public long RoundTrips => 0;

        public Task<long> GetSizeAsync(CancellationToken ct) => Task.FromResult((long)items);

        public async IAsyncEnumerable<MailboxFolder> GetFoldersAsync([EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            yield return new MailboxFolder(Inbox, null, "Inbox", FolderRole.Inbox, "IPF.Note", items);
        }

        public async IAsyncEnumerable<FolderChange> GetChangesAsync(FolderKey folder, SyncState? since, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            for (var number = 0; since is null && number < items; number++)
                yield return new Upserted(new Item(number));
            yield return new Checkpoint(new SyncState(new byte[64]));
        }

        public IAsyncEnumerable<ItemInfo> GetItemsAsync(FolderKey folder, CancellationToken ct) => throw new NotSupportedException();

        public Task<MailboxSettings> GetSettingsAsync(IReadOnlyList<MailboxFolder> folders, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Item(int number) : MailboxItem
    {
        public override ItemInfo Info { get; } = new(
            new ItemKey($"c5b53bf5c1b34e26a98f0a6ee3e4d2bb{number:X8}"), "1", true, "IPM.Note", "A subject of usual length, as mail has it", DateTimeOffset.UnixEpoch, 4096);

        public override FolderKey Folder { get; } = new("inbox");

        public override ContentDigest Digest { get; } = new("f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2");

        public override long StreamLength => 4096;

        public override ValueTask<Stream> OpenAsync(CancellationToken ct) => throw new NotSupportedException();

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Target(Func<long> uploaded) : IMailboxTarget
    {
        public MailboxCapabilities Capabilities { get; } = new(SupportsReadState: true, SupportsExport: false, MaxConcurrentRequests: 4);

        public long Requests => 0;

        public Task<TargetFolderId> EnsureFolderAsync(MailboxFolder folder, TargetFolderId? parent, TargetFolderId? known, CancellationToken ct) => Task.FromResult(new TargetFolderId(folder.Key.Value));

        public async Task<UploadedItem> UploadAsync(MailboxItem item, TargetFolderId folder, TargetItem? existing, CancellationToken ct)
        {
            await Task.Yield();
            return new UploadedItem(new TargetItem($"AAMkAGI2TG93AAA{uploaded():X16}", "CQAAABYAAAAiIsqMbYjsT5e"));
        }

        public Task<TargetItemInfo?> FindAsync(TargetFolderId folder, ItemKey key, CancellationToken ct) => throw new NotSupportedException();

        public Task<TargetItem> SetReadStateAsync(TargetItem item, bool isRead, CancellationToken ct) => Task.FromResult(item);

        public Task DeleteAsync(TargetFolderId folder, TargetItem item, CancellationToken ct) => throw new NotSupportedException();

        public Task DeleteFolderAsync(TargetFolderId folder, CancellationToken ct) => throw new NotSupportedException();

        public IAsyncEnumerable<TargetItemInfo> GetItemsAsync(TargetFolderId folder, CancellationToken ct) => throw new NotSupportedException();

        public IAsyncEnumerable<ExportedItem> ExportAsync(IReadOnlyList<TargetItem> items, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<ProvisioningFinding>> ApplySettingsAsync(MailboxSettings settings, IReadOnlyDictionary<FolderKey, TargetFolderId> folders, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
