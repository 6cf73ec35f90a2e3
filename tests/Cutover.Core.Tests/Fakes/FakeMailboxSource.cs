using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Cutover.Core.Mailboxes;

namespace Cutover.Core.Tests.Fakes;

/// <summary>
/// Reads a <see cref="FakeMailbox"/> with the manners of ICS: the state knows what was given, deletions are told only among those, and a checkpoint
/// comes after every few items and at the end.
/// </summary>
public sealed class FakeMailboxSource(FakeMailbox mailbox, Interruptions points) : IMailboxSource
{
    private const int ItemsPerCheckpoint = 7;

    private int readings;

    public MailboxCapabilities Capabilities { get; } = new(SupportsReadState: true, SupportsExport: false, MaxConcurrentRequests: 1);

    public long RoundTrips { get; private set; }

    /// <summary>Items that can't be read, with the reason.</summary>
    public Dictionary<ItemKey, Cutover.Core.Faults.MigrationFault> UnreadableItems { get; } = [];

    public Task<long> GetSizeAsync(CancellationToken ct) => Task.FromResult((long)mailbox.Items.Count);

    public async IAsyncEnumerable<MailboxFolder> GetFoldersAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var reading = BeginReading();
        foreach (var folder in ParentsFirst(null).ToList())
        {
            await ReadAsync("folders");
            yield return folder with { ItemCount = mailbox.Items.Values.Count(item => item.Folder == folder.Key) };
        }
    }

    public async IAsyncEnumerable<FolderChange> GetChangesAsync(FolderKey folder, SyncState? since, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reading = BeginReading();
        var given = since is null ? [] : JsonSerializer.Deserialize<Dictionary<string, Given>>(since.Value.Span)!;
        var present = mailbox.Items.Values.Where(item => item.Folder == folder).ToList();
        var sent = 0;
        foreach (var mail in present.Where(mail => given.GetValueOrDefault(mail.Key.Value)?.Version != mail.Version))
        {
            await ReadAsync("changes");
            given[mail.Key.Value] = new Given(mail.Version, mail.IsRead);
            yield return UnreadableItems.TryGetValue(mail.Key, out var fault) ? new Unreadable(mail.Info, fault) : new Upserted(new Item(mailbox, mail));
            if (++sent % ItemsPerCheckpoint == 0)
                yield return Save(given);
        }

        foreach (var change in await LateChangesAsync(given, present))
            yield return change;
        yield return Save(given);
    }

    public async IAsyncEnumerable<ItemInfo> GetItemsAsync(FolderKey folder, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reading = BeginReading();
        foreach (var mail in mailbox.Items.Values.Where(item => item.Folder == folder).ToList())
        {
            await ReadAsync("items");
            yield return mail.Info;
        }
    }

    public Task<MailboxSettings> GetSettingsAsync(IReadOnlyList<MailboxFolder> folders, CancellationToken ct) => Task.FromResult(MailboxSettings.None);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<IReadOnlyList<FolderChange>> LateChangesAsync(Dictionary<string, Given> given, List<FakeMailbox.Mail> present)
    {
        await ReadAsync("changes");
        var gone = given.Keys.Except(present.Select(mail => mail.Key.Value)).ToHashSet();
        foreach (var key in gone)
            given.Remove(key);
        var read = present.Where(mail => mail.IsRead && !given[mail.Key.Value].IsRead).Select(mail => mail.Key.Value).ToHashSet();
        var unread = present.Where(mail => !mail.IsRead && given[mail.Key.Value].IsRead).Select(mail => mail.Key.Value).ToHashSet();
        foreach (var key in read.Concat(unread))
            given[key] = given[key] with { IsRead = read.Contains(key) };
        return [new Deleted(new Keys(gone)), new ReadStateChanged(new Keys(read), true), new ReadStateChanged(new Keys(unread), false)];
    }

    /// <summary>A source answers one caller at a time; two readings side by side are the engine's mistake.</summary>
    private Reading BeginReading()
    {
        Assert.Equal(1, Interlocked.Increment(ref readings));
        return new Reading(() => Interlocked.Decrement(ref readings));
    }

    private async Task ReadAsync(string what)
    {
        RoundTrips++;
        await points.AtAsync($"source:{what}");
    }

    private IEnumerable<MailboxFolder> ParentsFirst(FolderKey? parent) => mailbox.Folders.Values.Where(folder => folder.Parent == parent)
        .SelectMany(folder => ParentsFirst(folder.Key).Prepend(folder));

    private static Checkpoint Save(Dictionary<string, Given> given) => new(new SyncState(JsonSerializer.SerializeToUtf8Bytes(given)));

    private sealed class Reading(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private sealed record Given(int Version, bool IsRead);

    private sealed class Keys(HashSet<string> keys) : ItemKeySet
    {
        public override bool Contains(ItemKey key) => keys.Contains(key.Value);
    }

    private sealed class Item : MailboxItem
    {
        private readonly FakeMailbox mailbox;
        private readonly FakeMailbox.Mail mail;

        public Item(FakeMailbox mailbox, FakeMailbox.Mail mail)
        {
            (this.mailbox, this.mail) = (mailbox, mail);
            mailbox.CountOpen(1);
        }

        public override ItemInfo Info => mail.Info;

        public override FolderKey Folder => mail.Folder;

        public override ContentDigest Digest => mail.Digest;

        public override long StreamLength => mail.Content.Length;

        public override ValueTask<Stream> OpenAsync(CancellationToken ct) => new(new MemoryStream(Encoding.UTF8.GetBytes(mail.Content)));

        public override ValueTask DisposeAsync()
        {
            mailbox.CountOpen(-1);
            return ValueTask.CompletedTask;
        }
    }
}
