namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>
/// An amount that may be spent in any stretch of time of a given length. What is spent counts from before the request is sent until a whole window after
/// it was answered; so the service, wherever between the two it counts, and wherever its own windows begin, never sees more than the limit. Not thread-safe.
/// </summary>
internal sealed class SlidingBudget(long limit, TimeSpan window)
{
    /// <summary>Answers of one second are kept as one sum, which leaves with the last of them.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(1);

    private readonly Queue<(TimeSpan Leaves, long Amount)> answered = [];
    private (TimeSpan Leaves, long Amount) gathering;
    private long spent;

    /// <summary>Null when the amount may be spent now, else when to ask again; <see cref="TimeSpan.MaxValue"/>: when a request is answered.</summary>
    /// <param name="amount">One that is larger than the whole budget has room when nothing else is counted; else nothing could ever carry it.</param>
    /// <param name="now">Time since a moment of the caller's choice.</param>
    public TimeSpan? WaitsUntil(long amount, TimeSpan now)
    {
        Forget(now);
        var over = Math.Min(spent + amount - limit, spent);
        if (over <= 0) return null;
        foreach (var (leaves, part) in answered.Append(gathering))
            if ((over -= part) <= 0) return leaves;
        return TimeSpan.MaxValue;
    }

    public void Spend(long amount) => spent += amount;

    /// <summary>What was spent has been answered.</summary>
    public void Answered(long amount, TimeSpan now)
    {
        var leaves = now + window;
        if (gathering.Amount > 0 && leaves > gathering.Leaves)
        {
            answered.Enqueue(gathering);
            gathering = default;
        }

        if (gathering.Amount == 0) gathering.Leaves = leaves + Grain;
        gathering.Amount += amount;
    }

    private void Forget(TimeSpan now)
    {
        while (answered.TryPeek(out var oldest) && oldest.Leaves <= now) spent -= answered.Dequeue().Amount;
        if (gathering.Leaves > now || answered.Count > 0) return;
        spent -= gathering.Amount;
        gathering = default;
    }
}
