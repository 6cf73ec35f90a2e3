using System.IO.Compression;

namespace Cutover.Mapi.Tests.FastTransfer;

/// <summary>Streams that the product did not make: those kept here, and the larger ones where ../shared is at hand.</summary>
internal static class Captures
{
    private static readonly string Goldens = Path.Combine(AppContext.BaseDirectory, "FastTransfer", "Goldens");

    public static readonly string Oracles = Path.Combine(AppContext.BaseDirectory, "FastTransfer", "Oracles");

    public static TheoryData<string> FastTransferStreams
    {
        get
        {
            var files = Directory.GetFiles(Goldens, "*.fts.gz").Select(Path.GetFileName);
            if (Shared() is { } shared) files = files.Concat(Directory.GetFiles(shared, "*.fts.gz").Select(Path.GetFileName));
            return [.. files.OfType<string>().Distinct().Order()];
        }
    }

    public static byte[] Read(string name)
    {
        var kept = Path.Combine(Goldens, name);
        return ReadFile(File.Exists(kept) ? kept : Path.Combine(Shared()!, name));
    }

    private static byte[] ReadFile(string path)
    {
        using var file = File.OpenRead(path);
        using var content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string? Shared() => SharedMaterial.Find("captures/fasttransfer");
}
