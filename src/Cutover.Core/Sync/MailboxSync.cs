using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;

namespace Cutover.Core.Sync;

/// <summary>
/// One pass over one mailbox: brings the target to where the source is. It goes on from the ledger, so a pass that was cut short anywhere may be
/// run again; nothing is lost and nothing comes twice.
/// </summary>
/// <param name="targetGate">The gate of the target's endpoint, shared by all its mailboxes.</param>
public sealed class MailboxSync(
    IMailboxSource source, IMailboxTarget target, IItemLedger ledger, IKeptAside keptAside, FaultPolicy policy, EndpointGate targetGate,
    ISyncObserver observer, TimeProvider clock)
{
    /// <summary>
    /// Runs the pass and tells what it did. Item faults end in the ledger; any other <see cref="Faults.MigrationFault"/> ends the pass and is thrown,
    /// for <see cref="FaultPolicy.Decide"/>.
    /// </summary>
    public async Task<SyncPass> RunAsync(CancellationToken ct)
    {
        var progress = new ProgressMeter(observer, targetGate, clock);
        var calls = new TargetCalls(policy, targetGate, clock, progress.Retry);
        var copier = new ItemCopier(target, ledger, keptAside, calls, progress, clock);
        var mirror = new FolderMirror(source, target, ledger, copier, calls);

        await ledger.BeginPassAsync(ct);
        var folders = await mirror.EnsureAsync(ct);
        progress.Begin(await ledger.GetTotalsAsync(ct), folders.Sum(folder => folder.Folder.ItemCount));
        progress.Add(pass => pass with { Folders = folders.Count });
        foreach (var folder in folders)
            await SyncFolderAsync(folder, copier, progress, ct);
        await mirror.RemoveGoneAsync(folders, ct);
        progress.Enter(null);
        return progress.Pass;
    }

    private Task SyncFolderAsync(LedgerFolder folder, ItemCopier copier, ProgressMeter progress, CancellationToken ct)
    {
        progress.Enter(folder.Folder.Name);
        return new FolderSync(source, ledger, copier, folder, Math.Max(1, target.Capabilities.MaxConcurrentRequests)).RunAsync(ct);
    }
}
