using System.Buffers.Binary;
using System.Globalization;

namespace Cutover.Mapi.Rops;

/// <summary>
/// A folder id, message id or change number as a ROP carries it: the replica id in the low 16 bits, then a 48-bit counter whose most
/// significant byte
/// comes first. Tables give it as an Integer64. Source: [MS-OXCDATA] 2.2.1.
/// </summary>
public readonly record struct ObjectId(ulong Value)
{
    public ObjectId(long value) : this(unchecked((ulong)value)) { }

    public ushort ReplicaId => (ushort)Value;

    /// <summary>The global counter as a number, so that ids can be compared and put in ranges.</summary>
    public ulong Counter => BinaryPrimitives.ReverseEndianness(Value >> 16) >> 16;

    /// <summary>The same 64 bits as a table column holds them.</summary>
    public long ToInt64() => unchecked((long)Value);

    public static ObjectId Of(ushort replicaId, ulong counter) =>
        new(BinaryPrimitives.ReverseEndianness(counter << 16) << 16 | replicaId);

    public override string ToString() => $"{ReplicaId:X}-{Counter:X}";
}

/// <summary>
/// The long-term form of an <see cref="ObjectId"/>: the replica by its GUID, so it means the same in every session. Source: [MS-OXCDATA]
/// 2.2.1.3.1.
/// </summary>
public readonly record struct LongTermId(Guid Replica, ulong Counter)
{
    internal const int Size = 24;

    /// <summary>32 hex digits, a hyphen, 12 hex digits.</summary>
    public override string ToString() => $"{Replica:N}-{Counter:x12}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out LongTermId id)
    {
        id = default;
        if (text.Length != 45 || text[32] != '-' || !Guid.TryParseExact(text[..32], "N", out var replica)) return false;
        if (!ulong.TryParse(text.AsSpan(33), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var counter)) return false;
        id = new LongTermId(replica, counter);
        return true;
    }
}
