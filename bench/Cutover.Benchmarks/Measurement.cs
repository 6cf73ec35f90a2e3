using System.Diagnostics;
using System.Security.Cryptography;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Benchmarks;

/// <summary>One way to go through a workload.</summary>
internal sealed record Measurement(string Name, Action<Workload> Pass)
{
    public static IReadOnlyList<Measurement> All { get; } =
    [
        new("SHA-256 of the bytes", workload => SHA256.HashData(workload.Stream)),
        new("parse", workload => Parse(workload.Stream, new Sink())),
        new("parse + digest", Digest),
        new("parse + filter + digest + item stream", CopyOut),
        new("parse + stamp + item stream", Stamp),
    ];

    private const int FeedSize = 32 * 1024;

    /// <summary>Megabytes per second on one core, the best of the passes that fit into the time.</summary>
    public double Run(Workload workload, TimeSpan time)
    {
        Pass(workload);
        var best = TimeSpan.MaxValue;
        for (var all = Stopwatch.StartNew(); all.Elapsed < time;)
        {
            var one = Stopwatch.StartNew();
            Pass(workload);
            if (one.Elapsed < best) best = one.Elapsed;
        }
        return workload.Stream.Length / best.TotalSeconds / 1e6;
    }

    private static void Parse(byte[] stream, IFastTransferHandler handler)
    {
        var lexer = new FastTransferLexer(handler);
        for (var i = 0; i < stream.Length; i += FeedSize) lexer.Feed(stream.AsSpan(i, Math.Min(FeedSize, stream.Length - i)));
        lexer.Complete();
    }

    private static void Digest(Workload workload)
    {
        foreach (var content in workload.Contents)
        {
            var digest = new ItemDigest();
            Parse(content, digest);
            digest.Complete();
        }
    }

    private static void CopyOut(Workload workload)
    {
        foreach (var content in workload.Contents)
        {
            var digest = new ItemDigest();
            var writer = new ItemStreamWriter(Stream.Null);
            Parse(content, new ImportFilter(new FastTransferTee(digest, writer)));
            writer.Complete();
            digest.Complete();
        }
    }

    private static void Stamp(Workload workload)
    {
        foreach (var content in workload.Contents)
        {
            // What the target does with what the source wrote.
            var writer = new ItemStreamWriter(Stream.Null);
            var stamp = new ItemStamp(writer, "key", "version");
            Parse(content, stamp);
            stamp.Complete();
            writer.Complete();
        }
    }

    private sealed class Sink : IFastTransferHandler
    {
        public void Marker(FastTransferMarker marker) { }

        public void Property(PropertyValue property) { }

        public void BeginProperty(PropertyTag tag, PropertyName? name, long length) { }

        public void PropertyData(ReadOnlySpan<byte> data) { }

        public void EndProperty() { }
    }
}
