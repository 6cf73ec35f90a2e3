using System.Net;
using Cutover.Endpoints.Microsoft365.Requests;
using Cutover.Lab.Microsoft365.Graph;
using Cutover.Lab.Microsoft365.Throttling;

namespace Cutover.Benchmarks;

/// <summary>
/// A batch of 150 mailboxes (median 3 GB, some of 50 GB and more, biggest first) on its way through the product's governor into a service with Microsoft's published
/// limits, in virtual time: how near the end comes to the earliest one that the limits allow, and what share of the requests is refused.
/// </summary>
/// <param name="atOnce">Mailboxes that are copied at the same time.</param>
/// <param name="failing">The share of requests that the service refuses with 503 for trouble of its own.</param>
internal sealed class ThrottledBatch(int atOnce, double failing)
{
    private const int Mailboxes = 150;
    private const string Application = "cutover";

    // An answer takes this long, and the body goes at this rate.
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(300);
    private const double BytesPerSecond = 5e6;

    private readonly VirtualTime clock = new();
    private readonly Random random = new(42);
    private readonly ThrottlingOptions limits = new();
    private readonly ServiceLimits governed = new();
    private long requests;
    private long refused;
    private long failed;

    public static void Print()
    {
        Console.WriteLine("Upload of 150 mailboxes under the limits of Microsoft 365, in virtual time");
        foreach (var (atOnce, failing) in ((int, double)[])[(20, 0), (150, 0), (20, 0.002)])
        {
            var (items, bytes, took, bound, refused, failed) = new ThrottledBatch(atOnce, failing).Run();
            Console.WriteLine($"  {atOnce,3} at once, {failed:P2} answered with 503: {items:N0} items, {bytes / 1e9:N0} GB as sent, {took.TotalHours:N2} h, "
                + $"{took / bound:N3} x the earliest end, {refused:P3} refused for a limit");
        }
    }

    private ThrottledBatchResult Run()
    {
        var throttle = new MailboxThrottle(limits, clock);
        var mailboxes = Enumerable.Range(0, Mailboxes).Select(ItemSizes).OrderByDescending(items => items.Sum()).ToList();
        var took = clock.Run(() => Parallel(mailboxes, (items, name) => CopyAsync(items, name, throttle)));
        return new ThrottledBatchResult(mailboxes.Sum(items => (long)items.Length), mailboxes.Sum(items => items.Sum()), took, LowerBound(mailboxes),
            (double)refused / requests, (double)failed / requests);
    }

    /// <summary>Body sizes in base64 of one mailbox's items: mailbox sizes and item sizes are log-normal, as real ones are.</summary>
    private long[] ItemSizes(int index)
    {
        var size = Math.Min(3e9 * Math.Exp(1.4 * Normal((index + 0.5) / Mailboxes)), 100e9);
        var items = new List<long>();
        for (var sum = 0.0; sum < size;)
        {
            var item = Math.Min(40e3 * Math.Exp(1.8 * Normal(random.NextDouble())), 100e6);
            items.Add((long)(item * 4 / 3));
            sum += item;
        }

        return [.. items];
    }

    /// <summary>Nothing could end earlier: no mailbox before its bytes, its requests or its answers allow, and no more mailboxes at once than there are places.</summary>
    private TimeSpan LowerBound(List<long[]> mailboxes)
    {
        var alone = mailboxes.Select(Alone).ToList();
        return TimeSpan.FromSeconds(Math.Max(alone.Max(), alone.Sum() / atOnce));
    }

    private double Alone(long[] items)
    {
        var bytes = (double)items.Sum();
        var byBytes = (bytes - limits.MaxUploadBytes) / limits.MaxUploadBytes * limits.UploadWindow.TotalSeconds;
        var byRequests = (items.Length - limits.MaxRequests) / (double)limits.MaxRequests * limits.RequestWindow.TotalSeconds;
        var byAnswers = (items.Length * Latency.TotalSeconds + bytes / BytesPerSecond) / limits.MaxConcurrentRequests;
        return Math.Max(byBytes, Math.Max(byRequests, byAnswers));
    }

    private async Task Parallel(IEnumerable<long[]> mailboxes, Func<long[], string, Task> copy)
    {
        using var places = new SemaphoreSlim(atOnce);
        var all = new List<Task>();
        foreach (var items in mailboxes)
        {
            await places.WaitAsync();
            all.Add(InPlaceAsync(places, () => copy(items, $"MBX:{all.Count}")));
        }

        await Task.WhenAll(all);
    }

    private static async Task InPlaceAsync(SemaphoreSlim places, Func<Task> work)
    {
        await work();
        places.Release();
    }

    private async Task CopyAsync(long[] items, string mailbox, MailboxThrottle throttle)
    {
        using var governor = new MailboxGovernor(governed, clock);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, governed.MaxConcurrentRequests).Select(async _ =>
        {
            while (next < items.Length) await UploadAsync(items[next++], mailbox, governor, throttle);
        }));
    }

    private async Task UploadAsync(long bytes, string mailbox, MailboxGovernor governor, MailboxThrottle throttle)
    {
        while (true)
        {
            using var admission = await governor.EnterAsync(bytes, default);
            requests++;
            try
            {
                using var slot = throttle.Enter(Application, mailbox);
                await Task.Delay(Latency * (0.5 + random.NextDouble()), clock);
                slot!.Upload(bytes);
                if (random.NextDouble() < failing) throw new GraphException(503, "ServiceUnavailable", "Try again.") { RetryAfter = TimeSpan.FromSeconds(5) };
                await Task.Delay(TimeSpan.FromSeconds(bytes / BytesPerSecond), clock);
                return;
            }
            catch (GraphException refusal)
            {
                _ = refusal.Status == 429 ? refused++ : failed++;
                admission.Refused((HttpStatusCode)refusal.Status, refusal.RetryAfter ?? TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>The standard normal quantile by the rational approximation of Abramowitz and Stegun 26.2.23: three digits, enough here.</summary>
    private static double Normal(double share)
    {
        var t = Math.Sqrt(-2 * Math.Log(Math.Min(share, 1 - share)));
        var tail = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
        return share < 0.5 ? -tail : tail;
    }
}

internal sealed record ThrottledBatchResult(long Items, long Bytes, TimeSpan Took, TimeSpan LowerBound, double Refused, double Failed);
