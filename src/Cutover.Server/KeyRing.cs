using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Cutover.Server;

/// <summary>
/// The keys that secrets at rest are encrypted with: in the user's own folder or where <see cref="Variable"/> says, never in the work folder, so that whoever gets a copy of that
/// has not both.
/// </summary>
public static class KeyRing
{
    public const string Variable = "CUTOVER_KEYS";

    /// <exception cref="InvalidSettingsException">There is no such folder for this user.</exception>
    public static string Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? Path.GetFullPath(named)
        : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } own ? Path.Combine(own, "cutover", "keys")
        : throw new InvalidSettingsException($"There is no place for the keys that passwords are encrypted with: set {Variable} to a folder that only you can read.");

    /// <summary>Opens the keys, making the first one where there is none.</summary>
    /// <exception cref="InvalidSettingsException">Their folder can't be made.</exception>
    public static IDataProtectionProvider Open()
    {
        try
        {
            var folder = OperatingSystem.IsWindows() ? Directory.CreateDirectory(Folder)
                : Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new ServiceCollection().AddDataProtection().SetApplicationName("Cutover").PersistKeysToFileSystem(folder)
                .Services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException($"The folder of keys {Folder} can't be used: {error.Message}");
        }
    }
}
