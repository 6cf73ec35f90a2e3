using System.Diagnostics;
using Cutover.Mapi;

namespace Cutover.Fuzz;

/// <summary>What became of one input.</summary>
internal enum Outcome
{
    Decoded,

    /// <summary>MapiProtocolException: the bytes are broken and the decoder says so.</summary>
    Refused,
    WrongException,
    TooSlow,
    TooMuchMemory,
}

/// <summary>One input and what a decoder made of it.</summary>
/// <param name="Detail">For people; empty when all is well.</param>
internal sealed record Verdict(Outcome Outcome, byte[] Input, string Detail)
{
    public bool IsWell => Outcome is Outcome.Decoded or Outcome.Refused;
}

/// <summary>Holds decoders to what they owe to bytes from strangers: no exception but the protocol's own, no hang, no memory out of proportion.</summary>
internal static class FuzzRun
{
    /// <summary>What a decoder may allocate whatever comes: buffers and tables of its own.</summary>
    private const long FixedMemory = 2 << 20;

    /// <summary>What it may allocate besides for each byte of the input: UTF-16, objects for fields, growing lists.</summary>
    private const long MemoryPerByte = 256;

    /// <summary>Far beyond what any input of a few kilobytes takes, and beyond what a busy machine adds to it.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public static byte[] Input(FuzzTarget target, int seed, long n) => new Mutator(new Random(HashCode(seed, n))).Mutate(target.Seeds);

    public static Verdict Judge(FuzzTarget target, byte[] input)
    {
        var verdict = Once(target, input);
        // The machine may have been busy, or the first of its kind made tables: only what comes again counts.
        return verdict.Outcome is Outcome.TooSlow or Outcome.TooMuchMemory ? Once(target, input) : verdict;
    }

    private static Verdict Once(FuzzTarget target, byte[] input)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        var outcome = Outcome.Decoded;
        try
        {
            target.Decode(input);
        }
        catch (MapiProtocolException)
        {
            outcome = Outcome.Refused;
        }
        catch (Exception e)
        {
            return new Verdict(Outcome.WrongException, input, e.ToString());
        }
        var time = Stopwatch.GetElapsedTime(began);
        var memory = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (time > Longest) return new Verdict(Outcome.TooSlow, input, $"took {time.TotalSeconds:N1} s");
        if (memory > FixedMemory + MemoryPerByte * input.Length) return new Verdict(Outcome.TooMuchMemory, input, $"allocated {memory:N0} bytes for {input.Length:N0}");
        return new Verdict(outcome, input, "");
    }

    private static int HashCode(int seed, long n) => unchecked((int)(seed * 2_654_435_761L + n * 40_503L));
}
