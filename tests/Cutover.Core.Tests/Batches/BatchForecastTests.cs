using Cutover.Core.Batches;
using Cutover.Core.Endpoints;

namespace Cutover.Core.Tests.Batches;

/// <summary>Batches in simulation: mailboxes of known sizes, each at a rate of its own, the largest first.</summary>
public sealed class BatchForecastTests
{
    private const int AtOnce = 8;
    private const int Runs = 50;
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 20, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, int, double[]> Distributions
    {
        get
        {
            var random = new Random(42);
            double[] Many(int count, Func<double> size) => [.. Enumerable.Range(0, count).Select(_ => size())];
            double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return new TheoryData<string, int, double[]>
            {
                { "all equal", Runs, Many(60, () => 3e9) },
                { "uniform", Runs, Many(80, () => random.NextDouble() * 6e9) },
                { "lognormal, narrow", Runs, Many(100, () => 3e9 * Math.Exp(0.5 * Normal())) },
                { "lognormal, wide", Runs, Many(150, () => 3e9 * Math.Exp(1.2 * Normal())) },
                { "lognormal, very wide", Runs, Many(150, () => 1e9 * Math.Exp(1.8 * Normal())) },
                { "one giant", Runs, [100e9, .. Many(60, () => 1e9)] },
                // Ten giants on eight places: after a quarter two of them wait, and their own rates, which nobody can know yet, decide the end alone.
                { "two kinds", 35, [.. Many(10, () => 40e9), .. Many(100, () => 0.5e9)] },
                { "exponential", Runs, Many(120, () => -3e9 * Math.Log(1 - random.NextDouble())) },
                { "few", Runs, Many(9, () => 1e9 + random.NextDouble() * 9e9) },
                { "many small", Runs, Many(400, () => 0.1e9 + random.NextDouble() * 0.2e9) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void After_a_quarter_of_the_work_the_forecast_is_within_a_fifth_of_the_truth(string name, int atLeast, double[] sizes)
    {
        var errors = Enumerable.Range(0, Runs).Select(seed => Math.Abs(Error(new Simulation(sizes, new Random(seed))))).Order().ToList();

        Assert.True(errors.Count(error => error <= 0.2) >= atLeast, $"{name}: {errors.Count(error => error <= 0.2)} of {Runs} runs, the worst off by {errors[^1]:P0}");
        Assert.InRange(errors[Runs / 2], 0, 0.15);
    }

    private static double Error(Simulation simulation)
    {
        var quarter = simulation.TimeOf(0.25);
        var forecast = BatchForecast.Of(simulation.At(quarter), AtOnce, Start + quarter)!;
        Assert.InRange(forecast.Left, forecast.AtBest, forecast.AtWorst);
        return forecast.Left / (simulation.End - quarter) - 1;
    }

    [Fact]
    public void Nothing_is_foretold_before_anything_was_measured_or_after_all_is_copied()
    {
        var simulation = new Simulation([1e9, 2e9], new Random(1));

        Assert.Null(BatchForecast.Of(simulation.At(TimeSpan.Zero), AtOnce, Start));
        Assert.Null(BatchForecast.Of(simulation.At(simulation.End), AtOnce, Start + simulation.End));
    }

    [Fact]
    public void A_mailbox_that_failed_holds_nothing_up()
    {
        var simulation = new Simulation([1e9, 2e9, 50e9], new Random(1));
        var users = simulation.At(TimeSpan.FromMinutes(10)).Select(user => user.User.Size == 50e9 ? user with { Status = MigrationUserStatus.Failed } : user).ToList();

        Assert.True(BatchForecast.Of(users, AtOnce, Start + TimeSpan.FromMinutes(10))!.Left < TimeSpan.FromHours(3));
    }

    /// <summary>Who is copied when, with rates that differ from mailbox to mailbox by a quarter.</summary>
    private sealed class Simulation
    {
        private const double TypicalRate = 0.5e6;

        private readonly List<(double Size, double Rate, TimeSpan Began, TimeSpan Ended)> runs = [];

        public Simulation(double[] sizes, Random random)
        {
            var places = new PriorityQueue<TimeSpan, TimeSpan>(Enumerable.Repeat((TimeSpan.Zero, TimeSpan.Zero), AtOnce));
            foreach (var size in sizes.OrderDescending())
            {
                var rate = TypicalRate * Math.Exp(0.25 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2);
                var began = places.Dequeue();
                var ended = began + TimeSpan.FromSeconds(size / rate);
                places.Enqueue(ended, ended);
                runs.Add((size, rate, began, ended));
            }
        }

        public TimeSpan End => runs.Max(run => run.Ended);

        /// <summary>When so much of all bytes was copied.</summary>
        public TimeSpan TimeOf(double share)
        {
            var (early, late) = (TimeSpan.Zero, End);
            for (var i = 0; i < 60; i++)
            {
                var middle = (early + late) / 2;
                if (runs.Sum(run => DoneOf(run, middle)) < share * runs.Sum(run => run.Size)) early = middle;
                else late = middle;
            }

            return late;
        }

        public List<UserStatus> At(TimeSpan time) => [.. runs.Select((run, i) => new UserStatus(
            new MigrationUser(new SourceMailbox($"/o=C/cn={i}", $"user{i}@contoso.com"), new TargetMailbox("id", "MBX:", $"user{i}@contoso.com")) { Size = (long)run.Size },
            run.Ended <= time ? MigrationUserStatus.Synced : run.Began < time ? MigrationUserStatus.Syncing : MigrationUserStatus.Queued,
            // The streams are a little larger than what the source counts.
            SyncCounts.None with { Bytes = (long)(1.07 * DoneOf(run, time)) }, 0, 0, 0, null, run.Ended <= time ? Start + run.Began : null, null, null, null)
        {
            Began = run.Began < time ? Start + run.Began : null,
            Copied = run.Ended <= time ? Start + run.Ended : null,
        })];

        private static double DoneOf((double Size, double Rate, TimeSpan Began, TimeSpan Ended) run, TimeSpan time) =>
            Math.Clamp((time - run.Began).TotalSeconds * run.Rate, 0, run.Size);
    }
}
