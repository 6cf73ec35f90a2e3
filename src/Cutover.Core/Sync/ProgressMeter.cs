using Cutover.Core.Ledger;
using Cutover.Core.Telemetry;

namespace Cutover.Core.Sync;

/// <summary>Counts what a pass does and tells the observer, with rates over a sliding half minute.</summary>
internal sealed class ProgressMeter(ISyncObserver observer, EndpointGate gate, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(500);

    private readonly Lock sync = new();
    private readonly Queue<(long At, long Items, long Bytes)> marks = new();
    private string? folder;
    private string? retrying;
    private long lastMark;
    private long total;
    private LedgerTotals before = new(0, 0, 0, 0, 0, 0);
    private long copied;

    public SyncPass Pass { get; private set; } = SyncPass.Nothing;

    public void Begin(LedgerTotals ledgerBefore, long itemsTotal)
    {
        (before, total) = (ledgerBefore, itemsTotal);
        lastMark = clock.GetTimestamp();
        marks.Enqueue((lastMark, 0, 0));
        Tell();
    }

    public void Enter(string? name)
    {
        folder = name;
        Tell();
    }

    /// <summary>What is being tried again; null when it goes on.</summary>
    public void Retry(string? what)
    {
        retrying = what;
        Tell();
    }

    /// <summary>Adds to the pass. <paramref name="itemsDone"/> is by how much the items that need no more work grew.</summary>
    public void Add(Func<SyncPass, SyncPass> change, long itemsDone = 0)
    {
        lock (sync)
        {
            var before = Pass;
            Pass = change(Pass);
            EngineTelemetry.Did(before, Pass);
            copied += itemsDone;
            Mark();
        }

        Tell();
    }

    private void Mark()
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(lastMark, now) < Grain)
            return;
        lastMark = now;
        marks.Enqueue((now, copied, Pass.Bytes));
        while (marks.Count > 2 && clock.GetElapsedTime(marks.Peek().At, now) > Window)
            marks.Dequeue();
    }

    private void Tell() => observer.OnProgress(Snapshot());

    private SyncProgress Snapshot()
    {
        lock (sync)
        {
            var since = marks.Count > 0 ? marks.Peek() : (At: clock.GetTimestamp(), Items: 0, Bytes: 0);
            var seconds = Math.Max(0.001, clock.GetElapsedTime(since.At).TotalSeconds);
            var (rate, done) = (Math.Max(0, copied - since.Items) / seconds, before.Copied + before.Skipped + copied);
            var left = total - done;
            return new SyncProgress(
                folder, total, done, rate, (Pass.Bytes - since.Bytes) / seconds,
                left > 0 && rate > 0 ? TimeSpan.FromSeconds(left / rate) : null, before, Pass, gate.PausedUntil) { Retrying = retrying };
        }
    }
}
