using Cutover.Lab.Microsoft365.Graph;

namespace Cutover.Lab.Microsoft365.Throttling;

/// <summary>Counts requests, uploads and concurrency per application and mailbox, and refuses what is over a limit. Thread-safe.</summary>
internal sealed class MailboxThrottle(ThrottlingOptions options, TimeProvider clock)
{
    private static readonly TimeSpan ConcurrencyRetry = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly Dictionary<(string Application, string Mailbox), Budget> budgets = [];

    /// <summary>Counts a request in until it is disposed.</summary>
    /// <exception cref="GraphException">429 ApplicationThrottled, with the time to wait.</exception>
    public MailboxSlot? Enter(string applicationId, string? mailboxId)
    {
        if (!options.IsOn || mailboxId is null) return null;
        lock (gate)
        {
            var key = (applicationId, mailboxId.ToUpperInvariant());
            if (!budgets.TryGetValue(key, out var budget)) budgets[key] = budget = new Budget(options, clock, gate);
            budget.Enter();
            return new MailboxSlot(budget.Upload, budget.Leave);
        }
    }

    private static GraphException Over(string limit, TimeSpan retryAfter) =>
        new(429, "ApplicationThrottled", $"Application is over its {limit} limit.") { RetryAfter = retryAfter };

    private sealed class Budget(ThrottlingOptions options, TimeProvider clock, Lock gate)
    {
        private readonly Window requests = new(options.MaxRequests, options.RequestWindow);
        private readonly Window uploads = new(options.MaxUploadBytes, options.UploadWindow);
        private int running;

        public void Enter()
        {
            var now = clock.GetUtcNow();
            // Refused requests count too.
            var allowed = requests.Take(1, now);
            if (running >= options.MaxConcurrentRequests) throw Over("MailboxConcurrency", ConcurrencyRetry);
            if (!allowed) throw Over("MailboxRequests", requests.Left(now));
            running++;
        }

        public void Upload(long bytes)
        {
            lock (gate)
            {
                var now = clock.GetUtcNow();
                if (bytes > 0 && !uploads.Take(bytes, now)) throw Over("MailboxUpload", uploads.Left(now));
            }
        }

        public void Leave()
        {
            lock (gate) running--;
        }
    }

    private sealed class Window(long limit, TimeSpan length)
    {
        private DateTimeOffset start;
        private long taken;

        public bool Take(long amount, DateTimeOffset now)
        {
            if (now - start >= length) (start, taken) = (now, 0);
            // A single upload larger than the whole budget passes when the window is fresh; nothing could ever carry it otherwise.
            if (taken > 0 && taken + amount > limit) return false;
            taken += amount;
            return true;
        }

        public TimeSpan Left(DateTimeOffset now) => start + length - now;
    }
}

/// <summary>A request that is being served.</summary>
internal sealed class MailboxSlot(Action<long> upload, Action leave) : IDisposable
{
    private bool left;

    /// <summary>Counts the bytes that the request carries.</summary>
    /// <exception cref="GraphException">429 ApplicationThrottled.</exception>
    public void Upload(long bytes) => upload(bytes);

    public void Dispose()
    {
        if (left) return;
        left = true;
        leave();
    }
}
