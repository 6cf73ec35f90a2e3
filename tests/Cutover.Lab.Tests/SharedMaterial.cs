using System.Diagnostics;

namespace Cutover.Lab.Tests;

/// <summary>The independent decoders in ../shared, or in the folder that CUTOVER_SHARED names.</summary>
internal static class SharedMaterial
{
    /// <summary>A file there. Without it the test is skipped, and fails in CI (CI=true).</summary>
    public static string Require(string relativePath)
    {
        var file = Candidates().Select(folder => Path.Combine(folder, relativePath)).FirstOrDefault(File.Exists);
        if (file is not null) return file;
        const string reason = "The independent decoders are not here: set CUTOVER_SHARED to the shared folder.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
        return "";
    }

    /// <summary>What a Python program prints.</summary>
    public static async Task<string> RunPythonAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("CUTOVER_SHARED") is { Length: > 0 } named) yield return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "shared");
    }
}
