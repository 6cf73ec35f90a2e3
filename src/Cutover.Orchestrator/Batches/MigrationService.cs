using System.Runtime.CompilerServices;
using Cutover.Core.Batches;
using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Orchestrator.Endpoints;
using Cutover.Orchestrator.Storage;

namespace Cutover.Orchestrator.Batches;

/// <summary>The engine's front door: definitions go into the store, wishes to the batch's grain.</summary>
internal sealed class MigrationService(
    IGrainFactory grains, BatchStore batches, SqliteDatabase database, BatchVerifier verifier, EndpointGates gates, TimeProvider clock)
    : IMigrationService
{
    private const string Administrator = "administrator";

    public async Task<BatchStatus> EnsureBatchAsync(MigrationBatch batch, CancellationToken ct)
    {
        await RefuseSecondBatchAsync(batch.Name);
        var known = batches.Find(batch.Name);
        if (known is not null && (await Grain(batch.Name).GetReportAsync()).Status.IsFinal())
            return await ReadAsync(batch.Name);
        var isNews = await batches.SaveAsync(Merge(known, batch), clock.GetUtcNow(), ct);
        await Grain(batch.Name).DefineAsync(Administrator);
        if (isNews)
            await ReconnectAsync(batch);
        return await ReadAsync(batch.Name);
    }

    public Task StartAsync(BatchName name, string actor, CancellationToken ct) => Existing(name).StartAsync(actor);

    public Task StopAsync(BatchName name, string actor, CancellationToken ct) => Existing(name).StopAsync(actor);

    public Task SyncNowAsync(BatchName name, string actor, CancellationToken ct) => Existing(name).SyncNowAsync(actor);

    public async Task<BatchStatus?> GetStatusAsync(BatchName name, CancellationToken ct) =>
        batches.Find(name) is null ? null : await ReadAsync(name);

    public async IAsyncEnumerable<BatchStatus> WatchAsync(BatchName name, TimeSpan interval, [EnumeratorCancellation] CancellationToken ct)
    {
        var grain = Existing(name);
        for (var report = await grain.GetReportAsync(); ; report = await grain.WaitForChangeAsync(report.Version).WaitAsync(ct))
        {
            yield return Status(name, report);
            await Task.Delay(interval, clock, ct);
        }
    }

    public async Task<BatchStatus> WaitUntilSyncedAsync(BatchName name, DateTimeOffset moment, CancellationToken ct)
    {
        var grain = Existing(name);
        var report = await grain.GetReportAsync();
        while (!report.Users.All(user => user.LastSynced >= moment || WaitsForAdministrator(user.Status)))
        {
            report = await grain.WaitForChangeAsync(report.Version).WaitAsync(ct);
            database.RequireRoom();
        }
        return Status(name, report);
    }

    public Task<BatchVerification> VerifyAsync(
        BatchName name, IReadOnlyDictionary<string, IReadOnlyList<ProvisioningFinding>> leftBehind, IProgress<VerificationProgress>? progress, CancellationToken ct) =>
        verifier.VerifyAsync(batches.Find(name) ?? throw Unknown(name), leftBehind, progress, ct);

    public Task RemoveAsync(BatchName name, string actor, CancellationToken ct) => Existing(name).RemoveAsync(actor);

    public IAsyncEnumerable<StateChange> GetHistoryAsync(BatchName name, CancellationToken ct) => batches.GetHistoryAsync(name, ct);

    /// <summary>One cutover batch at a time (S52).</summary>
    private async Task RefuseSecondBatchAsync(BatchName name)
    {
        foreach (var other in batches.Names().Where(other => other != name))
        {
            if (!(await Grain(other).GetReportAsync()).Status.IsFinal())
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
    private Task ReconnectAsync(MigrationBatch batch)
    {
        gates[batch.Source.Name].Lift();
        gates[batch.Target.Name].Lift();
        return Grain(batch.Name).ReconnectAsync();
    }

    private IMigrationBatchGrain Grain(BatchName name) => grains.GetGrain<IMigrationBatchGrain>(name.Value);

    private IMigrationBatchGrain Existing(BatchName name) => batches.Find(name) is null ? throw Unknown(name) : Grain(name);

    private async Task<BatchStatus> ReadAsync(BatchName name) => Status(name, await Grain(name).GetReportAsync());

    private BatchStatus Status(BatchName name, BatchReport report)
    {
        var reports = report.Users.ToDictionary(user => user.User);
        var batch = batches.Find(name);
        IReadOnlyList<UserStatus> users = [.. (batch?.Users ?? []).Where(user => reports.ContainsKey(user.Name)).Select(user => reports[user.Name].ToStatus(user))];
        return new BatchStatus(name, report.Status, report.Created, report.Started, users)
        {
            Forecast = batch is null ? null : BatchForecast.Of(users, Permits.AtOnce(batch), clock.GetUtcNow()),
        };
    }

    private static bool WaitsForAdministrator(MigrationUserStatus status) =>
        status.Summary() is MigrationStatusSummary.Failed or MigrationStatusSummary.Stopped or MigrationStatusSummary.Completed;

    private static MigrationFault Unknown(BatchName name) =>
        new(FaultScope.Operator, $"There is no migration batch {name}.", "Create it first.");
}
