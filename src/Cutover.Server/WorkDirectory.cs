namespace Cutover.Server;

/// <summary>The folder where a cutover keeps everything it remembers, held by one process at a time.</summary>
public sealed class WorkDirectory : IDisposable
{
    private readonly FileStream hold;

    private WorkDirectory(string path, FileStream hold)
    {
        Path = path;
        this.hold = hold;
    }

    public string Path { get; }

    public static string DatabaseOf(string path) => System.IO.Path.Combine(path, "cutover.db");

    public string InitialPasswordsFile => InitialPasswordsOf(Path);

    /// <summary>Where the initial passwords of a work folder lie, encrypted; also while another process holds the folder.</summary>
    /// <exception cref="InvalidSettingsException">There is no such folder.</exception>
    public static string InitialPasswordsOf(string path) => Directory.Exists(path) ? System.IO.Path.Combine(path, "initial-passwords.jsonl")
        : throw new InvalidSettingsException($"There is no work folder {path}.");

    /// <summary>Where items wait between source and target; emptied at every start.</summary>
    public string SpoolDirectory => System.IO.Path.Combine(Path, "spool");

    /// <exception cref="InvalidSettingsException">It can't be made or written, or another process holds it.</exception>
    public static WorkDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
            return Prepare(new WorkDirectory(full, Hold(full)));
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException { HResult: not HeldByAnother })
        {
            throw new InvalidSettingsException($"The work folder {full} can't be used: {error.Message}");
        }
    }

    public void Dispose() => hold.Dispose();

    // EWOULDBLOCK as .NET reports a lock that another process has.
    private const int HeldByAnother = 11;

    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.HResult == HeldByAnother)
        {
            throw new InvalidSettingsException($"Another cutover process holds the work folder {path}. Wait until it ends, or name another folder with --work.");
        }
    }

    private static WorkDirectory Prepare(WorkDirectory work)
    {
        if (Directory.Exists(work.SpoolDirectory)) Directory.Delete(work.SpoolDirectory, recursive: true);
        Directory.CreateDirectory(work.SpoolDirectory);
        return work;
    }
}
