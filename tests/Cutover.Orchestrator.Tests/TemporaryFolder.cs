namespace Cutover.Orchestrator.Tests;

/// <summary>A work folder that goes with its test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"cutover-test-{Guid.NewGuid():N}");

    public string Database => System.IO.Path.Combine(Path, "cutover.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
