namespace Cutover.Core.Ledger;

/// <summary>A file that appears whole or not at all: written beside its place, flushed to the disk, renamed into it. Only its owner may read it.</summary>
public sealed class AtomicFile : IAsyncDisposable
{
    private readonly string path;
    private readonly string temporary;
    private readonly FileStream stream;
    private bool committed;

    private AtomicFile(string path, string temporary, FileStream stream) => (this.path, this.temporary, this.stream) = (path, temporary, stream);

    public Stream Stream => stream;

    public static AtomicFile Create(string path)
    {
        // One name per file, so that what a killed process left is written over.
        var temporary = path + ".tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new AtomicFile(path, temporary, new FileStream(temporary, options));
    }

    /// <summary>Puts the file in its place, replacing what was there.</summary>
    public async Task CommitAsync(CancellationToken ct)
    {
        await stream.FlushAsync(ct);
        stream.Flush(flushToDisk: true);
        await stream.DisposeAsync();
        File.Move(temporary, path, overwrite: true);
        committed = true;
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        if (!committed)
            File.Delete(temporary);
    }
}
