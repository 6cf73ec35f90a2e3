using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;
using Cutover.Core.Sync;
using Cutover.Orchestrator.Endpoints;
using Cutover.Orchestrator.Hosting;
using Cutover.Orchestrator.Storage;

namespace Cutover.Orchestrator.Users;

/// <summary>Opens both ends of a mailbox, with gates before them.</summary>
internal sealed class MailboxConnector(IEndpointFactory endpoints, EndpointGates gates, FaultPolicy policy)
{
    public async Task<MailboxConnection> OpenAsync(MigrationBatch batch, MigrationUser user, CancellationToken ct)
    {
        var source = await OpenAsync(gates[batch.Source.Name], () => endpoints.OpenSourceAsync(batch.Source, user.Source, ct), ct);
        try
        {
            var target = await OpenAsync(gates[batch.Target.Name], () => endpoints.OpenTargetAsync(batch.Target, user.Target, ct), ct);
            return new MailboxConnection(new GatedSource(source, gates[batch.Source.Name], policy), target, gates[batch.Target.Name]);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    private async Task<T> OpenAsync<T>(EndpointGate gate, Func<Task<T>> open, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            return await open();
        }
        catch (Core.Faults.MigrationFault fault) when (policy.Decide(fault, attempt: 1) is PauseEndpoint(var duration))
        {
            gate.Pause(duration);
            throw;
        }
    }
}

/// <summary>Both ends of a mailbox, open.</summary>
internal sealed record MailboxConnection(IMailboxSource Source, IMailboxTarget Target, EndpointGate TargetGate) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}

/// <summary>The latest snapshot of a pass, for whoever looks.</summary>
internal sealed class ProgressBoard : ISyncObserver
{
    private volatile SyncProgress? latest;

    public SyncProgress? Latest => latest;

    public void OnProgress(SyncProgress progress) => latest = progress;
}

/// <summary>One pass over one mailbox, away from any grain: bytes flow here.</summary>
internal sealed class MailboxPass(SqliteDatabase database, FaultPolicy policy, OrchestratorOptions options, TimeProvider clock)
{
    public async Task<SyncPass> RunAsync(
        MigrationBatch batch, MigrationUser user, MailboxConnection connection, ISyncObserver observer, CancellationToken ct)
    {
        var ledger = await SqliteItemLedger.OpenAsync(database, batch.Name.Value, user.Source.LegacyExchangeDN, ct);
        var keptAside = new KeptAsideFolder(options.WorkDirectory, user.Name);
        return await new MailboxSync(connection.Source, connection.Target, ledger, keptAside, policy, connection.TargetGate, observer, clock).RunAsync(ct);
    }

    public async Task<LedgerTotals> GetTotalsAsync(MigrationBatch batch, MigrationUser user, CancellationToken ct) =>
        await (await SqliteItemLedger.OpenAsync(database, batch.Name.Value, user.Source.LegacyExchangeDN, ct)).GetTotalsAsync(ct);
}
