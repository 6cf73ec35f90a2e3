using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;

namespace Cutover.Core.Sync;

/// <summary>Keeps the target's folders as the source's are: made, renamed, moved, and removed when the source has them no longer.</summary>
internal sealed class FolderMirror(IMailboxSource source, IMailboxTarget target, IItemLedger ledger, ItemCopier copier, TargetCalls calls)
{
    /// <summary>Every folder of the source with its counterpart, parents before children.</summary>
    public async Task<IReadOnlyList<LedgerFolder>> EnsureAsync(CancellationToken ct)
    {
        var known = (await ledger.GetFoldersAsync(ct)).ToDictionary(folder => folder.Key);
        var ensured = new Dictionary<FolderKey, LedgerFolder>();
        var inOrder = new List<LedgerFolder>();
        await foreach (var folder in source.GetFoldersAsync(ct))
        {
            var parent = folder.Parent is { } key && ensured.TryGetValue(key, out var above) ? above : null;
            var counterpart = await EnsureAsync(folder, parent, known.GetValueOrDefault(folder.Key), ct);
            ensured[folder.Key] = counterpart;
            inOrder.Add(counterpart);
        }

        return inOrder;
    }

    /// <summary>Removes what the source has no longer: the items that came from there, then the folder unless it holds something else by now.</summary>
    public async Task RemoveGoneAsync(IReadOnlyList<LedgerFolder> present, CancellationToken ct)
    {
        var keys = present.Select(folder => folder.Key).ToHashSet();
        var gone = (await ledger.GetFoldersAsync(ct)).Where(folder => !keys.Contains(folder.Key)).ToList();
        foreach (var folder in ChildrenFirst(gone))
            await RemoveAsync(folder, ct);
    }

    private async Task<LedgerFolder> EnsureAsync(MailboxFolder folder, LedgerFolder? parent, LedgerFolder? known, CancellationToken ct)
    {
        if (known is not null && IsSamePlace(known.Folder, folder))
        {
            if (known.Folder != folder)
                await ledger.SaveFolderAsync(known with { Folder = folder }, ct);
            return known with { Folder = folder };
        }

        var id = await calls.RunAsync(() => target.EnsureFolderAsync(folder, parent?.Target, known?.Target, ct), ct);
        var counterpart = new LedgerFolder(folder, id);
        await ledger.SaveFolderAsync(counterpart, ct);
        return counterpart;
    }

    private static bool IsSamePlace(MailboxFolder a, MailboxFolder b) => a.Parent == b.Parent && a.Name == b.Name && a.Role == b.Role;

    private async Task RemoveAsync(LedgerFolder folder, CancellationToken ct)
    {
        await foreach (var entry in ledger.GetEntriesAsync(folder.Key, ct))
            await copier.DeleteAsync(entry, folder.Target, ct);
        if (folder.Folder.Role == FolderRole.None && await IsEmptyAsync(folder.Target, ct))
            await calls.RunAsync(() => target.DeleteFolderAsync(folder.Target, ct), ct);
        await ledger.RemoveFolderAsync(folder.Key, ct);
    }

    private Task<bool> IsEmptyAsync(TargetFolderId folder, CancellationToken ct) =>
        calls.RunAsync(async () => !await target.GetItemsAsync(folder, ct).AnyAsync(ct), ct);

    private static IEnumerable<LedgerFolder> ChildrenFirst(List<LedgerFolder> folders)
    {
        var byKey = folders.ToDictionary(folder => folder.Key);
        return folders.OrderByDescending(Depth);

        int Depth(LedgerFolder folder) =>
            folder.Folder.Parent is { } parent && byKey.TryGetValue(parent, out var above) ? 1 + Depth(above) : 0;
    }
}
