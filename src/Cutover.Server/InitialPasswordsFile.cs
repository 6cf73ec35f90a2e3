using Cutover.Core.Recipients;

namespace Cutover.Server;

/// <summary>Initial passwords in a CSV file that only its owner can read, for the administrator to hand over once and delete.</summary>
public sealed class InitialPasswordsFile(string path) : IInitialPasswords
{
    private readonly SemaphoreSlim one = new(1, 1);

    public async Task KeepAsync(string userPrincipalName, string password, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            await using var file = new FileStream(path, Options());
            if (file.Length == 0) await file.WriteAsync("userPrincipalName,initialPassword\r\n"u8.ToArray(), ct);
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{Quote(userPrincipalName)},{Quote(password)}\r\n"), ct);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            one.Release();
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
