using System.Diagnostics;

namespace Cutover.EndToEnd.Tests;

/// <summary>A small file system of its own, in memory, so that a disk can really be full.</summary>
internal sealed class TemporaryDisk : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private TemporaryDisk() { }

    public string Path => folder.Path;

    /// <summary>Null where this user may not mount.</summary>
    public static TemporaryDisk? TryMount(int megabytes)
    {
        var disk = new TemporaryDisk();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path)) return disk;
        disk.folder.Dispose();
        return null;
    }

    public void Grow(int megabytes) => Assert.True(Run("mount", "-o", $"remount,size={megabytes}m", Path));

    public void Dispose()
    {
        Run("umount", Path);
        folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
