using System.Net;
using Cutover.Core.Batches;
using Cutover.Orchestrator.Hosting;
using Cutover.Orchestrator.Tests.Storage;
using Cutover.Tests;

namespace Cutover.Orchestrator.Tests.Hosting;

/// <summary>Three hosts over one PostgreSQL.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ClusterTests(PostgresServer server) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_share_the_mailboxes_and_the_endpoints_limit_and_one_that_leaves_hands_its_own_over()
    {
        var contoso = new FakeOrganisation(mailboxCount: 24, items: 30);
        var connectionString = await server.CreateDatabaseAsync();
        ClusterHost Named(string name) => new(name, connectionString, IPAddress.Loopback, SiloPort: 0);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var uploads = 0;
        foreach (var user in contoso.Names)
            contoso[user].Points.Pause = point =>
            {
                if (point == "upload:after" && Interlocked.Increment(ref uploads) == 100) reached.TrySetResult();
                return Task.CompletedTask;
            };
        await using var first = await OrchestratorHost.StartAsync(folder, contoso, Named("first"));
        var second = await OrchestratorHost.StartAsync(folder, contoso, Named("second"));
        await using var third = await OrchestratorHost.StartAsync(folder, contoso, Named("third"));
        await first.Service.EnsureBatchAsync(contoso.Batch, Ct);
        await first.Service.StartAsync(contoso.Batch.Name, "admin", Ct);

        await reached.Task.WaitAsync(Ct);
        await second.DisposeAsync();
        var synced = await third.Service.WaitUntilSyncedAsync(contoso.Batch.Name, DateTimeOffset.MinValue, Ct);

        Assert.All(synced.Users, user => Assert.Equal((MigrationUserStatus.Synced, null), (user.Status, user.Error)));
        contoso.AssertInStep();
        Assert.InRange(contoso.MostOpen, 1, 3);
    }

    public void Dispose() => folder.Dispose();
}
