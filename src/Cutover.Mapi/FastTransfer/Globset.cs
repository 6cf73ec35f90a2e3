using System.Buffers;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// The commands that encode a set of 48-bit counters: a stack of common high bytes, ranges and bit masks below it. Source: [MS-OXCFXICS] 2.2.2.6.
/// </summary>
internal static class Globset
{
    private const int CounterSize = 6;
    private const byte End = 0x00;
    private const byte Bitmask = 0x42;
    private const byte Pop = 0x50;
    private const byte Range = 0x52;

    /// <summary>A bit mask covers its start and the eight counters after it.</summary>
    private const ulong BitmaskReach = 8;

    /// <summary>Reads commands up to and including End.</summary>
    public static List<(ulong Low, ulong High)> Read(ref ReadOnlySpan<byte> bytes)
    {
        var ranges = new List<(ulong, ulong)>();
        var stack = new Stack<int>();
        Span<byte> common = stackalloc byte[CounterSize];
        var depth = 0;
        while (true)
        {
            var command = Take(1, ref bytes)[0];
            switch (command)
            {
                case End:
                    return ranges;
                case >= 1 and <= CounterSize:
                    Push(command, common, ref depth, stack, ranges, ref bytes);
                    break;
                case Pop:
                    if (!stack.TryPop(out var pushed)) throw new MapiProtocolException("A GLOBSET pops what it never pushed.");
                    depth -= pushed;
                    break;
                case Bitmask:
                    ReadBitmask(common, depth, ranges, ref bytes);
                    break;
                case Range:
                    ranges.Add(ReadRange(common, depth, ref bytes));
                    break;
                default:
                    throw new MapiProtocolException($"A GLOBSET has the unknown command 0x{command:X2}.");
            }
        }
    }

    /// <summary>Writes the ranges and End.</summary>
    public static void Write(CounterRanges ranges, IBufferWriter<byte> output)
    {
        if (ranges.Count > 0) WriteGroup(ranges, 0, ranges.Count, 0, output);
        Put(output, End);
    }

    private static void Push(
        int count, scoped Span<byte> common, ref int depth, Stack<int> stack, List<(ulong, ulong)> ranges, ref ReadOnlySpan<byte> bytes)
    {
        if (depth + count > CounterSize) throw new MapiProtocolException("A GLOBSET pushes more than six bytes.");
        Take(count, ref bytes).CopyTo(common[depth..]);
        if (depth + count == CounterSize)
        {
            // A counter that is whole stands for itself and leaves the stack at once.
            var single = IdSet.ReadCounter(common);
            ranges.Add((single, single));
            return;
        }
        stack.Push(count);
        depth += count;
    }

    private static (ulong Low, ulong High) ReadRange(scoped Span<byte> common, int depth, ref ReadOnlySpan<byte> bytes)
    {
        Take(CounterSize - depth, ref bytes).CopyTo(common[depth..]);
        var low = IdSet.ReadCounter(common);
        Take(CounterSize - depth, ref bytes).CopyTo(common[depth..]);
        var high = IdSet.ReadCounter(common);
        return low <= high ? (low, high) : throw new MapiProtocolException("A GLOBSET has a range whose low end is above its high end.");
    }

    private static void ReadBitmask(scoped Span<byte> common, int depth, List<(ulong, ulong)> ranges, ref ReadOnlySpan<byte> bytes)
    {
        if (depth != CounterSize - 1) throw new MapiProtocolException("A GLOBSET has a bit mask with other than five bytes on the stack.");
        var operands = Take(2, ref bytes);
        common[depth] = operands[0];
        var start = IdSet.ReadCounter(common);
        ranges.Add((start, start));
        for (var bit = 0; bit < 8; bit++)
        {
            if ((operands[1] >> bit & 1) == 0) continue;
            var counter = start + (ulong)bit + 1;
            if (counter > IdSet.MaxCounter) throw new MapiProtocolException("A GLOBSET has a bit mask beyond the highest counter.");
            ranges.Add((counter, counter));
        }
    }

    /// <summary>Writes ranges first to end, which share the <paramref name="depth"/> high bytes on the stack.</summary>
    private static void WriteGroup(CounterRanges ranges, int first, int end, int depth, IBufferWriter<byte> output)
    {
        var shared = Math.Min(CommonBytes(ranges[first].Low, ranges[end - 1].High), CounterSize - 1);
        if (shared > depth) PutBytes(output, (byte)(shared - depth), ranges[first].Low, depth, shared);
        if (shared == CounterSize - 1) WriteLeaves(ranges, first, end, output);
        else WriteBranches(ranges, first, end, shared, output);
        if (shared > depth) Put(output, Pop);
    }

    /// <summary>Ranges that share one byte more go into a group of their own.</summary>
    private static void WriteBranches(CounterRanges ranges, int first, int end, int depth, IBufferWriter<byte> output)
    {
        while (first < end)
        {
            var next = first + 1;
            while (next < end && CommonBytes(ranges[first].Low, ranges[next].High) > depth) next++;
            if (next - first > 1) WriteGroup(ranges, first, next, depth, output);
            else WriteOne(ranges[first], depth, output);
            first = next;
        }
    }

    /// <summary>With five bytes on the stack, neighbours within reach of a bit mask take three bytes together.</summary>
    private static void WriteLeaves(CounterRanges ranges, int first, int end, IBufferWriter<byte> output)
    {
        while (first < end)
        {
            var start = ranges[first].Low;
            var next = first;
            while (next < end && ranges[next].High <= start + BitmaskReach) next++;
            if (next - first < 2) WriteOne(ranges[next = first], CounterSize - 1, output);
            else WriteBitmask(ranges, first, next, output);
            first = Math.Max(next, first + 1);
        }
    }

    private static void WriteBitmask(CounterRanges ranges, int first, int end, IBufferWriter<byte> output)
    {
        var start = ranges[first].Low;
        var mask = 0;
        for (var i = first; i < end; i++)
            for (var counter = Math.Max(ranges[i].Low, start + 1); counter <= ranges[i].High; counter++)
                mask |= 1 << (int)(counter - start - 1);
        Put(output, Bitmask);
        Put(output, (byte)start);
        Put(output, (byte)mask);
    }

    private static void WriteOne((ulong Low, ulong High) range, int depth, IBufferWriter<byte> output)
    {
        if (range.Low == range.High)
        {
            PutBytes(output, (byte)(CounterSize - depth), range.Low, depth, CounterSize);
            return;
        }
        PutBytes(output, Range, range.Low, depth, CounterSize);
        PutBytes(output, range.High, depth, CounterSize);
    }

    private static int CommonBytes(ulong a, ulong b)
    {
        var count = 0;
        while (count < CounterSize && ByteAt(a, count) == ByteAt(b, count)) count++;
        return count;
    }

    private static byte ByteAt(ulong counter, int index) => (byte)(counter >> 8 * (CounterSize - 1 - index));

    private static void PutBytes(IBufferWriter<byte> output, byte command, ulong counter, int from, int to)
    {
        Put(output, command);
        PutBytes(output, counter, from, to);
    }

    private static void PutBytes(IBufferWriter<byte> output, ulong counter, int from, int to)
    {
        for (var i = from; i < to; i++) Put(output, ByteAt(counter, i));
    }

    private static void Put(IBufferWriter<byte> output, byte value) => output.Write([value]);

    private static ReadOnlySpan<byte> Take(int count, ref ReadOnlySpan<byte> bytes)
    {
        if (count > bytes.Length) throw new MapiProtocolException("A GLOBSET ends before its End command.");
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
