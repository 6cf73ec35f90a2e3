using Cutover.Core.Batches;
using Cutover.Core.Ledger;
using Cutover.Core.Sync;
using Cutover.Core.Telemetry;
using Cutover.Orchestrator.Hosting;
using Cutover.Orchestrator.Storage;

namespace Cutover.Orchestrator.Users;

/// <summary>One pass over one mailbox, away from any grain: bytes flow here.</summary>
internal sealed class MailboxPass(CutoverDatabase database, FaultPolicy policy, OrchestratorOptions options, TimeProvider clock)
{
    public async Task<SyncPass> RunAsync(
        MigrationBatch batch, MigrationUser user, MailboxConnection connection, ISyncObserver observer, CancellationToken ct)
    {
        using var span = EngineTelemetry.StartPass(batch.Name.Value, user.Name);
        var ledger = await DatabaseItemLedger.OpenAsync(database, batch.Name.Value, user.Source.LegacyExchangeDN, ct);
        var keptAside = new KeptAsideFolder(options.WorkDirectory, user.Name);
        return await new MailboxSync(connection.Source, connection.Target, ledger, keptAside, policy, connection.TargetGate, observer, clock).RunAsync(ct);
    }

    public async Task<LedgerTotals> GetTotalsAsync(MigrationBatch batch, MigrationUser user, CancellationToken ct) =>
        await (await DatabaseItemLedger.OpenAsync(database, batch.Name.Value, user.Source.LegacyExchangeDN, ct)).GetTotalsAsync(ct);
}
