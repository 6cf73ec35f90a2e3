using Cutover.Core.Sync;

namespace Cutover.Orchestrator.Users;

/// <summary>The latest snapshot of a pass, for whoever looks.</summary>
internal sealed class ProgressBoard(TimeProvider clock) : ISyncObserver
{
    private volatile SyncProgress? latest;
    private long movedAt = clock.GetTimestamp();

    public SyncProgress? Latest => latest;

    /// <summary>How long nothing was copied, deleted, skipped or found unchanged, and no folder was entered.</summary>
    public TimeSpan Still => clock.GetElapsedTime(Interlocked.Read(ref movedAt));

    public void OnProgress(SyncProgress progress)
    {
        if (latest is null || latest.Pass != progress.Pass || latest.Folder != progress.Folder)
            Interlocked.Exchange(ref movedAt, clock.GetTimestamp());
        latest = progress;
    }
}

/// <summary>Adds what the running pass did so far to what was counted before it.</summary>
internal sealed class ProgressCounter(TimeProvider clock)
{
    /// <summary>A large item may take this long without anything being wrong.</summary>
    private static readonly TimeSpan LongestItem = TimeSpan.FromMinutes(2);

    private UserCounts before = UserCounts.None;
    private bool isIncremental;
    private MailboxConnection? connection;

    public ProgressBoard Board { get; private set; } = new(clock);

    /// <summary>Whether the pass has done anything yet.</summary>
    public bool HasMoved => Board.Latest is { Pass: { Changes: > 0 } or { Skipped: > 0 } };

    /// <summary>Why the pass rests; null when it does not.</summary>
    public string? Waiting => connection is null ? null : connection.Waiting ?? Board.Latest?.Retrying ?? Stalled;

    private string? Stalled => Board.Still > LongestItem ? $"Nothing moved since {clock.GetUtcNow() - Board.Still:HH:mm:ss} UTC." : null;

    public void Begin(UserCounts counted, bool incremental, MailboxConnection over)
    {
        (before, isIncremental, connection) = (counted, incremental, over);
        Board = new ProgressBoard(clock);
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
    public void End() => (connection, Board) = (null, new ProgressBoard(clock));
}
