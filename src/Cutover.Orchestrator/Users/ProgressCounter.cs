using Cutover.Core.Sync;

namespace Cutover.Orchestrator.Users;

/// <summary>The latest snapshot of a pass, for whoever looks.</summary>
internal sealed class ProgressBoard : ISyncObserver
{
    private volatile SyncProgress? latest;

    public SyncProgress? Latest => latest;

    public void OnProgress(SyncProgress progress) => latest = progress;
}

/// <summary>Adds what the running pass did so far to what was counted before it.</summary>
internal sealed class ProgressCounter
{
    private UserCounts before = UserCounts.None;
    private bool isIncremental;
    private MailboxConnection? connection;

    public ProgressBoard Board { get; private set; } = new();

    /// <summary>Whether the pass has done anything yet.</summary>
    public bool HasMoved => Board.Latest is { Pass: { Changes: > 0 } or { Skipped: > 0 } };

    /// <summary>Why the pass rests; null when it does not.</summary>
    public string? Waiting => connection?.Waiting;

    public void Begin(UserCounts counted, bool incremental, MailboxConnection over)
    {
        (before, isIncremental, connection) = (counted, incremental, over);
        Board = new ProgressBoard();
    }

    /// <summary>The counters now; those given when no pass has told anything.</summary>
    public (UserCounts Counts, long ItemsTotal) Read(UserCounts otherwise, long total)
    {
        if (connection is null || Board.Latest is not { } progress)
            return (otherwise, total);
        var skipped = progress.Before.Skipped + progress.Pass.Skipped;
        var counts = new UserCounts(
            Math.Max(0, progress.ItemsDone - skipped), skipped, progress.Before.Deleted + progress.Pass.Deleted, before.Bytes + progress.Pass.Bytes,
            before.IncrementalItems + (isIncremental ? progress.Pass.Changes : 0), progress.Pass.Folders,
            before.RoundTrips + connection.Source.RoundTrips, before.Requests + connection.Target.Requests);
        return (counts, progress.ItemsTotal);
    }

    /// <summary>The pass is over: what it counted is in the state by now.</summary>
    public void End() => (connection, Board) = (null, new ProgressBoard());
}
