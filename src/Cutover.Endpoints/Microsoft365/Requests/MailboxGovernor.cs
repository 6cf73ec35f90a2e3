using System.Net;

namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>
/// Lets requests to one mailbox through at the pace that the service allows, so that it has nothing to refuse. Every request of the mailbox passes here, in
/// order of asking; those without a body don't wait behind uploads. Where the service refuses all the same (other programs of the same application, stricter
/// limits), the mailbox rests as long as it asks and goes on with fewer requests at once, then with more again. Mailboxes don't wait for each
/// other: none can take more than its own share. Thread-safe.
/// </summary>
internal sealed class MailboxGovernor(ServiceLimits limits, TimeProvider clock) : IDisposable
{
    /// <summary>One request more at once after each such time without a refusal.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    private readonly Lock sync = new();
    private readonly long origin = clock.GetTimestamp();
    private readonly SlidingBudget requests = new(limits.MaxRequests, limits.RequestWindow);
    private readonly SlidingBudget uploads = new(limits.MaxUploadBytes, limits.UploadWindow);
    private readonly Queue<Waiter> waitingUploads = [];
    private readonly Queue<Waiter> waitingOthers = [];
    private int atOnce = limits.MaxConcurrentRequests;
    private int running;
    private TimeSpan restsUntil;
    private TimeSpan atOnceSince;
    private ITimer? timer;

    private TimeSpan Now => clock.GetElapsedTime(origin);

    /// <summary>Waits until the request may be sent. It counts as running until what is returned is disposed: when its answer is read.</summary>
    /// <param name="uploadBytes">The length of its body as sent.</param>
    public async Task<Admission> EnterAsync(long uploadBytes, CancellationToken ct)
    {
        var waiter = new Waiter(uploadBytes);
        lock (sync)
        {
            (uploadBytes > 0 ? waitingUploads : waitingOthers).Enqueue(waiter);
            Admit();
        }

        await using var cancelling = ct.Register(() => waiter.Admitted.TrySetCanceled(ct));
        await waiter.Admitted.Task;
        return new Admission(this, uploadBytes);
    }

    public void Dispose()
    {
        lock (sync) timer?.Dispose();
    }

    private void Answered(long uploadBytes)
    {
        lock (sync)
        {
            var now = Now;
            running--;
            requests.Answered(1, now);
            uploads.Answered(uploadBytes, now);
            Admit();
        }
    }

    private void Rest(TimeSpan duration)
    {
        lock (sync)
        {
            var now = Now;
            // Refusals that come together are one sign, not several.
            if (now >= restsUntil) atOnce = Math.Max(1, atOnce / 2);
            if (now + duration > restsUntil) restsUntil = atOnceSince = now + duration;
        }
    }

    private void Admit()
    {
        Recover();
        TimeSpan? again = null;
        while (running < atOnce && Next(out var next, ref again) is { } line)
        {
            line.Dequeue();
            if (!next.Admitted.TrySetResult()) continue;
            running++;
            requests.Spend(1);
            uploads.Spend(next.UploadBytes);
        }

        if (again is { } moment && moment < TimeSpan.MaxValue) Wake(moment);
    }

    private void Recover()
    {
        for (; atOnce < limits.MaxConcurrentRequests && atOnceSince + Recovery <= Now; atOnceSince += Recovery) atOnce++;
    }

    /// <summary>The line whose first request may go now; else null, and when to look again.</summary>
    private Queue<Waiter>? Next(out Waiter next, ref TimeSpan? again)
    {
        var now = Now;
        foreach (var line in (ReadOnlySpan<Queue<Waiter>>)[waitingOthers, waitingUploads])
        {
            if (!line.TryPeek(out next!)) continue;
            if (next.Admitted.Task.IsCompleted) return line;
            var wait = Latest(restsUntil > now ? restsUntil : null, requests.WaitsUntil(1, now), uploads.WaitsUntil(next.UploadBytes, now));
            if (wait is null) return line;
            if (again is null || wait < again) again = wait;
        }

        next = null!;
        return null;
    }

    private static TimeSpan? Latest(params ReadOnlySpan<TimeSpan?> moments)
    {
        TimeSpan? latest = null;
        foreach (var moment in moments)
            if (latest is null || moment > latest) latest = moment;
        return latest;
    }

    private void Wake(TimeSpan moment)
    {
        timer ??= clock.CreateTimer(_ =>
        {
            lock (sync) Admit();
        }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var wait = moment - Now;
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private sealed record Waiter(long UploadBytes)
    {
        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>A request under way.</summary>
    internal sealed class Admission(MailboxGovernor governor, long uploadBytes) : IDisposable
    {
        private bool isAnswered;

        /// <summary>The service refused the request because of its limits or its own trouble, and asks for this much rest.</summary>
        public void Refused(HttpStatusCode status, TimeSpan rest)
        {
            if (status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or (HttpStatusCode)509) governor.Rest(rest);
        }

        public void Dispose()
        {
            if (isAnswered) return;
            isAnswered = true;
            governor.Answered(uploadBytes);
        }
    }
}
