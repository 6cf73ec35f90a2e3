namespace Cutover.Lab.Tests.Http;

/// <summary>A directory that lives as long as its test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cutover-lab-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
