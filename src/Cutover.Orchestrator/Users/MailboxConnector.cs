using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Core.Sync;
using Cutover.Orchestrator.Endpoints;

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
            return new MailboxConnection(
                new GatedSource(source, gates[batch.Source.Name], policy), target, gates[batch.Source.Name], gates[batch.Target.Name]);
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
    /// <summary>Which side asked for rest and until when; null when neither did.</summary>
    public string? Waiting =>
        SourceGate.PausedUntil is { } source ? $"The source asked for rest until {source:HH:mm:ss} UTC."
        : TargetGate.PausedUntil is { } target ? $"The target asked for rest until {target:HH:mm:ss} UTC."
        : null;

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}
