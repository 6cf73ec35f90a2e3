using System.Runtime.CompilerServices;
using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Orchestrator.Endpoints;
using Cutover.Orchestrator.Storage;

namespace Cutover.Orchestrator.Batches;

/// <summary>The engine's front door: definitions go into the store, wishes to the batch's grain.</summary>
internal sealed class MigrationService(
    IGrainFactory grains, BatchStore batches, CutoverDatabase database, BatchVerifier verifier, BatchRecords records, EndpointGates gates, TimeProvider clock)
    : IMigrationService
{
    private const string Administrator = "administrator";

    // Together more than a hung host takes to be declared dead.
    private const int Attempts = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A large batch changes thousands of times a second, and each look goes over all its users.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    public async Task<BatchStatus> EnsureBatchAsync(MigrationBatch batch, CancellationToken ct)
    {
        await RefuseSecondBatchAsync(batch.Name, ct);
        var known = await batches.FindAsync(batch.Name, ct);
        if (known is not null && (await AskAsync(batch.Name, grain => grain.GetReportAsync(), ct)).Status.IsFinal())
            return await ReadAsync(batch.Name, ct);
        var isNews = await batches.SaveAsync(Merge(known, batch), clock.GetUtcNow(), ct);
        await TellAsync(batch.Name, grain => grain.DefineAsync(Administrator), ct);
        if (isNews)
            await ReconnectAsync(batch, ct);
        return await ReadAsync(batch.Name, ct);
    }

    public string? Trouble => database.Trouble;

    public Task StartAsync(BatchName name, string actor, CancellationToken ct) => TellAsync(name, grain => grain.StartAsync(actor), ct);

    public Task RetryFailedAsync(BatchName name, string actor, CancellationToken ct) => TellAsync(name, grain => grain.RetryFailedAsync(actor), ct);

    public async Task SetConcurrencyAsync(
        BatchName name, string endpoint, int maxConcurrentMigrations, int maxConcurrentIncrementalSyncs, string actor, CancellationToken ct)
    {
        if (maxConcurrentMigrations < 1 || maxConcurrentIncrementalSyncs < 1)
            throw new MigrationFault(FaultScope.Operator, $"{endpoint} can't have fewer than one mailbox at once.", "Give at least 1, or stop the batch.");
        MigrationEndpoint Change(MigrationEndpoint one) => one.Name != endpoint ? one
            : one with { MaxConcurrentMigrations = maxConcurrentMigrations, MaxConcurrentIncrementalSyncs = maxConcurrentIncrementalSyncs };
        var batch = await records.ExistingAsync(name, ct);
        if (batch.Source.Name != endpoint && batch.Target.Name != endpoint)
            throw new MigrationFault(FaultScope.Operator, $"The batch {name} has no endpoint {endpoint}.", $"Its endpoints are {batch.Source.Name} and {batch.Target.Name}.");
        var changed = batch with { Source = Change(batch.Source), Target = Change(batch.Target) };
        if (!await batches.SaveAsync(changed, clock.GetUtcNow(), ct)) return;
        var grain = grains.GetGrain<IMigrationEndpointGrain>(endpoint);
        foreach (var kind in Enum.GetValues<PermitKind>())
            await grain.SetBoundsAsync(kind, Permits.Bounds(changed.Source.Name == endpoint ? changed.Source : changed.Target, kind));
        await TellAsync(name, one => one.NoteAsync($"{endpoint}: {maxConcurrentMigrations} mailboxes copied and {maxConcurrentIncrementalSyncs} synced at once", actor), ct);
    }

    public IAsyncEnumerable<SkippedItem> GetSkippedAsync(BatchName name, CancellationToken ct) => records.GetSkippedAsync(name, ct);

    public async Task ApproveSkippedAsync(BatchName name, string user, string actor, string reason, CancellationToken ct)
    {
        var approved = await records.ApproveSkippedAsync(name, user, actor, reason, ct);
        await TellAsync(name, grain => grain.ApproveAsync(approved, actor), ct);
    }

    public Task<IReadOnlyList<SkipApproval>> GetApprovalsAsync(BatchName name, CancellationToken ct) => records.GetApprovalsAsync(name, ct);

    public Task StopAsync(BatchName name, string actor, CancellationToken ct) => TellAsync(name, grain => grain.StopAsync(actor), ct);

    public Task SyncNowAsync(BatchName name, string actor, CancellationToken ct) => TellAsync(name, grain => grain.SyncNowAsync(actor), ct);

    public async Task<BatchStatus?> GetStatusAsync(BatchName name, CancellationToken ct) =>
        await batches.FindAsync(name, ct) is null ? null : await ReadAsync(name, ct);

    public async IAsyncEnumerable<BatchStatus> WatchAsync(BatchName name, TimeSpan interval, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var report = await AskAsync(name, grain => grain.GetReportAsync(), ct); ; report = await AskAsync(name, grain => grain.WaitForChangeAsync(report.Version), ct))
        {
            yield return await StatusAsync(name, report, ct);
            await Task.Delay(interval, clock, ct);
        }
    }

    public async Task<BatchStatus> WaitUntilSyncedAsync(BatchName name, DateTimeOffset moment, CancellationToken ct)
    {
        var report = await AskAsync(name, grain => grain.GetReportAsync(), ct);
        for (; !report.Users.All(user => user.LastSynced >= moment || WaitsForAdministrator(user.Status)); await Task.Delay(BetweenLooks, clock, ct))
            report = await AskAsync(name, grain => grain.WaitForChangeAsync(report.Version), ct);
        return await StatusAsync(name, report, ct);
    }

    public async Task<BatchVerification> VerifyAsync(
        BatchName name, IReadOnlyDictionary<string, IReadOnlyList<ProvisioningFinding>> leftBehind, IProgress<VerificationProgress>? progress, CancellationToken ct) =>
        await verifier.VerifyAsync(await records.ExistingAsync(name, ct), leftBehind, progress, ct);

    public Task RemoveAsync(BatchName name, string actor, CancellationToken ct) => TellAsync(name, grain => grain.RemoveAsync(actor), ct);

    public IAsyncEnumerable<StateChange> GetHistoryAsync(BatchName name, CancellationToken ct) => records.GetHistoryAsync(name, ct);

    /// <summary>One cutover batch at a time (S52).</summary>
    private async Task RefuseSecondBatchAsync(BatchName name, CancellationToken ct)
    {
        foreach (var other in (await batches.GetNamesAsync(ct)).Where(other => other != name))
        {
            if (!(await AskAsync(other, grain => grain.GetReportAsync(), ct)).Status.IsFinal())
                throw new MigrationFault(
                    FaultScope.Operator, $"The batch {name} can't be created while the batch {other} is there: one cutover batch at a time.",
                    $"Finish and remove {other} first.");
        }
    }

    /// <summary>Settings are replaced and users added; a user that is in once stays in.</summary>
    private static MigrationBatch Merge(MigrationBatch? known, MigrationBatch wanted)
    {
        var named = wanted.Users.Select(user => user.Source.LegacyExchangeDN).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var others = known?.Users.Where(user => !named.Contains(user.Source.LegacyExchangeDN)) ?? [];
        return wanted with { Users = [.. wanted.Users, .. others] };
    }

    /// <summary>What an endpoint asked for under its old settings need not hold under the new ones.</summary>
    private Task ReconnectAsync(MigrationBatch batch, CancellationToken ct)
    {
        gates[batch.Source.Name].Lift();
        gates[batch.Target.Name].Lift();
        return TellAsync(batch.Name, grain => grain.ReconnectAsync(), ct);
    }

    private Task TellAsync(BatchName name, Func<IMigrationBatchGrain, Task> tell, CancellationToken ct) =>
        AskAsync(name, async grain =>
        {
            await tell(grain);
            return true;
        }, ct);

    /// <summary>Asks the batch's grain; again when its host just ended and another takes it over.</summary>
    private async Task<T> AskAsync<T>(BatchName name, Func<IMigrationBatchGrain, Task<T>> ask, CancellationToken ct)
    {
        await records.ExistingAsync(name, ct);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask(grains.GetGrain<IMigrationBatchGrain>(name.Value)).WaitAsync(ct);
            }
            catch (Exception moving) when (attempt < Attempts && moving is OrleansException or TimeoutException)
            {
                await Task.Delay(Pause, clock, ct);
            }
        }
    }

    private async Task<BatchStatus> ReadAsync(BatchName name, CancellationToken ct) =>
        await StatusAsync(name, await AskAsync(name, grain => grain.GetReportAsync(), ct), ct);

    private async Task<BatchStatus> StatusAsync(BatchName name, BatchReport report, CancellationToken ct)
    {
        var reports = report.Users.ToDictionary(user => user.User);
        var batch = await records.ExistingAsync(name, ct);
        IReadOnlyList<UserStatus> users = [.. batch.Users.Where(user => reports.ContainsKey(user.Name)).Select(user => reports[user.Name].ToStatus(user))];
        return new BatchStatus(name, report.Status, report.Created, report.Started, users)
        {
            Forecast = BatchForecast.Of(users, Permits.AtOnce(batch), clock.GetUtcNow()),
        };
    }

    private static bool WaitsForAdministrator(MigrationUserStatus status) =>
        status.Summary() is MigrationStatusSummary.Failed or MigrationStatusSummary.Stopped or MigrationStatusSummary.Completed;
}
