using System.Text.Json;
using Cutover.Core.Ledger;
using Cutover.Core.Recipients;

namespace Cutover.Server;

/// <summary>The file of decisions about recipients: a JSON object by the primary SMTP address that each has at the source.</summary>
public static class RecipientDecisionsFile
{
    /// <summary>What the settings and their file decide.</summary>
    /// <exception cref="InvalidSettingsException">The file can't be read or is not right; the message says where.</exception>
    public static RecipientDecisions Read(CutoverSettings settings) =>
        new(settings.RecipientDecisionsFile is { Length: > 0 } file ? Once(Read(file), file) : new Dictionary<string, RecipientDecision>(), Once(settings.PrimaryDomains, "primaryDomains"));

    /// <inheritdoc cref="Read(CutoverSettings)"/>
    public static Dictionary<string, RecipientDecision> Read(string file)
    {
        try
        {
            // Before the first decision there is none.
            if (!File.Exists(file)) return [];
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, SettingsJson.Default.DictionaryStringRecipientDecision)
                ?? throw new InvalidSettingsException($"{file} holds null in place of decisions.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException($"The file of decisions about recipients {file} can't be read: {error.Message}");
        }
        catch (JsonException error)
        {
            throw new InvalidSettingsException($"The file of decisions about recipients {file} is wrong at line {error.LineNumber + 1}: {error.Message}");
        }
    }

    private static IReadOnlyDictionary<string, T> Once<T>(IReadOnlyDictionary<string, T> decided, string where)
    {
        if (decided.Keys.GroupBy(key => key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidSettingsException($"{where} decides about {twice.Key} twice.");
        return decided.FirstOrDefault(pair => pair.Value is null) is { Key: { } empty } ? throw new InvalidSettingsException($"{where} has null for {empty}.") : decided;
    }

    /// <summary>Writes all decisions, in place of what the file held.</summary>
    /// <exception cref="InvalidSettingsException">The file can't be written.</exception>
    public static async Task WriteAsync(string file, Dictionary<string, RecipientDecision> decisions, CancellationToken ct)
    {
        try
        {
            await using var written = AtomicFile.Create(file);
            await JsonSerializer.SerializeAsync(written.Stream, decisions, SettingsJson.Default.DictionaryStringRecipientDecision, ct);
            await written.CommitAsync(ct);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException($"The decisions can't be written to {file}: {error.Message}");
        }
    }
}
