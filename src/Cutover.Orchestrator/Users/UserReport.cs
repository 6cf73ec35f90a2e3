using Cutover.Core.Batches;

namespace Cutover.Orchestrator.Users;

/// <summary>Counters as grains keep and send them; the meaning is <see cref="SyncCounts"/>'.</summary>
[GenerateSerializer, Immutable]
public sealed record UserCounts(
    [property: Id(0)] long Items, [property: Id(1)] long Skipped, [property: Id(2)] long Deleted, [property: Id(3)] long Bytes,
    [property: Id(4)] long IncrementalItems, [property: Id(5)] long Folders, [property: Id(6)] long RoundTrips, [property: Id(7)] long Requests)
{
    public static UserCounts None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    public SyncCounts ToSyncCounts() => new(Items, Skipped, Deleted, Bytes, IncrementalItems, Folders, RoundTrips, Requests);
}

/// <summary>A user as it tells its batch; the meaning is <see cref="UserStatus"/>'.</summary>
[GenerateSerializer, Immutable]
public sealed record UserReport(
    [property: Id(0)] string User, [property: Id(1)] MigrationUserStatus Status, [property: Id(2)] UserCounts Counts, [property: Id(3)] long ItemsTotal,
    [property: Id(4)] double ItemsPerSecond, [property: Id(5)] double BytesPerSecond, [property: Id(6)] string? CurrentFolder,
    [property: Id(7)] DateTimeOffset? LastSynced, [property: Id(8)] string? Error, [property: Id(9)] string? NextStep,
    [property: Id(10)] string? Waiting, [property: Id(11)] DateTimeOffset? Began, [property: Id(12)] DateTimeOffset? Copied)
{
    public UserStatus ToStatus(MigrationUser user) => new(
        user, Status, Counts.ToSyncCounts(), ItemsTotal, ItemsPerSecond, BytesPerSecond, CurrentFolder, LastSynced, Error, NextStep, Waiting)
    {
        Began = Began,
        Copied = Copied,
    };
}

/// <summary>What of a user survives the process. The ledger knows the items; this knows the status and what was counted.</summary>
[GenerateSerializer]
public sealed class MigrationUserState
{
    [Id(0)]
    public MigrationUserStatus Status { get; set; } = MigrationUserStatus.Queued;

    /// <summary>The administrator started it and did not stop it since.</summary>
    [Id(1)]
    public bool IsStarted { get; set; }

    [Id(2)]
    public UserCounts Counts { get; set; } = UserCounts.None;

    [Id(3)]
    public long ItemsTotal { get; set; }

    [Id(4)]
    public DateTimeOffset? LastSynced { get; set; }

    [Id(5)]
    public string? Error { get; set; }

    [Id(6)]
    public string? NextStep { get; set; }

    /// <summary>When the first copy began.</summary>
    [Id(7)]
    public DateTimeOffset? Began { get; set; }

    /// <summary>When the first copy was done.</summary>
    [Id(8)]
    public DateTimeOffset? Copied { get; set; }

    /// <summary>A pass was asked for, or failed, and none has begun since.</summary>
    [Id(9)]
    public bool IsSyncOwed { get; set; }
}
