namespace Cutover.Core.Batches;

/// <summary>When the first copy of a batch will be done, counted from now.</summary>
/// <param name="AtBest">The near end of the range that the measurements so far allow.</param>
/// <param name="AtWorst">The far end.</param>
public sealed record Forecast(TimeSpan Left, TimeSpan AtBest, TimeSpan AtWorst);

/// <summary>
/// Foretells a batch from what it measured itself: each mailbox that is being copied goes on at its own rate, those in the line follow, the largest first, each at a rate that some
/// mailbox had so far. Which one is drawn many times over, because the last to end decides, and the slowest of several is slower than the average. Known sizes and known order make it
/// hold from early on.
/// </summary>
public static class BatchForecast
{
    private const int Draws = 64;

    /// <summary>A rate so far may not last: the range is at least so wide.</summary>
    private const double LeastSpread = 0.05;

    /// <summary>The forecast; null when nothing was measured yet, or when every mailbox was copied once. The same state gives the same answer.</summary>
    /// <param name="atOnce">Mailboxes that may be copied at once.</param>
    public static Forecast? Of(IReadOnlyList<UserStatus> users, int atOnce, DateTimeOffset now)
    {
        var works = Works(users, now);
        var rates = works.Where(work => work.Rate > 0).Select(work => work.Rate).ToArray();
        if (rates.Length == 0 || works.All(work => work.Left <= 0)) return null;
        var random = new Random(users.Count);
        var ends = Enumerable.Range(0, Draws).Select(_ => Makespan(works, () => rates[random.Next(rates.Length)], Math.Max(1, atOnce))).Order().ToArray();
        var left = ends.Average();
        return new Forecast(Seconds(left), Seconds(Math.Min(ends[Draws / 10], left * (1 - LeastSpread))), Seconds(Math.Max(ends[^(Draws / 10)], left * (1 + LeastSpread))));
    }

    private static List<Work> Works(IReadOnlyList<UserStatus> users, DateTimeOffset now)
    {
        var known = users.Where(user => user.User.Size > 0).Select(user => user.User.Size).DefaultIfEmpty(1).Average();
        // Uploaded streams are a little larger or smaller than what the source counts.
        var copied = users.Where(user => user.Copied is not null && user.Counts.Bytes > 0 && user.User.Size > 0).ToList();
        var ratio = copied.Count == 0 ? 1 : (double)copied.Sum(user => user.User.Size) / copied.Sum(user => user.Counts.Bytes);
        return [.. users.Where(user => user.Summary is not (MigrationStatusSummary.Failed or MigrationStatusSummary.Stopped)).Select(user => WorkOf(user, known, ratio, now))];
    }

    private static Work WorkOf(UserStatus user, double otherwise, double ratio, DateTimeOffset now)
    {
        var size = user.User.Size > 0 ? user.User.Size : otherwise;
        if (user.Began is not { } began) return new Work(0, size, TimeSpan.Zero, IsRunning: false);
        if (user.Copied is { } ended) return new Work(size, 0, ended - began, IsRunning: false);
        var done = Math.Min(size * 0.99, user.Counts.Bytes * ratio);
        return new Work(done, size - done, now - began, IsRunning: true);
    }

    /// <summary>Seconds until the last is done, each place taking the largest that waits as soon as it is free.</summary>
    /// <param name="draw">Gives a rate to a mailbox that has none yet.</param>
    private static double Makespan(List<Work> works, Func<double> draw, int atOnce)
    {
        var places = new PriorityQueue<double, double>();
        foreach (var running in works.Where(work => work.IsRunning && work.Left > 0))
        {
            var ends = running.Left / (running.Rate > 0 ? running.Rate : draw());
            places.Enqueue(ends, ends);
        }

        while (places.Count < atOnce) places.Enqueue(0, 0);
        var last = 0.0;
        foreach (var waiting in works.Where(work => !work.IsRunning && work.Left > 0).OrderByDescending(work => work.Left))
        {
            var ends = places.Dequeue() + waiting.Left / draw();
            places.Enqueue(ends, ends);
        }

        while (places.TryDequeue(out var ends, out _)) last = Math.Max(last, ends);
        return last;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 4));

    /// <param name="Done">Bytes, as the source counts them.</param>
    private sealed record Work(double Done, double Left, TimeSpan Time, bool IsRunning)
    {
        public double Rate => Done > 0 && Time > TimeSpan.Zero ? Done / Time.TotalSeconds : 0;
    }
}
