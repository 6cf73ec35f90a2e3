using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Core.Tests.Fakes;

namespace Cutover.Core.Tests.Sync;

/// <summary>The promise itself: killed wherever it may be and run again, nothing is lost and nothing comes twice.</summary>
public sealed class KilledAnywhereTests
{
    [Fact]
    public async Task Killed_at_every_point_of_a_first_copy_and_run_again_it_is_in_step()
    {
        for (var (point, finished) = (1, false); !finished; point++)
        {
            var bench = Filled(seed: 1);
            finished = await bench.SyncUntilAsync(point);
            await bench.SyncAsync();
            bench.AssertInStep();
        }
    }

    [Fact]
    public async Task Killed_at_every_point_of_an_incremental_pass_and_run_again_it_is_in_step()
    {
        for (var (point, finished) = (1, false); !finished; point++)
        {
            var bench = Filled(seed: 2);
            await bench.SyncAsync();
            Mutate(bench.Mailbox, new Random(3), 12);
            finished = await bench.SyncUntilAsync(point);
            await bench.SyncAsync();
            bench.AssertInStep();
        }
    }

    [Fact]
    public async Task Killed_at_every_point_and_changed_before_the_next_run_it_is_in_step()
    {
        for (var (point, finished) = (1, false); !finished; point++)
        {
            var bench = Filled(seed: 4);
            finished = await bench.SyncUntilAsync(point);
            Mutate(bench.Mailbox, new Random(point), 8);
            await bench.SyncAsync();
            bench.AssertInStep();
        }
    }

    [Fact]
    public async Task Killed_faulted_and_changed_at_random_it_ends_in_step()
    {
        for (var seed = 1; seed <= 1000; seed++)
            await RunAsync(seed);
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var bench = Filled(seed);
        for (var run = 0; run < 8; run++)
        {
            var faults = new Random(seed * 100 + run);
            bench.Points.Fault = point => RandomFault(faults, point);
            await TryAsync(bench, random.Next(1, 250));
            Mutate(bench.Mailbox, random, random.Next(6));
        }

        bench.Points.Fault = _ => null;
        await bench.SyncAsync();
        bench.AssertInStep();
    }

    private static async Task TryAsync(Bench bench, int killAt)
    {
        try
        {
            await bench.SyncUntilAsync(killAt);
        }
        catch (MigrationFault)
        {
            // The loop would run it again; so does the next round.
        }
    }

    /// <summary>Every kind but one that skips an item for good: that would rightly end out of step.</summary>
    private static MigrationFault? RandomFault(Random random, string point)
    {
        lock (random)
        {
            if (point.StartsWith("ledger", StringComparison.Ordinal) || random.Next(25) != 0)
                return null;
            var after = point.EndsWith(":after", StringComparison.Ordinal);
            var scope = random.Next(4) switch { 0 => FaultScope.Operator, 1 => FaultScope.Mailbox, _ => FaultScope.Endpoint };
            return new MigrationFault(scope, $"Random fault at {point}", "") { OutcomeUnknown = after, IsTransient = random.Next(2) == 0 };
        }
    }

    internal static Bench Filled(int seed)
    {
        var bench = new Bench();
        var random = new Random(seed);
        var folders = new List<FolderKey> { bench.Mailbox.Inbox };
        for (var folder = 0; folder < 3; folder++)
            folders.Add(bench.Mailbox.AddFolder($"Folder {folder}", folders[random.Next(folders.Count)]));
        for (var item = 0; item < 18; item++)
            bench.Mailbox.Add(folders[random.Next(folders.Count)], $"Mail {item}", random.Next(2) == 0);
        return bench;
    }

    internal static void Mutate(FakeMailbox mailbox, Random random, int changes)
    {
        for (var change = 0; change < changes; change++)
            Mutate(mailbox, random);
    }

    internal static void Mutate(FakeMailbox mailbox, Random random)
    {
        var folders = mailbox.Folders.Values.Where(folder => folder.Role != FolderRole.Root).ToList();
        var folder = folders[random.Next(folders.Count)];
        var item = mailbox.Items.Count > 0 ? mailbox.Items.Keys.ElementAt(random.Next(mailbox.Items.Count)) : mailbox.Add(folder.Key);
        switch (random.Next(12))
        {
            case 0 or 1:
                mailbox.Add(folder.Key, $"New {random.Next()}", random.Next(2) == 0);
                break;
            case 2 or 3:
                mailbox.Change(item, $"Changed {random.Next()}");
                break;
            case 4 or 5:
                mailbox.Move(item, folder.Key);
                break;
            case 6 or 7:
                mailbox.Delete(item);
                break;
            case 8 or 9:
                mailbox.SetRead(item, !mailbox.Items[item].IsRead);
                break;
            case 10 when folder.Role == FolderRole.None:
                mailbox.Folders[folder.Key] = folder with { Name = $"Renamed {random.Next()}" };
                break;
            case 11 when folder.Role == FolderRole.None:
                mailbox.RemoveFolder(folder.Key);
                mailbox.AddFolder($"Added {random.Next()}", mailbox.Root);
                break;
        }
    }
}
