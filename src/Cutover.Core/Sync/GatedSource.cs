using System.Runtime.CompilerServices;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;

namespace Cutover.Core.Sync;

/// <summary>
/// A source behind its endpoint's gate: it waits there before each item, and when the endpoint itself fails it closes the gate for all its mailboxes.
/// </summary>
public sealed class GatedSource(IMailboxSource source, EndpointGate gate, FaultPolicy policy, TimeProvider clock) : IMailboxSource
{
    public MailboxCapabilities Capabilities => source.Capabilities;

    public long RoundTrips => source.RoundTrips;

    public async Task<long> GetSizeAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        return await source.GetSizeAsync(ct);
    }

    public IAsyncEnumerable<MailboxFolder> GetFoldersAsync(CancellationToken ct) => GateAsync(source.GetFoldersAsync(ct), ct);

    public IAsyncEnumerable<FolderChange> GetChangesAsync(FolderKey folder, SyncState? since, CancellationToken ct) =>
        GateAsync(source.GetChangesAsync(folder, since, ct), ct);

    public IAsyncEnumerable<ItemInfo> GetItemsAsync(FolderKey folder, CancellationToken ct) => GateAsync(source.GetItemsAsync(folder, ct), ct);

    public async Task<MailboxSettings> GetSettingsAsync(IReadOnlyList<MailboxFolder> folders, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        return await source.GetSettingsAsync(folders, ct);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async IAsyncEnumerable<T> GateAsync<T>(IAsyncEnumerable<T> reading, [EnumeratorCancellation] CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        await using var enumerator = reading.GetAsyncEnumerator(ct);
        while (await MoveNextAsync(enumerator))
        {
            if (enumerator.Current is Upserted { Item: var item }) gate.Spend(item.StreamLength);
            yield return enumerator.Current;
            await gate.WaitAsync(ct);
        }
    }

    private async ValueTask<bool> MoveNextAsync<T>(IAsyncEnumerator<T> enumerator)
    {
        var (began, trips) = (clock.GetTimestamp(), source.RoundTrips);
        try
        {
            return await enumerator.MoveNextAsync();
        }
        catch (MigrationFault fault) when (policy.Decide(fault, attempt: 1) is PauseEndpoint(var duration))
        {
            gate.Pause(duration);
            throw;
        }
        finally
        {
            gate.Observe(clock.GetElapsedTime(began), source.RoundTrips - trips);
        }
    }
}
