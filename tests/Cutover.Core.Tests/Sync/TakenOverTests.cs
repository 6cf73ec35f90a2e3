using Cutover.Core.Ledger;
using Cutover.Core.Sync;
using Cutover.Core.Tests.Fakes;

namespace Cutover.Core.Tests.Sync;

/// <summary>A process that stands still (SIGSTOP, a paused virtual machine) at any point of a pass, is taken over by another, and goes on later.</summary>
public sealed class TakenOverTests
{
    [Fact]
    public Task In_the_first_copy() => AnywhereAsync(isIncremental: false, changesMeanwhile: 0);

    [Fact]
    public Task In_an_incremental_pass() => AnywhereAsync(isIncremental: true, changesMeanwhile: 0);

    [Fact]
    public Task In_an_incremental_pass_with_changes_before_the_other_one() => AnywhereAsync(isIncremental: true, changesMeanwhile: 8);

    private static async Task AnywhereAsync(bool isIncremental, int changesMeanwhile)
    {
        var points = await StandStillAsync(int.MaxValue, isIncremental, changesMeanwhile);
        Assert.InRange(points, 50, 2000);
        for (var point = 1; point <= points; point++)
            await StandStillAsync(point, isIncremental, changesMeanwhile);
    }

    /// <summary>Stops a pass at the point, runs another one to its end, lets the first go on; returns how many points the first passed.</summary>
    private static async Task<int> StandStillAsync(int at, bool isIncremental, int changesMeanwhile)
    {
        var bench = KilledAnywhereTests.Filled(seed: 1);
        if (isIncremental)
        {
            await bench.SyncAsync();
            KilledAnywhereTests.Mutate(bench.Mailbox, new Random(3), 12);
        }

        var (stopped, goOn, passed) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        bench.Points.Pause = async _ =>
        {
            if (Interlocked.Increment(ref passed) < at) return;
            stopped.TrySetResult();
            await goOn.Task;
        };

        var first = bench.SyncAsync();
        await Task.WhenAny(first, stopped.Task);
        if (!stopped.Task.IsCompleted)
        {
            await first;
            bench.AssertInStep();
            return passed;
        }

        KilledAnywhereTests.Mutate(bench.Mailbox, new Random(at), changesMeanwhile);
        // The other process has its own points: only the first one stands still.
        var elsewhere = new Interruptions();
        var ledger = bench.Ledger.OpenElsewhere(elsewhere);
        var target = bench.Target.SeenFrom(elsewhere);
        await new MailboxSync(new FakeMailboxSource(bench.Mailbox, elsewhere), target, ledger, bench, bench.Policy, bench.Gate, bench, TimeProvider.System).RunAsync(default);
        goOn.SetResult();
        try
        {
            await first;
        }
        catch (SupersededPassException)
        {
        }

        bench.AssertInStep();
        return passed;
    }
}
