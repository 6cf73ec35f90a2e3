using Cutover.Core.Batches;
using Orleans.Concurrency;

namespace Cutover.Orchestrator.Users;

/// <summary>One mailbox of one batch: its status, and the one loop that keeps its target in step. Its key is <see cref="UserKey"/>.</summary>
public interface IMigrationUserGrain : IGrainWithStringKey
{
    /// <summary>Starts or resumes it, also after a failure.</summary>
    Task StartAsync(string actor);

    /// <summary>Stops after the items that are on their way.</summary>
    Task StopAsync(string actor);

    /// <summary>Begins a pass after this call, at once unless one is running.</summary>
    Task SyncNowAsync(string actor);

    /// <summary>Sees to it that the loop runs if it should, and cuts short what it waits for.</summary>
    Task WakeAsync();

    /// <summary>Cuts short what runs and goes on from the ledger with the definition as it is now.</summary>
    Task ReconnectAsync();

    /// <summary>No further passes; the final status.</summary>
    Task RemoveAsync(string actor);

    [AlwaysInterleave]
    Task<UserReport> GetReportAsync();
}

/// <summary>Names a user's grain: batch and user.</summary>
internal readonly record struct UserKey(BatchName Batch, string User)
{
    public static UserKey Parse(string key)
    {
        var cut = key.IndexOf('/', StringComparison.Ordinal);
        return new UserKey(BatchName.Parse(key[..cut]), key[(cut + 1)..]);
    }

    public override string ToString() => $"{Batch}/{User}";
}
