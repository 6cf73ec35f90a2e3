using System.Buffers.Binary;

namespace Cutover.Fuzz;

/// <summary>Damages bytes in the ways that break decoders: flipped bits, wild lengths, cuts, repeats, pieces of other seeds.</summary>
internal sealed class Mutator(Random random)
{
    private const int LongestInput = 4096;

    private static readonly uint[] WildNumbers =
        [0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    public byte[] Mutate(IReadOnlyList<byte[]> seeds)
    {
        var bytes = Piece(seeds).ToList();
        for (var times = random.Next(1, 7); times > 0; times--) MutateOnce(bytes, seeds);
        return [.. bytes];
    }

    private void MutateOnce(List<byte> bytes, IReadOnlyList<byte[]> seeds)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(8))
        {
            case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
            case 2: Overwrite(bytes, at, WildNumbers[random.Next(WildNumbers.Length)], random.Next(2) == 0 ? 2 : 4); break;
            case 3: bytes.RemoveRange(at, Math.Min(random.Next(16), bytes.Count - at)); break;
            case 4: bytes.InsertRange(at, Enumerable.Range(0, random.Next(16)).Select(_ => (byte)random.Next(256))); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(64), bytes.Count - at))); break;
            case 6: bytes.RemoveRange(at, bytes.Count - at); break;
            default: bytes.InsertRange(at, Piece(seeds).Take(random.Next(64))); break;
        }
    }

    private static void Overwrite(List<byte> bytes, int at, uint number, int size)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(value, number);
        for (var i = 0; i < size && at + i < bytes.Count; i++) bytes[at + i] = value[i];
    }

    /// <summary>A seed, or a part of a long one: from its start mostly, since that is where a decoder begins.</summary>
    private ReadOnlySpan<byte> PieceOf(byte[] seed)
    {
        if (seed.Length <= LongestInput) return seed;
        var start = random.Next(4) > 0 ? 0 : random.Next(seed.Length - LongestInput);
        return seed.AsSpan(start, random.Next(16, LongestInput));
    }

    private byte[] Piece(IReadOnlyList<byte[]> seeds) => PieceOf(seeds[random.Next(seeds.Count)]).ToArray();
}
