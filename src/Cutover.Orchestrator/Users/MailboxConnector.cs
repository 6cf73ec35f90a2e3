using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Core.Sync;
using Cutover.Orchestrator.Endpoints;

namespace Cutover.Orchestrator.Users;

/// <summary>Opens both ends of a mailbox, with gates before them.</summary>
internal sealed class MailboxConnector(IEndpointFactory endpoints, EndpointGates gates, FaultPolicy policy, TimeProvider clock)
{
    public async Task<MailboxConnection> OpenAsync(MigrationBatch batch, MigrationUser user, CancellationToken ct)
    {
        var (sourceGate, targetGate) = (gates.Open(batch.Source), gates.Open(batch.Target));
        var source = await OpenAsync(sourceGate, () => endpoints.OpenSourceAsync(batch.Source, user.Source, ct), ct);
        try
        {
            var target = await OpenAsync(targetGate, () => endpoints.OpenTargetAsync(batch.Target, user.Target, ct), ct);
            return new MailboxConnection(new GatedSource(source, sourceGate, policy, clock), target, sourceGate, targetGate);
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
        catch (MigrationFault fault) when (policy.Decide(fault, attempt: 1) is PauseEndpoint(var duration))
        {
            gate.Pause(duration);
            throw;
        }
    }
}

/// <summary>Both ends of a mailbox, open.</summary>
internal sealed record MailboxConnection(IMailboxSource Source, IMailboxTarget Target, EndpointGate SourceGate, EndpointGate TargetGate)
    : IAsyncDisposable
{
    /// <summary>Which side is waited for and why; null when neither is.</summary>
    public string? Waiting => SourceGate.Waiting ?? TargetGate.Waiting;

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}
