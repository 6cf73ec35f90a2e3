namespace Cutover.Mapi.Messages.Rtf;

/// <summary>Finds in what went before what comes next, and writes references to it. Source: [MS-OXRTFCP] 3.2.</summary>
internal ref struct RtfCompressor
{
    private const int TokensPerControlByte = 8;

    private readonly ReadOnlySpan<byte> history; // the dictionary's first content, then the RTF
    private readonly int[] latest = NewIndex(ushort.MaxValue + 1);
    private readonly int[] earlier;
    private readonly MemoryStream output = new();
    private readonly List<byte> tokens = new(2 * TokensPerControlByte);
    private int control;
    private int count;

    private RtfCompressor(ReadOnlySpan<byte> history)
    {
        this.history = history;
        earlier = NewIndex(history.Length);
    }

    public static byte[] Compress(ReadOnlySpan<byte> rtf)
    {
        byte[] history = [.. CompressedRtf.Dictionary, .. rtf];
        var compressor = new RtfCompressor(history);
        compressor.Run();
        return compressor.output.ToArray();
    }

    private void Run()
    {
        var at = CompressedRtf.Dictionary.Length;
        for (var i = 0; i < at; i++) Index(i);
        while (at < history.Length)
        {
            var (start, length) = LongestMatch(at);
            if (length >= CompressedRtf.ShortestReference) Reference(start, length);
            else Literal(history[at]);
            for (var end = at + Math.Max(1, length); at < end; at++) Index(at);
        }
        // A reference to where writing would go on ends the RTF.
        Reference(at, CompressedRtf.ShortestReference);
        Flush();
    }

    private readonly (int Start, int Length) LongestMatch(int at)
    {
        var (start, longest) = (0, 0);
        if (at + 1 >= history.Length) return (start, longest);
        for (var candidate = latest[Pair(at)]; candidate > at - CompressedRtf.DictionarySize && candidate >= 0; candidate = earlier[candidate])
        {
            var length = history[at..].CommonPrefixLength(history[candidate..Math.Min(candidate + CompressedRtf.LongestReference, history.Length)]);
            if (length >= longest) (start, longest) = (candidate, length); // of equals the oldest, as the specification's examples have it
            if (length == CompressedRtf.LongestReference) break;
        }
        return (start, longest);
    }

    private readonly void Index(int at)
    {
        if (at + 1 >= history.Length) return;
        var pair = Pair(at);
        earlier[at] = latest[pair];
        latest[pair] = at;
    }

    private readonly int Pair(int at) => history[at] << 8 | history[at + 1];

    private void Literal(byte b)
    {
        tokens.Add(b);
        Next(isReference: false);
    }

    private void Reference(int start, int length)
    {
        var token = (start % CompressedRtf.DictionarySize) << 4 | (length - CompressedRtf.ShortestReference);
        tokens.Add((byte)(token >> 8));
        tokens.Add((byte)token);
        Next(isReference: true);
    }

    private void Next(bool isReference)
    {
        if (isReference) control |= 1 << count;
        if (++count == TokensPerControlByte) Flush();
    }

    private void Flush()
    {
        if (count == 0) return;
        output.WriteByte((byte)control);
        output.Write(tokens.ToArray());
        tokens.Clear();
        (control, count) = (0, 0);
    }

    private static int[] NewIndex(int size)
    {
        var index = new int[size];
        Array.Fill(index, -1);
        return index;
    }
}
