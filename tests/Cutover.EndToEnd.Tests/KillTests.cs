using System.Diagnostics;
using Cutover.Cli;

namespace Cutover.EndToEnd.Tests;

/// <summary>The program killed with SIGKILL at seeded random moments and run again: nothing missing, nothing twice, nothing different.</summary>
public sealed class KillTests(KillTests.Undisturbed undisturbed) : IClassFixture<KillTests.Undisturbed>
{
    private static readonly string[] Small = ["--mailboxes", "5", "--items", "15"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_killed_cutover_goes_on_where_it_was(int seed)
    {
        var random = new Random(seed);
        using var work = new TemporaryFolder();
        const int MostKills = 3;
        for (var kill = 0; kill < MostKills; kill++)
        {
            using var running = CutoverProcess.Start(["demo", "--json", "--work", work.Path, .. Small]);
            if (!await running.KillAfterAsync(undisturbed.Duration * random.NextDouble())) break;
        }

        var result = await DemoTests.DemoAsync(work, Small);

        Assert.True(result.ExitCode == ExitCode.Success, result.Errors);
        Assert.Equal("Completed", result.Json.GetProperty("status").GetString());
        DemoTests.AssertNothingLost(result);
        Assert.Empty(await DemoTests.DifferencesAsync(work, Small));
    }

    /// <summary>How long a run takes on this machine, so that the kills strike all over it.</summary>
    public sealed class Undisturbed : IAsyncLifetime
    {
        public TimeSpan Duration { get; private set; }

        public async ValueTask InitializeAsync()
        {
            using var work = new TemporaryFolder();
            var started = Stopwatch.GetTimestamp();
            await DemoTests.DemoAsync(work, Small);
            Duration = Stopwatch.GetElapsedTime(started);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
