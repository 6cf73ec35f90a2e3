using System.Buffers;
using System.Buffers.Binary;

namespace Cutover.Mapi.FastTransfer;

/// <summary>Ids or change numbers low to high, both included, of one replica. A counter has 48 bits.</summary>
public readonly record struct IdRange(Guid Replica, ulong Low, ulong High);

/// <summary>
/// A set of ids (IDSET) or change numbers (CNSET), kept as closed ranges per replica. Source: [MS-OXCFXICS] 2.2.2.3, 2.2.2.4.
/// </summary>
public sealed class IdSet : IEquatable<IdSet>
{
    /// <summary>The highest counter there is.</summary>
    public const ulong MaxCounter = 0xFFFF_FFFF_FFFF;

    private const int ReplicaGuidSize = 16;
    private const int CounterSize = 6;

    private readonly SortedDictionary<Guid, CounterRanges> replicas = [];

    public bool IsEmpty => replicas.Count == 0;

    /// <summary>The ranges in order of replica and counter; neighbours are joined.</summary>
    public IEnumerable<IdRange> Ranges =>
        replicas.SelectMany(replica => replica.Value.Select(range => new IdRange(replica.Key, range.Low, range.High)));

    public void Add(Guid replica, ulong counter) => AddRange(replica, counter, counter);

    /// <exception cref="ArgumentOutOfRangeException">The range is empty or beyond 48 bits.</exception>
    public void AddRange(Guid replica, ulong low, ulong high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(high, MaxCounter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(low, high);
        Of(replica).Add(low, high);
    }

    /// <summary>Adds the id that an XID of 22 bytes (a source key or change key) names. Source: [MS-OXCFXICS] 2.2.2.2.</summary>
    /// <exception cref="MapiProtocolException">It has another length.</exception>
    public void Add(ReadOnlySpan<byte> xid)
    {
        var (replica, counter) = ReadXid(xid);
        Add(replica, counter);
    }

    public bool Contains(Guid replica, ulong counter) => replicas.TryGetValue(replica, out var ranges) && ranges.Contains(counter);

    public bool Contains(ReadOnlySpan<byte> xid)
    {
        var (replica, counter) = ReadXid(xid);
        return Contains(replica, counter);
    }

    public void UnionWith(IdSet other)
    {
        foreach (var range in other.Ranges.ToList()) AddRange(range.Replica, range.Low, range.High);
    }

    public IdSet Clone()
    {
        var clone = new IdSet();
        clone.UnionWith(this);
        return clone;
    }

    /// <summary>The replica and counter of an XID with a 48-bit local id.</summary>
    /// <exception cref="MapiProtocolException">It does not have 22 bytes.</exception>
    public static (Guid Replica, ulong Counter) ReadXid(ReadOnlySpan<byte> xid)
    {
        if (xid.Length != ReplicaGuidSize + CounterSize)
            throw new MapiProtocolException($"An id of a replica and a counter has 22 bytes; {xid.Length} came.");
        return (new Guid(xid[..ReplicaGuidSize]), ReadCounter(xid[ReplicaGuidSize..]));
    }

    /// <summary>The 22 bytes of a source key or change key.</summary>
    public static byte[] WriteXid(Guid replica, ulong counter)
    {
        var xid = new byte[ReplicaGuidSize + CounterSize];
        replica.TryWriteBytes(xid);
        WriteCounter(counter, xid.AsSpan(ReplicaGuidSize));
        return xid;
    }

    /// <summary>Reads a 48-bit big-endian counter (GLOBCNT).</summary>
    public static ulong ReadCounter(ReadOnlySpan<byte> bytes) =>
        (ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);

    public static void WriteCounter(ulong counter, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(counter >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)counter);
    }

    /// <summary>Reads the form of the state properties: replica GUIDs, each with its GLOBSET.</summary>
    /// <exception cref="MapiProtocolException">The bytes are no such set.</exception>
    public static IdSet Parse(ReadOnlySpan<byte> bytes)
    {
        var set = new IdSet();
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < ReplicaGuidSize) throw Cut();
            var replica = new Guid(bytes[..ReplicaGuidSize]);
            bytes = bytes[ReplicaGuidSize..];
            set.ReadGlobset(replica, ref bytes);
        }
        return set;
    }

    public byte[] Serialize()
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var (replica, ranges) in replicas)
        {
            replica.TryWriteBytes(output.GetSpan(ReplicaGuidSize));
            output.Advance(ReplicaGuidSize);
            Globset.Write(ranges, output);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads the form of the deletion and read-state properties: 16-bit replica ids, each with its GLOBSET.</summary>
    /// <param name="replicaOf">The replica that an id means in this logon.</param>
    /// <exception cref="MapiProtocolException">The bytes are no such set.</exception>
    public static IdSet ParseReplIds(ReadOnlySpan<byte> bytes, Func<ushort, Guid> replicaOf)
    {
        var set = new IdSet();
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < sizeof(ushort)) throw Cut();
            var replica = replicaOf(BinaryPrimitives.ReadUInt16LittleEndian(bytes));
            bytes = bytes[sizeof(ushort)..];
            set.ReadGlobset(replica, ref bytes);
        }
        return set;
    }

    public byte[] SerializeReplIds(Func<Guid, ushort> replIdOf)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var (replica, ranges) in replicas)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(sizeof(ushort)), replIdOf(replica));
            output.Advance(sizeof(ushort));
            Globset.Write(ranges, output);
        }
        return output.WrittenSpan.ToArray();
    }

    public bool Equals(IdSet? other) => other is not null && Ranges.SequenceEqual(other.Ranges);

    public override bool Equals(object? obj) => Equals(obj as IdSet);

    public override int GetHashCode() => Ranges.Aggregate(0, HashCode.Combine);

    private void ReadGlobset(Guid replica, ref ReadOnlySpan<byte> bytes)
    {
        foreach (var (low, high) in Globset.Read(ref bytes)) Of(replica).Add(low, high);
    }

    private CounterRanges Of(Guid replica)
    {
        if (!replicas.TryGetValue(replica, out var ranges)) replicas.Add(replica, ranges = []);
        return ranges;
    }

    private static MapiProtocolException Cut() => new("An id set ends inside a replica's id.");
}
