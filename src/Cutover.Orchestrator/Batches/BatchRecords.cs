using System.Runtime.CompilerServices;
using Cutover.Core.Batches;
using Cutover.Core.Faults;
using Cutover.Core.Verification;
using Cutover.Orchestrator.Hosting;
using Cutover.Orchestrator.Storage;

namespace Cutover.Orchestrator.Batches;

/// <summary>What is recorded of batches, for whoever looks at it or answers for it; the engine need not run.</summary>
public sealed class BatchRecords(CutoverDatabase database, BatchStore batches, TimeProvider clock)
{
    /// <summary>Opens the records of a cutover whose engine does not run in this process.</summary>
    public static async Task<T> ReadAsync<T>(OrchestratorOptions options, TimeProvider clock, Func<BatchRecords, Task<T>> work)
    {
        await using var database = CutoverOrchestrator.OpenDatabase(options, clock);
        return await work(new BatchRecords(database, new BatchStore(database), clock));
    }

    /// <summary>Every change of state of the batch and its users, oldest first; also of removed batches.</summary>
    public IAsyncEnumerable<StateChange> GetHistoryAsync(BatchName name, CancellationToken ct) => batches.GetHistoryAsync(name, ct);

    /// <inheritdoc cref="IMigrationService.GetApprovalsAsync"/>
    public Task<IReadOnlyList<SkipApproval>> GetApprovalsAsync(BatchName name, CancellationToken ct) => batches.GetApprovalsAsync(name, ct);

    /// <inheritdoc cref="IMigrationService.GetSkippedAsync"/>
    public async IAsyncEnumerable<SkippedItem> GetSkippedAsync(BatchName name, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var user in (await ExistingAsync(name, ct)).Users)
        {
            var ledger = await OpenAsync(name, user, ct);
            var paths = FolderPaths.OfAll((await ledger.GetFoldersAsync(ct)).Select(folder => folder.Folder));
            await foreach (var entry in ledger.GetSkippedAsync(ct))
                yield return new SkippedItem(user.Name, paths.GetValueOrDefault(entry.Folder, ""), entry);
        }
    }

    /// <summary>Records that a person accepts the loss of what is skipped in the mailbox by now; the batch's next start lets it go on.</summary>
    /// <returns>The mailbox's name as the batch has it.</returns>
    public async Task<string> ApproveSkippedAsync(BatchName name, string user, string actor, string reason, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(actor) || string.IsNullOrWhiteSpace(reason))
            throw new MigrationFault(FaultScope.Operator, "An approval needs a person and a reason.", "Give both.");
        var approved = (await ExistingAsync(name, ct)).Users.SingleOrDefault(one => one.Name.Equals(user, StringComparison.OrdinalIgnoreCase))
            ?? throw new MigrationFault(FaultScope.Operator, $"The batch {name} has no mailbox {user}.", "Name it by its primary SMTP address at the source.");
        var totals = await (await OpenAsync(name, approved, ct)).GetTotalsAsync(ct);
        await batches.AddApprovalAsync(name, new SkipApproval(clock.GetUtcNow(), approved.Name, totals.Skipped, actor, reason), ct);
        return approved.Name;
    }

    /// <summary>The batch's definition.</summary>
    /// <exception cref="MigrationFault">There is none of this name.</exception>
    public async Task<MigrationBatch> ExistingAsync(BatchName name, CancellationToken ct) => await batches.FindAsync(name, ct)
        ?? throw new MigrationFault(FaultScope.Operator, $"There is no migration batch {name}.", "Create it first.");

    private Task<DatabaseItemLedger> OpenAsync(BatchName name, MigrationUser user, CancellationToken ct) =>
        DatabaseItemLedger.OpenAsync(database, name.Value, user.Source.LegacyExchangeDN, ct);
}
