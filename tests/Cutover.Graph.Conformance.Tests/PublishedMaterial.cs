using System.IO.Compression;

namespace Cutover.Graph.Conformance.Tests;

/// <summary>What Microsoft publishes of Graph, in ../shared/microsoft365 or in the folder that CUTOVER_SHARED names.</summary>
internal static class PublishedMaterial
{
    /// <summary>A file there, unpacked. Without it the test is skipped, and fails in CI (CI=true).</summary>
    public static Stream Open(string name)
    {
        var file = Candidates().Select(folder => Path.Combine(folder, "microsoft365", name)).FirstOrDefault(File.Exists);
        if (file is not null) return new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        var reason = $"Microsoft's published {name} is not here: set CUTOVER_SHARED to the shared folder.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
        return Stream.Null;
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("CUTOVER_SHARED") is { Length: > 0 } named) yield return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "shared");
    }
}
