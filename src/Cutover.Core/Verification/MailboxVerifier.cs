using System.Runtime.CompilerServices;
using Cutover.Core.Faults;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;
using Cutover.Core.Sync;

namespace Cutover.Core.Verification;

/// <summary>
/// Holds source, ledger and target of one mailbox against each other: every item that the source lists is looked up in the target's own list and
/// read back from there. It trusts neither the ledger nor the answers that uploads gave. Both sides are only read.
/// </summary>
public sealed class MailboxVerifier(
    IMailboxSource source, IMailboxTarget target, IItemLedger ledger, FaultPolicy policy, EndpointGate targetGate, TimeProvider clock)
{
    private const int BatchSize = 20;

    private readonly TargetCalls calls = new(policy, targetGate, clock);

    /// <summary>
    /// One answer for each item of the source, and one for each that the target still has and the source no longer. What one folder holds is listed in
    /// memory by key; contents are not. Fails with <see cref="MigrationFault"/> when one side can't be read.
    /// </summary>
    public async IAsyncEnumerable<VerifiedItem> VerifyAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var counterparts = (await ledger.GetFoldersAsync(ct)).ToDictionary(folder => folder.Key, folder => folder.Target);
        var paths = new FolderPaths();
        // A source answers one reading at a time, so its folders are all read before the first one's items.
        foreach (var folder in await source.GetFoldersAsync(ct).ToListAsync(ct))
        {
            var path = paths.Of(folder);
            var found = counterparts.GetValueOrDefault(folder.Key) is { } counterpart
                ? VerifyFolderAsync(folder.Key, path, counterpart, ct)
                : MissingFolderAsync(folder.Key, path, ct);
            await foreach (var item in found)
                yield return item;
        }
    }

    private async IAsyncEnumerable<VerifiedItem> MissingFolderAsync(FolderKey folder, string path, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var item in source.GetItemsAsync(folder, ct))
            yield return new VerifiedItem(path, item, VerificationOutcome.Missing, null, null, "Its folder was made after the last sync.");
    }

    private async IAsyncEnumerable<VerifiedItem> VerifyFolderAsync(
        FolderKey folder, string path, TargetFolderId counterpart, [EnumeratorCancellation] CancellationToken ct)
    {
        var listed = await calls.RunAsync(() => TargetListing.ReadAsync(target, counterpart, ct), ct);
        var batch = new List<Expected>(BatchSize);
        await foreach (var item in source.GetItemsAsync(folder, ct))
        {
            var entry = await ledger.FindAsync(item.Key, ct);
            if (Judge(path, item, entry, listed.Take(item.Key)) is { } judged)
                yield return judged;
            else
                batch.Add(new Expected(path, item, entry!));
            if (batch.Count < BatchSize)
                continue;
            foreach (var compared in await CompareAsync(batch, ct))
                yield return compared;
            batch.Clear();
        }

        foreach (var compared in await CompareAsync(batch, ct))
            yield return compared;
        foreach (var left in listed.Left)
            yield return await LeftAsync(path, left, ct);
    }

    /// <summary>What can be said without reading the item back; null when it must be.</summary>
    private static VerifiedItem? Judge(string path, ItemInfo item, LedgerEntry? entry, IReadOnlyList<TargetItemInfo> found)
    {
        if (found.Count > 1)
            return Say(VerificationOutcome.Duplicated, $"The target holds it {found.Count} times.");
        if (entry is { State: LedgerState.Skipped } && entry.Item.Version == item.Version)
            return Say(VerificationOutcome.Skipped, entry.Reason ?? "It could not be copied.");
        if (found.Count == 0)
            return entry is { State: LedgerState.Copied }
                ? Say(VerificationOutcome.Missing, "It was copied, and the target's folder no longer holds it.")
                : Say(VerificationOutcome.Missing, "It was not copied yet.");
        if (entry is not { State: LedgerState.Copied } || entry.Item.Version != item.Version)
            return Say(VerificationOutcome.Stale, "The source changed it after the last sync.");
        return found[0].Version == item.Version ? null : Say(VerificationOutcome.Stale, "The target holds an older version of it.");

        VerifiedItem Say(VerificationOutcome outcome, string reason) =>
            new(path, item, outcome, entry?.Digest, found.Count > 0 ? found[0].Item : null, reason, KeptAside: entry?.KeptAside);
    }

    private async Task<IReadOnlyList<VerifiedItem>> CompareAsync(List<Expected> batch, CancellationToken ct)
    {
        if (batch.Count == 0)
            return [];
        var exported = await calls.RunAsync(() => ExportAsync(batch, ct), ct);
        return [.. batch.Select(expected => Compare(expected, exported.GetValueOrDefault(expected.Target.Id)))];
    }

    private async Task<Dictionary<string, ExportedItem>> ExportAsync(List<Expected> batch, CancellationToken ct)
    {
        var exported = new Dictionary<string, ExportedItem>();
        await foreach (var item in target.ExportAsync([.. batch.Select(expected => expected.Target)], ct))
        {
            if (item.Fault is { IsTransient: true } or { Scope: not FaultScope.Item })
                throw item.Fault;
            exported[item.Item.Id] = item;
        }

        return exported;
    }

    private VerifiedItem Compare(Expected expected, ExportedItem? exported)
    {
        if (exported?.Digest is not { } digest)
            return Say(VerificationOutcome.Mismatched, $"The target would not give it back: {exported?.Fault?.Message ?? "no answer"}");
        if (digest != expected.Entry.Digest)
            return Say(VerificationOutcome.Mismatched, $"Its content differs at the target: {digest}.{Known(expected.Entry)}") with { KeptAside = expected.Entry.KeptAside };
        if (!target.Capabilities.SupportsReadState || exported.IsRead == expected.Item.IsRead)
            return Say(VerificationOutcome.Verified, null);
        return expected.Entry.Item.IsRead != expected.Item.IsRead
            ? Say(VerificationOutcome.Stale, "The source changed its read state after the last sync.")
            : Say(VerificationOutcome.Mismatched, "Its content is equal, its read state differs.") with { ReadStateOnly = true };

        VerifiedItem Say(VerificationOutcome outcome, string? reason) =>
            new(expected.FolderPath, expected.Item, outcome, expected.Entry.Digest, expected.Target, reason);
    }

    /// <summary>That it did not arrive whole may have been known when it was copied.</summary>
    private static string Known(LedgerEntry entry) => entry is { KeptAside: not null, Reason: { } reason } ? $" {reason}" : "";

    /// <summary>The target has it, the source no longer.</summary>
    private async Task<VerifiedItem> LeftAsync(string path, TargetItemInfo left, CancellationToken ct)
    {
        var entry = await ledger.FindAsync(left.Key!.Value, ct);
        var item = entry?.Item ?? new ItemInfo(left.Key.Value, left.Version ?? "", false, "", null, null, 0);
        return new VerifiedItem(
            path, item, VerificationOutcome.Stale, entry?.Digest, left.Item, "The source no longer has it, the target still does.")
        {
            IsAtSource = false,
        };
    }

    private sealed record Expected(string FolderPath, ItemInfo Item, LedgerEntry Entry)
    {
        public TargetItem Target => Entry.Target!;
    }
}
