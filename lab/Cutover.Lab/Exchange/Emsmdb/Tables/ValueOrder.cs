namespace Cutover.Lab.Exchange.Emsmdb.Tables;

/// <summary>The order of property values in a table: absent values first, texts without regard to case, bytes one by one.</summary>
internal sealed class ValueOrder : IComparer<object?>
{
    public static readonly ValueOrder Instance = new();

    /// <summary>Values of different types have no order that means anything; it is a lasting one.</summary>
    public int Compare(object? x, object? y) => (x, y) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string left, string right) => string.Compare(left, right, StringComparison.OrdinalIgnoreCase),
        (byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right),
        (Array left, Array right) => Compare(left, right),
        _ when Number(x) is { } left && Number(y) is { } right => left.CompareTo(right),
        (IComparable left, _) when x.GetType() == y.GetType() => left.CompareTo(y),
        _ => string.CompareOrdinal(x.GetType().Name, y.GetType().Name),
    };

    private int Compare(Array x, Array y)
    {
        for (var i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            if (Compare(x.GetValue(i), y.GetValue(i)) is var order and not 0) return order;
        }
        return x.Length.CompareTo(y.Length);
    }

    private static decimal? Number(object value) => value switch
    {
        short number => number,
        int number => number,
        long number => number,
        _ => null,
    };
}
