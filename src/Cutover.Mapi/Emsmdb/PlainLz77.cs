using System.Buffers;
using System.Buffers.Binary;

namespace Cutover.Mapi.Emsmdb;

/// <summary>
/// The LZ77 compression with DIRECT2 encoding that extended buffers use: [MS-XCA] 2.3-2.4 plain LZ77, [MS-OXCRPC] 3.1.4.2.1.2.3. A 32-bit
/// word tells, most
/// significant bit first, of 32 items whether each is a literal byte or a match of 3 or more bytes up to 8,192 bytes back.
/// </summary>
public static class PlainLz77
{
    private const int MinimumMatch = 3;
    private const int Window = 8192;
    private const int HashBits = 13;

    /// <summary>Decompresses to exactly <paramref name="size"/> bytes.</summary>
    /// <exception cref="MapiProtocolException">The data is cut or points before its beginning.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> source, int size)
    {
        var output = new byte[size];
        var input = new Input(source);
        var length = 0;
        uint flags = 0, bit = 0;
        while (length < size)
        {
            if (bit == 0)
            {
                flags = input.ReadUInt32();
                bit = 0x80000000;
            }
            if ((flags & bit) == 0) output[length++] = input.ReadByte();
            else length = CopyMatch(ref input, output, length);
            bit >>= 1;
        }
        return output;
    }

    /// <summary>Compresses; null when that would not make it smaller.</summary>
    public static byte[]? Compress(ReadOnlySpan<byte> source)
    {
        if (source.Length < 16) return null;
        var heads = ArrayPool<int>.Shared.Rent(1 << HashBits);
        var previous = ArrayPool<int>.Shared.Rent(source.Length);
        heads.AsSpan().Clear();
        try
        {
            return Compress(source, heads, previous);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(heads);
            ArrayPool<int>.Shared.Return(previous);
        }
    }

    private static byte[]? Compress(ReadOnlySpan<byte> source, int[] heads, int[] previous)
    {
        var output = new Output(source.Length);
        var position = 0;
        while (position < source.Length)
        {
            var (length, distance) = FindMatch(source, position, heads, previous);
            var end = position + (length < MinimumMatch ? 1 : length);
            var fits = length < MinimumMatch ? output.AddLiteral(source[position]) : output.AddMatch(length, distance);
            if (!fits) return null;
            for (; position < end; position++) Remember(source, position, heads, previous);
        }
        return output.Finish();
    }

    private static int CopyMatch(ref Input input, Span<byte> output, int length)
    {
        var token = input.ReadUInt16();
        var distance = (token >> 3) + 1;
        var count = (token & 7) == 7 ? ReadLongLength(ref input) : token & 7;
        var end = (long)length + count + MinimumMatch;
        if (distance > length || end > output.Length)
            throw new MapiProtocolException($"Compressed buffer: a match of {count + MinimumMatch} bytes, {distance} back, at {length} of {output.Length}");
        // Byte by byte: a match may overlap what it makes.
        for (; length < end; length++) output[length] = output[length - distance];
        return length;
    }

    /// <summary>Match lengths less 3 of 7 and more: a nibble (shared by two matches), then a byte, then 16 bits, then 32.</summary>
    private static int ReadLongLength(ref Input input)
    {
        int nibble = input.ReadNibble();
        if (nibble < 15) return nibble + 7;
        int octet = input.ReadByte();
        if (octet < 255) return octet + 15 + 7;
        long whole = input.ReadUInt16();
        if (whole == 0) whole = input.ReadUInt32();
        if (whole is < 15 + 7 or > int.MaxValue)
            throw new MapiProtocolException($"Compressed buffer: a match length of {whole} in the long form");
        return (int)whole;
    }

    private static (int Length, int Distance) FindMatch(ReadOnlySpan<byte> source, int position, int[] heads, int[] previous)
    {
        const int maximumTries = 24;
        var (best, distance) = (0, 0);
        if (position + MinimumMatch > source.Length) return (0, 0);
        var candidate = heads[Hash(source, position)] - 1;
        for (var tries = 0; candidate >= 0 && position - candidate <= Window && tries < maximumTries; tries++)
        {
            var length = source[position..].CommonPrefixLength(source[candidate..]);
            if (length > best) (best, distance) = (length, position - candidate);
            candidate = previous[candidate] - 1;
        }
        return (best, distance);
    }

    /// <summary>Puts a position at the head of the chain of its hash; 0 ends a chain, so positions are kept plus one.</summary>
    private static void Remember(ReadOnlySpan<byte> source, int position, int[] heads, int[] previous)
    {
        if (position + MinimumMatch > source.Length) return;
        ref var head = ref heads[Hash(source, position)];
        previous[position] = head;
        head = position + 1;
    }

    private static int Hash(ReadOnlySpan<byte> source, int position) =>
        (int)((source[position] | (uint)source[position + 1] << 8 | (uint)source[position + 2] << 16) * 2654435761u >> (32 - HashBits));

    private ref struct Input(ReadOnlySpan<byte> source)
    {
        private readonly ReadOnlySpan<byte> source = source;
        private int offset;
        private int sharedNibble = -1;

        public byte ReadByte() => Take(1)[0];

        public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

        public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

        public byte ReadNibble()
        {
            if (sharedNibble >= 0)
            {
                var high = (byte)(source[sharedNibble] >> 4);
                sharedNibble = -1;
                return high;
            }
            sharedNibble = offset;
            return (byte)(ReadByte() & 15);
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count > source.Length - offset)
                throw new MapiProtocolException($"Compressed buffer ends too early, at byte {source.Length}");
            offset += count;
            return source.Slice(offset - count, count);
        }
    }

    /// <summary>The compressed bytes so far; every addition says whether they are still smaller than the source.</summary>
    private sealed class Output(int limit)
    {
        private readonly byte[] bytes = new byte[limit + 16];
        private int length = 4;
        private int flagsAt;
        private uint flags;
        private int items;
        private int sharedNibble = -1;

        public bool AddLiteral(byte value)
        {
            bytes[length++] = value;
            return AddItem(isMatch: false);
        }

        public bool AddMatch(int matchLength, int distance)
        {
            var count = matchLength - MinimumMatch;
            Write16((ushort)((distance - 1) << 3 | Math.Min(count, 7)));
            if (count >= 7) AddLongLength(count);
            return AddItem(isMatch: true);
        }

        public byte[]? Finish()
        {
            // Items that don't exist are marked as matches: [MS-XCA] 2.3.4.
            var unused = 32 - items;
            flags = unused == 32 ? uint.MaxValue : flags << unused | (1u << unused) - 1;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(flagsAt), flags);
            return length < limit ? bytes[..length] : null;
        }

        private void AddLongLength(int count)
        {
            AddNibble((byte)Math.Min(count - 7, 15));
            if (count < 7 + 15) return;
            bytes[length++] = (byte)Math.Min(count - 7 - 15, 255);
            if (count < 7 + 15 + 255) return;
            Write16(checked((ushort)count));
        }

        private void AddNibble(byte nibble)
        {
            if (sharedNibble >= 0)
            {
                bytes[sharedNibble] |= (byte)(nibble << 4);
                sharedNibble = -1;
                return;
            }
            sharedNibble = length;
            bytes[length++] = nibble;
        }

        private bool AddItem(bool isMatch)
        {
            flags = flags << 1 | (isMatch ? 1u : 0u);
            if (++items == 32) StartFlags();
            return length < limit;
        }

        private void StartFlags()
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(flagsAt), flags);
            (flagsAt, flags, items) = (length, 0, 0);
            length += 4;
        }

        private void Write16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(length), value);
            length += 2;
        }
    }
}
