using Cutover.Core.Batches;
using Cutover.Orchestrator.Users;
using Orleans.Concurrency;

namespace Cutover.Orchestrator.Batches;

/// <summary>One cutover batch: its status, which is a reading of its users'. Its key is the batch's name; the definition is in the store.</summary>
public interface IMigrationBatchGrain : IGrainWithStringKey
{
    /// <summary>Takes up the definition as the store has it now.</summary>
    Task DefineAsync(string actor);

    /// <summary>The settings changed: what runs with the old ones is cut short and goes on from the ledger with the new.</summary>
    Task ReconnectAsync();

    Task StartAsync(string actor);

    /// <summary>Starts again what failed.</summary>
    Task RetryFailedAsync(string actor);

    /// <summary>Lets one mailbox go on that failed over its skipped items.</summary>
    Task ApproveAsync(string user, string actor);

    /// <summary>Records what was done to the batch that did not change its status.</summary>
    Task NoteAsync(string what, string actor);

    Task StopAsync(string actor);

    Task SyncNowAsync(string actor);

    /// <summary>Goes on with what an earlier process left under way.</summary>
    Task ResumeAsync();

    Task RemoveAsync(string actor);

    /// <summary>A user tells how it stands.</summary>
    Task ReportAsync(UserReport report);

    [AlwaysInterleave]
    Task<BatchReport> GetReportAsync();

    /// <summary>The report as soon as it is newer than <paramref name="version"/>; after some seconds as it is.</summary>
    [AlwaysInterleave]
    Task<BatchReport> WaitForChangeAsync(long version);
}

/// <summary>A batch and its users at a moment. <paramref name="Version"/> grows with each change.</summary>
[GenerateSerializer, Immutable]
public sealed record BatchReport(
    [property: Id(0)] MigrationBatchStatus Status, [property: Id(1)] DateTimeOffset Created, [property: Id(2)] DateTimeOffset? Started,
    [property: Id(3)] IReadOnlyList<UserReport> Users, [property: Id(4)] long Version);

/// <summary>What of a batch survives the process.</summary>
[GenerateSerializer]
public sealed class MigrationBatchState
{
    [Id(0)]
    public MigrationBatchStatus Status { get; set; } = MigrationBatchStatus.Created;

    [Id(1)]
    public DateTimeOffset? Created { get; set; }

    [Id(2)]
    public DateTimeOffset? Started { get; set; }
}
