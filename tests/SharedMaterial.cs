namespace Cutover.Tests;

/// <summary>The project's shared data and decoders: in ../shared beside the repository, or in the folder that CUTOVER_SHARED names.</summary>
internal static class SharedMaterial
{
    /// <summary>A file or folder there; null when it is not at hand.</summary>
    public static string? Find(string relativePath) =>
        Candidates().Select(folder => Path.Combine(folder, relativePath)).FirstOrDefault(Path.Exists);

    /// <summary>A file or folder there. Without it the test fails in CI (CI=true) and is skipped elsewhere, with the reason.</summary>
    public static string Require(string relativePath)
    {
        if (Find(relativePath) is { } found) return found;
        var reason = $"../shared/{relativePath} is not at hand: set CUTOVER_SHARED to the shared folder.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
        return "";
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("CUTOVER_SHARED") is { Length: > 0 } named) yield return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "shared");
    }
}
