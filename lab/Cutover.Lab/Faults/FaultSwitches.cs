namespace Cutover.Lab.Faults;

/// <summary>What a server of the lab can be told to do wrong.</summary>
public enum FaultKind
{
    /// <summary>Close the connection before reading anything.</summary>
    Refuse,

    /// <summary>429 with Retry-After.</summary>
    TooManyRequests,

    /// <summary>503, with Retry-After when the rule has a delay.</summary>
    ServiceUnavailable,

    /// <summary>Cut the connection after so many bytes of the answer.</summary>
    DropAfterBytes,

    /// <summary>Wait before answering.</summary>
    Slow,

    /// <summary>Do the work, commit it, then cut the connection without an answer.</summary>
    LoseResponse,
}

/// <summary>One switch that is on.</summary>
/// <param name="PathContains">Part of the path (or operation) that it strikes; empty strikes all.</param>
/// <param name="Every">Strikes every n-th match, counted from the first.</param>
/// <param name="Times">Strikes so often, then is off; int.MaxValue never ends.</param>
/// <param name="Bytes">For <see cref="FaultKind.DropAfterBytes"/>.</param>
/// <param name="Delay">For <see cref="FaultKind.Slow"/>, and Retry-After elsewhere.</param>
public sealed record FaultRule(FaultKind Kind, string PathContains = "", int Every = 1, int Times = 1, long Bytes = 0, TimeSpan Delay = default);

/// <summary>The fault switches of one server; thread-safe.</summary>
public sealed class FaultSwitches
{
    private readonly Lock gate = new();
    private readonly List<Counter> counters = [];

    public void Add(FaultRule rule)
    {
        lock (gate) counters.Add(new Counter(rule));
    }

    public void Clear()
    {
        lock (gate) counters.Clear();
    }

    /// <summary>How often a rule has struck so far.</summary>
    public int Struck(FaultRule rule)
    {
        lock (gate) return counters.Where(counter => counter.Rule == rule).Sum(counter => counter.Struck);
    }

    /// <summary>The first rule that strikes this operation now, counted as a strike; null when none does.</summary>
    public FaultRule? Take(string path)
    {
        lock (gate) return counters.Find(counter => counter.Strikes(path))?.Rule;
    }

    /// <summary>The same, but only rules of these kinds match: those that make sense where the caller stands.</summary>
    public FaultRule? Take(string path, params FaultKind[] kinds)
    {
        lock (gate) return counters.Find(counter => kinds.Contains(counter.Rule.Kind) && counter.Strikes(path))?.Rule;
    }

    private sealed class Counter(FaultRule rule)
    {
        private int matches;

        public FaultRule Rule => rule;

        public int Struck { get; private set; }

        public bool Strikes(string path)
        {
            if (Struck >= rule.Times || !path.Contains(rule.PathContains, StringComparison.OrdinalIgnoreCase)) return false;
            if (++matches % rule.Every != 0) return false;
            Struck++;
            return true;
        }
    }
}
