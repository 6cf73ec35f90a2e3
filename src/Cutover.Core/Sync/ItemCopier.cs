using Cutover.Core.Faults;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;
using Cutover.Core.Telemetry;

namespace Cutover.Core.Sync;

/// <summary>Does to one item at the target what the source says, with the ledger before and after, so that nothing happens twice.</summary>
internal sealed class ItemCopier(
    IMailboxTarget target, IItemLedger ledger, IKeptAside keptAside, TargetCalls calls, ProgressMeter progress, TimeProvider clock)
{
    private const int LooksAfterTakeOver = 60;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>Copies the item in the version that it has now, unless the target has it already.</summary>
    public async Task CopyAsync(MailboxItem item, TargetFolderId folder, CancellationToken ct)
    {
        using var span = EngineTelemetry.StartItem(item.Info);
        var known = await ledger.FindAsync(item.Info.Key, ct);
        if (IsDone(known, item.Info))
        {
            await ConfirmAsync(known!, item.Info, ct);
            return;
        }

        try
        {
            await UploadAsync(item, folder, known, ct);
        }
        catch (Exception failure) when (FaultPolicy.AsItemFault(failure) is not null)
        {
            await SkipAsync(item, known, FaultPolicy.AsItemFault(failure)!, ct);
        }
    }

    /// <summary>Records that the source itself could not read the item, and keeps aside what came of it.</summary>
    public async Task SkipUnreadableAsync(FolderKey folder, Unreadable unreadable, CancellationToken ct)
    {
        var known = await ledger.FindAsync(unreadable.Item.Key, ct);
        string? kept = null;
        var reason = Reason(unreadable.Fault);
        if (unreadable.Partial is { } partial)
            (kept, reason) = await KeepAsideAsync(partial, reason, ct);
        var entry = new LedgerEntry(folder, unreadable.Item, LedgerState.Skipped, known?.Target, known?.Digest, reason, kept);
        await RecordSkippedAsync(entry, known, ct);
    }

    /// <summary>Deletes at the target what the source no longer has; also what may have landed there without an answer.</summary>
    public async Task DeleteAsync(LedgerEntry entry, TargetFolderId folder, CancellationToken ct)
    {
        try
        {
            if (await LocateAsync(entry, folder, ct) is { } item)
                await calls.RunAsync(() => DeleteAsync(entry, folder, item, ct), ct);
        }
        catch (MigrationFault fault) when (fault.Scope == FaultScope.Item)
        {
            await ledger.RecordAsync(entry with { Reason = $"The source deleted it, the target would not: {fault.Message}" }, ct);
            return;
        }

        await ledger.RecordAsync(entry with { State = LedgerState.Deleted }, ct);
        progress.Add(pass => pass with { Deleted = pass.Deleted + 1 }, entry.State == LedgerState.Started ? 0 : -1);
    }

    /// <summary>Recorded first, so that a pass that was superseded deletes nothing that a later one knows better.</summary>
    private async Task DeleteAsync(LedgerEntry entry, TargetFolderId folder, TargetItem item, CancellationToken ct)
    {
        await ledger.RecordAsync(entry, ct);
        await target.DeleteAsync(folder, item, ct);
    }

    /// <summary>Carries the read state. That it can't be carried never stops a mailbox; verification will tell.</summary>
    public async Task SetReadStateAsync(LedgerEntry entry, bool isRead, CancellationToken ct)
    {
        if (!target.Capabilities.SupportsReadState || entry is not { State: LedgerState.Copied, Target: { } item } || (entry.Item.IsRead == isRead && !entry.IsReadStateInDoubt))
            return;
        try
        {
            await ledger.RecordAsync(entry with { IsReadStateInDoubt = true }, ct);
            var changed = await calls.RunAsync(() => target.SetReadStateAsync(item, isRead, ct), ct);
            await RecordReadStateAsync(
                entry with { Item = entry.Item with { IsRead = isRead }, Target = changed, Reason = entry.KeptAside is null ? null : entry.Reason, IsReadStateInDoubt = false }, ct);
            progress.Add(pass => pass with { ReadStates = pass.ReadStates + 1 });
        }
        catch (MigrationFault fault) when (fault.Scope == FaultScope.Item)
        {
            var reason = $"Its read state could not be carried: {fault.Message}";
            await ledger.RecordAsync(entry with { Reason = entry.KeptAside is null ? reason : $"{entry.Reason} {reason}", IsReadStateInDoubt = false }, ct);
        }
    }

    private async Task RecordReadStateAsync(LedgerEntry carried, CancellationToken ct)
    {
        try
        {
            await ledger.RecordAsync(carried, ct);
        }
        catch (SupersededPassException)
        {
            await PutReadStateBackAsync(carried, await ledger.FindAsync(carried.Key, ct), ct);
            throw;
        }
    }

    /// <summary>This process stood still on the way: what a later pass carried meanwhile is the newer state.</summary>
    private async Task PutReadStateBackAsync(LedgerEntry late, LedgerEntry? known, CancellationToken ct)
    {
        if (known is { State: LedgerState.Copied, Target: { } there } && there.Id == late.Target!.Id && known.Item.IsRead != late.Item.IsRead)
            await target.SetReadStateAsync(there, known.Item.IsRead, ct);
    }

    private static bool IsDone(LedgerEntry? known, ItemInfo item) =>
        known is { State: LedgerState.Copied or LedgerState.Skipped } && known.Item.Version == item.Version;

    private async Task ConfirmAsync(LedgerEntry known, ItemInfo item, CancellationToken ct)
    {
        if (!known.IsSettled)
            await ledger.RecordAsync(known, ct);
        progress.Add(pass => pass with { Unchanged = pass.Unchanged + 1 });
        await SetReadStateAsync(known, item.IsRead, ct);
    }

    private async Task UploadAsync(MailboxItem item, TargetFolderId folder, LedgerEntry? known, CancellationToken ct)
    {
        var existing = known is { State: LedgerState.Deleted } ? null : known?.Target;
        var inDoubt = known is { State: LedgerState.Started };
        var started = new LedgerEntry(item.Folder, item.Info, LedgerState.Started, existing, item.Digest);
        var landed = await calls.RunAsync(
            async () =>
            {
                // Each attempt is recorded first, so that a pass that was superseded while it waited makes none.
                await ledger.RecordAsync(started, ct);
                if (inDoubt && await target.FindAsync(folder, item.Info.Key, ct) is var found)
                {
                    if (found?.Version == item.Info.Version)
                        return new UploadedItem(await AdoptAsync(found.Item, item.Info, ct), found.Loss);
                    existing = found?.Item;
                }

                // Whatever ends this call without an answer leaves the item in doubt.
                inDoubt = true;
                return await UploadAsync(item, folder, existing, () => ledger.RecordAsync(started, ct), ct);
            },
            ct);
        calls.Spend(item.StreamLength);
        await RecordCopiedAsync(await CopiedAsync(started, item, landed, ct), folder, ct);
        Count(item, known);
    }

    private async Task RecordCopiedAsync(LedgerEntry copied, TargetFolderId folder, CancellationToken ct)
    {
        try
        {
            await ledger.RecordAsync(copied, ct);
        }
        catch (SupersededPassException)
        {
            await TakeBackAsync(copied, folder, ct);
            throw;
        }
    }

    /// <summary>
    /// A process that stood still in the middle of an upload finishes it when it goes on, after another one looked, found nothing and made its own. When the
    /// ledger says so, this one is too many.
    /// </summary>
    private async Task TakeBackAsync(LedgerEntry landed, TargetFolderId folder, CancellationToken ct)
    {
        var known = await ledger.FindAsync(landed.Key, ct);
        for (var look = 1; known is { State: LedgerState.Started } && look < LooksAfterTakeOver; look++)
        {
            await Task.Delay(BetweenLooks, clock, ct);
            known = await ledger.FindAsync(landed.Key, ct);
        }

        if (known is { State: LedgerState.Deleted } || known is { State: LedgerState.Copied, Target: { } theirs } && theirs.Id != landed.Target!.Id)
            await target.DeleteAsync(folder, landed.Target!, ct);
        else
            await PutReadStateBackAsync(landed, known, ct);
    }

    /// <summary>An item that did not arrive whole is kept aside as it came, so that nothing of it is lost.</summary>
    private async Task<LedgerEntry> CopiedAsync(LedgerEntry started, MailboxItem item, UploadedItem landed, CancellationToken ct)
    {
        var copied = started with { State = LedgerState.Copied, Target = landed.Item };
        if (landed.Loss is null) return copied;
        var (kept, reason) = await KeepAsideAsync(item, landed.Loss, ct);
        return copied with { Reason = reason, KeptAside = kept };
    }

    /// <summary>
    /// The target may know the item by another change key than the ledger: a read state was set and the process ended before it was recorded. So
    /// a replacement that is refused is made once more on the item as it is now.
    /// </summary>
    private async Task<UploadedItem> UploadAsync(MailboxItem item, TargetFolderId folder, TargetItem? existing, Func<Task> recordAttempt, CancellationToken ct)
    {
        try
        {
            return await target.UploadAsync(item, folder, existing, ct);
        }
        catch (MigrationFault fault) when (fault is { Scope: FaultScope.Item, OutcomeUnknown: false } && existing is not null)
        {
            var current = await target.FindAsync(folder, item.Info.Key, ct);
            if (current?.Item == existing)
                throw;
            await recordAttempt();
            return await target.UploadAsync(item, folder, current?.Item, ct);
        }
    }

    /// <summary>The read state is not part of the version, so an item found after a doubt may carry an older one.</summary>
    private async Task<TargetItem> AdoptAsync(TargetItem found, ItemInfo item, CancellationToken ct)
    {
        if (!target.Capabilities.SupportsReadState)
            return found;
        try
        {
            return await target.SetReadStateAsync(found, item.IsRead, ct);
        }
        catch (MigrationFault fault) when (fault is { Scope: FaultScope.Item, IsTransient: false })
        {
            return found;
        }
    }

    private void Count(MailboxItem item, LedgerEntry? known)
    {
        var replaced = known is { Target: not null, State: not LedgerState.Deleted };
        var wasDone = known is { State: LedgerState.Copied or LedgerState.Skipped };
        progress.Add(
            pass => pass with
            {
                Created = pass.Created + (replaced ? 0 : 1),
                Replaced = pass.Replaced + (replaced ? 1 : 0),
                Bytes = pass.Bytes + item.StreamLength,
            },
            wasDone ? 0 : 1);
    }

    private async Task SkipAsync(MailboxItem item, LedgerEntry? known, MigrationFault fault, CancellationToken ct)
    {
        var (kept, reason) = await KeepAsideAsync(item, Reason(fault), ct);
        var existing = known is { State: LedgerState.Deleted } ? null : known?.Target;
        await RecordSkippedAsync(new LedgerEntry(item.Folder, item.Info, LedgerState.Skipped, existing, item.Digest, reason, kept), known, ct);
    }

    private async Task RecordSkippedAsync(LedgerEntry entry, LedgerEntry? known, CancellationToken ct)
    {
        await ledger.RecordAsync(entry, ct);
        progress.Add(
            pass => pass with { Skipped = pass.Skipped + 1 }, known is { State: LedgerState.Copied or LedgerState.Skipped } ? 0 : 1);
    }

    private async Task<(string? Path, string Reason)> KeepAsideAsync(MailboxItem item, string reason, CancellationToken ct)
    {
        try
        {
            return (await keptAside.KeepAsync(item, ct), reason);
        }
        catch (MigrationFault fault)
        {
            return (null, $"{reason} It could not be kept aside either: {fault.Message}");
        }
    }

    /// <summary>Where the entry's item is now; null when the target has none.</summary>
    private async Task<TargetItem?> LocateAsync(LedgerEntry entry, TargetFolderId folder, CancellationToken ct) =>
        entry.State is LedgerState.Copied
            ? entry.Target
            : (await calls.RunAsync(() => target.FindAsync(folder, entry.Key, ct), ct))?.Item ?? entry.Target;

    private static string Reason(MigrationFault fault) => fault.NextStep.Length == 0 ? fault.Message : $"{fault.Message} {fault.NextStep}";
}
