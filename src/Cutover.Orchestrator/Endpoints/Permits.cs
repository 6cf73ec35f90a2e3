using Cutover.Core.Batches;
using Cutover.Core.Endpoints;

namespace Cutover.Orchestrator.Endpoints;

/// <summary>A mailbox's permits at both its endpoints for one pass; giving them back is disposing this.</summary>
internal sealed class Permits(IGrainFactory grains, string mailbox) : IAsyncDisposable
{
    /// <summary>Microsoft's own defaults, for endpoints whose fields were left blank (S49).</summary>
    private const int DefaultMigrations = 20;
    private const int DefaultIncrementalSyncs = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly PermitHolder holder = new(mailbox, Guid.NewGuid());
    private readonly List<IMigrationEndpointGrain> asked = [];

    /// <summary>Waits for a permit at each endpoint, always source before target, so that two mailboxes never wait for each other.</summary>
    /// <param name="find">The batch as it is defined now: its limits may change while somebody waits.</param>
    public async Task AcquireAsync(PermitKind kind, long urgency, Func<Task<MigrationBatch>> find, CancellationToken ct)
    {
        foreach (var side in new Func<MigrationBatch, MigrationEndpoint>[] { batch => batch.Source, batch => batch.Target })
        {
            var grain = grains.GetGrain<IMigrationEndpointGrain>(side(await find()).Name);
            asked.Add(grain);
            while (!await grain.TryAcquireAsync(holder, kind, Bounds(side(await find()), kind), urgency).WaitAsync(ct))
                ct.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A host that is leaving may not be heard any more: what it could not give back, the next pass of the mailbox takes back.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in asked)
        {
            try
            {
                await endpoint.ReleaseAsync(holder).WaitAsync(Patience);
            }
            catch (Exception unheard) when (unheard is TimeoutException or OrleansException)
            {
            }
        }
    }

    /// <summary>Takes back what an earlier process of this mailbox left behind.</summary>
    public static Task ForgetAsync(IGrainFactory grains, string mailbox, MigrationBatch batch) => Task.WhenAll(
        new[] { batch.Source, batch.Target }.Select(endpoint => grains.GetGrain<IMigrationEndpointGrain>(endpoint.Name).ForgetAsync(mailbox)));

    /// <summary>Mailboxes of the batch that may be copied at once.</summary>
    public static int AtOnce(MigrationBatch batch) => Math.Min(Limit(batch.Source, PermitKind.Migration), Limit(batch.Target, PermitKind.Migration));

    /// <summary>A source adapts to its health; a tenant throttles each mailbox by itself, which says nothing of the others.</summary>
    public static PermitBounds Bounds(MigrationEndpoint endpoint, PermitKind kind) =>
        new(endpoint.Type == MigrationEndpointType.OutlookAnywhere ? endpoint.Pace.MinConcurrentMigrations : Limit(endpoint, kind), Limit(endpoint, kind));

    private static int Limit(MigrationEndpoint endpoint, PermitKind kind) => kind switch
    {
        PermitKind.Migration => endpoint.MaxConcurrentMigrations > 0 ? endpoint.MaxConcurrentMigrations : DefaultMigrations,
        _ => endpoint.MaxConcurrentIncrementalSyncs > 0 ? endpoint.MaxConcurrentIncrementalSyncs : DefaultIncrementalSyncs,
    };
}
