using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cutover.Core.Ledger;
using Cutover.Core.Recipients;
using Microsoft.AspNetCore.DataProtection;

namespace Cutover.Server;

/// <summary>An account's initial password, as far as everybody may know it.</summary>
/// <param name="HandedOver">When it was handed over; null while Cutover still has it.</param>
public sealed record KeptPassword(string UserPrincipalName, DateTimeOffset Kept, DateTimeOffset? HandedOver);

/// <summary>
/// Initial passwords, encrypted, until each is handed over once: then Cutover has it no longer. A file of the work folder, one line of JSON per account or event; the keys lie
/// elsewhere (<see cref="KeyRing"/>). Several processes may use it at once.
/// </summary>
public sealed class InitialPasswordStore(string file, IDataProtectionProvider keys, TimeProvider clock) : IInitialPasswords
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly IDataProtector protector = keys.CreateProtector("Cutover.InitialPasswords");

    public async Task KeepAsync(string userPrincipalName, string password, CancellationToken ct)
    {
        using var hold = await HoldAsync(ct);
        var line = new PasswordLine(userPrincipalName, clock.GetUtcNow(), protector.Protect(password), null);
        await using var written = new FileStream(file, ForOwner(FileMode.Append));
        // On a line of its own, also after one that a crash cut short.
        await written.WriteAsync((byte[])[(byte)'\n', .. JsonSerializer.SerializeToUtf8Bytes(line, PasswordJson.Default.PasswordLine), (byte)'\n'], ct);
        written.Flush(flushToDisk: true);
    }

    /// <summary>Every account whose password was kept, in the order of their names.</summary>
    public async Task<IReadOnlyList<KeptPassword>> ListAsync(CancellationToken ct)
    {
        using var hold = await HoldAsync(ct);
        return [.. (await ReadAsync(ct)).Values.OrderBy(line => line.UserPrincipalName, StringComparer.OrdinalIgnoreCase)
            .Select(line => new KeptPassword(line.UserPrincipalName, line.Kept, line.HandedOver))];
    }

    /// <summary>Gives these accounts' passwords to <paramref name="deliver"/> and, once it has them, forgets them.</summary>
    /// <param name="userPrincipalNames">Null: all that are still here.</param>
    /// <exception cref="InvalidSettingsException">One is not here, was handed over before, or can't be read with the keys at hand; or none is left.</exception>
    public async Task HandOverAsync(
        IReadOnlyCollection<string>? userPrincipalNames, Func<IReadOnlyList<(string UserPrincipalName, string Password)>, Task> deliver, CancellationToken ct)
    {
        using var hold = await HoldAsync(ct);
        var lines = await ReadAsync(ct);
        var chosen = userPrincipalNames is null
            ? lines.Values.Where(line => line.Protected is not null).OrderBy(line => line.UserPrincipalName, StringComparer.OrdinalIgnoreCase).ToList()
            : [.. userPrincipalNames.Select(name => lines.GetValueOrDefault(name) ?? throw new InvalidSettingsException($"No initial password of {name} was kept here: Cutover made no such account."))];
        if (chosen.Count == 0) throw new InvalidSettingsException("No initial password is left to hand over.");
        await deliver([.. chosen.Select(line => (line.UserPrincipalName, Unprotect(line)))]);
        foreach (var line in chosen) lines[line.UserPrincipalName] = line with { Protected = null, HandedOver = clock.GetUtcNow() };
        await WriteAsync(lines.Values, ct);
    }

    private string Unprotect(PasswordLine line)
    {
        if (line.Protected is null) throw new InvalidSettingsException($"The initial password of {line.UserPrincipalName} was handed over {line.HandedOver:u} and is not here any more. Reset it in the Microsoft 365 admin centre.");
        try
        {
            return protector.Unprotect(line.Protected);
        }
        catch (CryptographicException)
        {
            throw new InvalidSettingsException($"The initial password of {line.UserPrincipalName} can't be read: it was kept with other keys than those in {KeyRing.Folder}. Run as the user who ran the cutover, or set {KeyRing.Variable}.");
        }
    }

    /// <summary>The last line of each account. A line that a crash cut short is left out: its account was not made yet.</summary>
    private async Task<Dictionary<string, PasswordLine>> ReadAsync(CancellationToken ct)
    {
        var found = new Dictionary<string, PasswordLine>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(file)) return found;
        await foreach (var text in File.ReadLinesAsync(file, ct))
            if (text.Length > 0 && TryRead(text) is { } line) found[line.UserPrincipalName] = line;
        return found;
    }

    private static PasswordLine? TryRead(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, PasswordJson.Default.PasswordLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task WriteAsync(IEnumerable<PasswordLine> lines, CancellationToken ct)
    {
        await using var written = AtomicFile.Create(file);
        foreach (var line in lines)
        {
            await written.Stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, PasswordJson.Default.PasswordLine), ct);
            written.Stream.WriteByte((byte)'\n');
        }

        await written.CommitAsync(ct);
    }

    /// <summary>One at a time, of all processes. The system tells nobody when a lock is given back, so it is asked again.</summary>
    private async Task<FileStream> HoldAsync(CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                var options = ForOwner(FileMode.OpenOrCreate);
                options.Share = FileShare.None;
                return new FileStream(file + ".lock", options);
            }
            catch (IOException) when (clock.GetElapsedTime(started) < LongestWait && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), clock, ct);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new InvalidSettingsException($"The initial passwords in {file} can't be used: {error.Message}");
            }
        }
    }

    private static FileStreamOptions ForOwner(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}

/// <param name="Protected">Encrypted; null once it was handed over.</param>
internal sealed record PasswordLine(string UserPrincipalName, DateTimeOffset Kept, string? Protected, DateTimeOffset? HandedOver);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PasswordLine))]
internal sealed partial class PasswordJson : JsonSerializerContext;
