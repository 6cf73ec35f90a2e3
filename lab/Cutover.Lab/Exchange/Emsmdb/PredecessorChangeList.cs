using System.Buffers.Binary;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// The newest change of each replica that an object has seen: sized XIDs, sorted by the bytes of their namespaces. Source: [MS-OXCFXICS] 2.2.2.3.
/// </summary>
internal static class PredecessorChangeList
{
    private const int NamespaceSize = 16;
    private const int LargestCounter = sizeof(long);

    /// <summary>Whether everything that one list has seen another has seen too. Source: [MS-OXCFXICS] 3.1.5.6.1.</summary>
    public static bool Includes(ReadOnlySpan<byte> list, ReadOnlySpan<byte> other)
    {
        var seen = Read(list);
        return Read(other).All(change => seen.GetValueOrDefault(change.Key) is { } newest && Counter(newest) >= Counter(change.Value));
    }

    /// <summary>What has seen all that both have seen. Source: [MS-OXCFXICS] 3.1.5.6.2.</summary>
    public static byte[] Merge(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var merged = Read(one);
        foreach (var (replica, xid) in Read(other))
        {
            if (merged.GetValueOrDefault(replica) is not { } known || Counter(xid) > Counter(known)) merged[replica] = xid;
        }
        return [.. merged.Values.SelectMany(xid => (byte[])[(byte)xid.Length, .. xid])];
    }

    /// <summary>The list of one change.</summary>
    public static byte[] Of(ReadOnlySpan<byte> xid) => [(byte)xid.Length, .. xid];

    // Keyed by the namespace in digits, which sort as its bytes do. What is cut short ends the list.
    private static SortedDictionary<string, byte[]> Read(ReadOnlySpan<byte> list)
    {
        var changes = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        while (list.Length > 0 && list[0] < list.Length)
        {
            var xid = list.Slice(1, list[0]);
            if (xid.Length is > NamespaceSize and <= NamespaceSize + LargestCounter) changes[Convert.ToHexString(xid[..NamespaceSize])] = xid.ToArray();
            list = list[(1 + xid.Length)..];
        }
        return changes;
    }

    private static ulong Counter(ReadOnlySpan<byte> xid)
    {
        Span<byte> eight = stackalloc byte[LargestCounter];
        eight.Clear();
        xid[NamespaceSize..].CopyTo(eight[(LargestCounter - (xid.Length - NamespaceSize))..]);
        return BinaryPrimitives.ReadUInt64BigEndian(eight);
    }
}
