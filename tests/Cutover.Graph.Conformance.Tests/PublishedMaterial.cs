using System.IO.Compression;

namespace Cutover.Graph.Conformance.Tests;

/// <summary>What Microsoft publishes of Graph, in ../shared/microsoft365.</summary>
internal static class PublishedMaterial
{
    /// <summary>A file there, unpacked. Without it the test is skipped, and fails in CI.</summary>
    public static Stream Open(string name) =>
        new GZipStream(File.OpenRead(SharedMaterial.Require($"microsoft365/{name}")), CompressionMode.Decompress);
}
