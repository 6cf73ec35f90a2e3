namespace Cutover.EndToEnd.Tests;

/// <summary>The project's shared data beside the repository.</summary>
internal static class Shared
{
    /// <summary>A folder of it; absent, the test fails in CI and is skipped elsewhere, with the reason.</summary>
    public static string Folder(string name)
    {
        var root = Environment.GetEnvironmentVariable("CUTOVER_SHARED") ?? Find();
        var folder = root is null ? null : Path.Combine(root, name);
        if (folder is not null && Directory.Exists(folder)) return folder;
        var reason = $"../shared/{name} is not there; set CUTOVER_SHARED to the folder that holds it.";
        Assert.True(Environment.GetEnvironmentVariable("CI") != "true", reason);
        Assert.Skip(reason);
        return "";
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "shared", "corpora")))
                return Path.Combine(folder.FullName, "shared");
        return null;
    }
}
