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
            var parent = folder.Parent is { } key ? ensured.GetValueOrDefault(key)?.Target : null;
            var counterpart = await EnsureAsync(folder, parent, known, ct);
            ensured[folder.Key] = counterpart;
            inOrder.Add(counterpart);
        }

        return inOrder;
    }

    /// <summary>Removes what the source has no longer: the items that came from there, then the folder unless it holds something else by now.</summary>
    public async Task RemoveGoneAsync(IReadOnlyList<LedgerFolder> present, CancellationToken ct)
    {
        var keys = present.Select(folder => folder.Key).ToHashSet();
        var known = (await ledger.GetFoldersAsync(ct)).ToDictionary(folder => folder.Key);
        foreach (var folder in ChildrenFirst([.. known.Values.Where(folder => !keys.Contains(folder.Key))]))
            await RemoveAsync(folder.Target is null ? await ResolveAsync(folder, known, ct) : folder, ct);
    }

    private async Task<LedgerFolder> EnsureAsync(
        MailboxFolder folder, TargetFolderId? parent, Dictionary<FolderKey, LedgerFolder> ledgered, CancellationToken ct)
    {
        var known = ledgered.GetValueOrDefault(folder.Key);
        if (known is { IsInDoubt: false } && IsSamePlace(known.Folder, folder))
        {
            if (known.Folder != folder)
                await ledger.SaveFolderAsync(known with { Folder = folder }, ct);
            return known with { Folder = folder };
        }

        if (known is { Target: null } && !IsSamePlace(known.Folder, folder))
            known = await ResolveAsync(known, ledgered, ct);
        return await MakeAsync(folder, parent, known?.Target, ct);
    }

    /// <summary>
    /// The folder may have been made under the name that it had then. Making it so once more finds out, and from there it can be renamed or removed.
    /// </summary>
    private Task<LedgerFolder> ResolveAsync(LedgerFolder inDoubt, Dictionary<FolderKey, LedgerFolder> ledgered, CancellationToken ct)
    {
        var parent = inDoubt.Folder.Parent is { } key ? ledgered.GetValueOrDefault(key)?.Target : null;
        return MakeAsync(inDoubt.Folder, parent, known: null, ct);
    }

    private async Task<LedgerFolder> MakeAsync(MailboxFolder folder, TargetFolderId? parent, TargetFolderId? known, CancellationToken ct)
    {
        await ledger.SaveFolderAsync(new LedgerFolder(folder, known) { IsInDoubt = true }, ct);
        var made = new LedgerFolder(folder, await calls.RunAsync(() => target.EnsureFolderAsync(folder, parent, known, ct), ct));
        try
        {
            await ledger.SaveFolderAsync(made, ct);
            return made;
        }
        catch (SupersededPassException)
        {
            await TakeBackAsync(made, ct);
            throw;
        }
    }

    /// <summary>
    /// This process stood still before the target made the folder, and a later pass went its own way meanwhile: what it holds for right is made so again.
    /// </summary>
    private async Task TakeBackAsync(LedgerFolder made, CancellationToken ct)
    {
        var ledgered = (await ledger.GetFoldersAsync(ct)).ToDictionary(folder => folder.Key);
        if (ledgered.GetValueOrDefault(made.Key) is { } known && known.Target == made.Target)
            await target.EnsureFolderAsync(known.Folder, known.Folder.Parent is { } key ? ledgered.GetValueOrDefault(key)?.Target : null, known.Target, ct);
        else if (ledgered.Values.All(folder => folder.Target != made.Target) && made.Folder.Role == FolderRole.None && await IsEmptyAsync(made.Counterpart, ct))
            await target.DeleteFolderAsync(made.Counterpart, ct);
    }

    private static bool IsSamePlace(MailboxFolder a, MailboxFolder b) => a.Parent == b.Parent && a.Name == b.Name && a.Role == b.Role;

    private async Task RemoveAsync(LedgerFolder folder, CancellationToken ct)
    {
        await foreach (var entry in ledger.GetEntriesAsync(folder.Key, ct))
            await copier.DeleteAsync(entry, folder.Counterpart, ct);
        if (folder.Folder.Role == FolderRole.None && await IsEmptyAsync(folder.Counterpart, ct))
            await calls.RunAsync(() => DeleteAsync(folder, ct), ct);
        await ledger.RemoveFolderAsync(folder.Key, ct);
    }

    /// <summary>Recorded first, so that a pass that was superseded deletes nothing that a later one knows better.</summary>
    private async Task DeleteAsync(LedgerFolder folder, CancellationToken ct)
    {
        await ledger.SaveFolderAsync(folder with { IsInDoubt = true }, ct);
        await target.DeleteFolderAsync(folder.Counterpart, ct);
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
