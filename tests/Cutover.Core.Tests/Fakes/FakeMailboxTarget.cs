using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;

namespace Cutover.Core.Tests.Fakes;

/// <summary>
/// A mailbox at the target with a tenant's manners: creating twice makes two items, replacing needs the present change key, and an answer may be
/// lost after the commit (a fault at <c>upload:after</c>).
/// </summary>
public sealed class FakeMailboxTarget(Interruptions points) : IMailboxTarget
{
    private int next;
    private int uploads;
    private int running;
    private long requests;

    public MailboxCapabilities Capabilities { get; init; } = new(SupportsReadState: true, SupportsExport: true, MaxConcurrentRequests: 3);

    public long Requests => requests;

    public int MostAtOnce { get; private set; }

    public ConcurrentDictionary<string, Folder> Folders { get; private init; } = new();

    public ConcurrentDictionary<string, Item> Items { get; private init; } = new();

    /// <summary>The same mailbox for another process, which makes ids of its own.</summary>
    public FakeMailboxTarget SeenFrom(Interruptions elsewhere) => new(elsewhere) { Folders = Folders, Items = Items, next = 1_000_000 };

    /// <summary>What every upload says to have lost.</summary>
    public string? Loss { get; set; }

    /// <summary>Uploads that took effect.</summary>
    public int Uploads => uploads;

    public Task<TargetFolderId> EnsureFolderAsync(MailboxFolder folder, TargetFolderId? parent, TargetFolderId? known, CancellationToken ct) =>
        CallAsync("folder", () =>
        {
            var id = known?.Value ?? Folders.Values.FirstOrDefault(other => IsSame(other, folder, parent))?.Id ?? $"f{Next()}";
            Folders[id] = new Folder(id, parent?.Value, folder.Name, folder.Role);
            return new TargetFolderId(id);
        });

    public Task<UploadedItem> UploadAsync(MailboxItem item, TargetFolderId folder, TargetItem? existing, CancellationToken ct) =>
        CallAsync("upload", () =>
        {
            if (existing is not null && (!Items.TryGetValue(existing.Id, out var there) || there.ChangeKey != existing.ChangeKey))
                throw new MigrationFault(FaultScope.Item, "ErrorIrresolvableConflict", "");
            var id = existing?.Id ?? $"i{Next()}";
            Items[id] = new Item(id, $"ck{Next()}", folder.Value, item.Info.Key, item.Info.Version, item.Digest, item.Info.IsRead) { Loss = Loss };
            Interlocked.Increment(ref uploads);
            return new UploadedItem(Items[id].Target, Loss);
        });

    public Task<TargetItemInfo?> FindAsync(TargetFolderId folder, ItemKey key, CancellationToken ct) => CallAsync(
        "find", () => Items.Values.FirstOrDefault(item => item.Folder == folder.Value && item.Key == key)?.Info);

    public Task<TargetItem> SetReadStateAsync(TargetItem item, bool isRead, CancellationToken ct) => CallAsync("read", () =>
    {
        if (!Items.TryGetValue(item.Id, out var there))
            throw new MigrationFault(FaultScope.Item, "ErrorItemNotFound", "");
        Items[item.Id] = there with { IsRead = isRead, ChangeKey = $"ck{Next()}" };
        return Items[item.Id].Target;
    });

    public Task DeleteAsync(TargetFolderId folder, TargetItem item, CancellationToken ct) => CallAsync("delete", () => Items.TryRemove(item.Id, out _));

    public Task DeleteFolderAsync(TargetFolderId folder, CancellationToken ct) => CallAsync("delete-folder", () => Folders.TryRemove(folder.Value, out _));

    public async IAsyncEnumerable<TargetItemInfo> GetItemsAsync(TargetFolderId folder, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var item in await CallAsync("list", () => Items.Values.Where(item => item.Folder == folder.Value).ToList()))
            yield return item.Info;
    }

    public async IAsyncEnumerable<ExportedItem> ExportAsync(IReadOnlyList<TargetItem> items, [EnumeratorCancellation] CancellationToken ct)
    {
        Assert.InRange(items.Count, 1, 20);
        foreach (var item in await CallAsync("export", () => items.Reverse().ToList()))
            yield return Items.TryGetValue(item.Id, out var there)
                ? new ExportedItem(item, there.Digest, there.IsRead, there.ExportFault)
                : new ExportedItem(item, null, false, new MigrationFault(FaultScope.Item, "ErrorItemNotFound", ""));
    }

    public Task<IReadOnlyList<Core.Recipients.ProvisioningFinding>> ApplySettingsAsync(
        MailboxSettings settings, IReadOnlyDictionary<FolderKey, TargetFolderId> folders, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Core.Recipients.ProvisioningFinding>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What the user would see, to be compared with the source: folder path, key, version, content and read state of each item.</summary>
    public IEnumerable<string> Seen() => Items.Values
        .Select(item => $"{PathOf(item.Folder)} {item.Key} v{item.Version} {item.Digest} {(item.IsRead ? "read" : "unread")}")
        .Order(StringComparer.Ordinal);

    public IEnumerable<string> SeenFolders() => Folders.Keys.Select(PathOf).Order(StringComparer.Ordinal);

    private async Task<T> CallAsync<T>(string call, Func<T> effect)
    {
        Interlocked.Increment(ref requests);
        lock (Items)
            MostAtOnce = Math.Max(MostAtOnce, ++running);
        try
        {
            await points.AtAsync($"{call}:before");
            var result = effect();
            await points.AtAsync($"{call}:after");
            return result;
        }
        finally
        {
            lock (Items)
                running--;
        }
    }

    private string PathOf(string id)
    {
        var folder = Folders[id];
        var name = folder.Role == FolderRole.None ? folder.Name : folder.Role.ToString();
        return folder.Parent is { } parent ? $"{PathOf(parent)}/{name}" : name;
    }

    private static bool IsSame(Folder other, MailboxFolder folder, TargetFolderId? parent) => folder.Role != FolderRole.None
        ? other.Role == folder.Role
        : other.Name == folder.Name && other.Parent == parent?.Value;

    private int Next() => Interlocked.Increment(ref next);

    public sealed record Folder(string Id, string? Parent, string Name, FolderRole Role);

    public sealed record Item(string Id, string ChangeKey, string Folder, ItemKey? Key, string? Version, ContentDigest? Digest, bool IsRead)
    {
        public MigrationFault? ExportFault { get; init; }

        public TargetItem Target => new(Id, ChangeKey);

        public string? Loss { get; init; }

        public TargetItemInfo Info => new(Target, Key, Version, Loss);
    }
}
