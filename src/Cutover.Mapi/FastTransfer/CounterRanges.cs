using System.Collections;

namespace Cutover.Mapi.FastTransfer;

/// <summary>Closed ranges of counters, sorted, apart from each other by at least one counter.</summary>
internal sealed class CounterRanges : IEnumerable<(ulong Low, ulong High)>
{
    private readonly List<(ulong Low, ulong High)> ranges = [];

    public int Count => ranges.Count;

    public (ulong Low, ulong High) this[int index] => ranges[index];

    public bool Contains(ulong counter)
    {
        var index = FirstEndingAtOrAfter(counter);
        return index < ranges.Count && ranges[index].Low <= counter;
    }

    /// <summary>Adds a range and joins it with those that it overlaps or touches.</summary>
    public void Add(ulong low, ulong high)
    {
        var first = FirstEndingAtOrAfter(low == 0 ? 0 : low - 1);
        var end = first;
        while (end < ranges.Count && ranges[end].Low <= high + 1)
        {
            low = Math.Min(low, ranges[end].Low);
            high = Math.Max(high, ranges[end].High);
            end++;
        }
        if (end == first) ranges.Insert(first, (low, high));
        else Replace(first, end, (low, high));
    }

    public IEnumerator<(ulong Low, ulong High)> GetEnumerator() => ranges.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Replace(int first, int end, (ulong Low, ulong High) range)
    {
        ranges[first] = range;
        ranges.RemoveRange(first + 1, end - first - 1);
    }

    private int FirstEndingAtOrAfter(ulong counter)
    {
        var (low, high) = (0, ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].High < counter) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
