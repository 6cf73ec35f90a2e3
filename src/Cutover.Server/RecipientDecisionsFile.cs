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
        new(settings.RecipientDecisionsFile is { Length: > 0 } file ? Read(file) : [], settings.PrimaryDomains);

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

    /// <summary>Writes all decisions, in place of what the file held.</summary>
    public static async Task WriteAsync(string file, Dictionary<string, RecipientDecision> decisions, CancellationToken ct)
    {
        await using var written = AtomicFile.Create(file);
        await JsonSerializer.SerializeAsync(written.Stream, decisions, SettingsJson.Default.DictionaryStringRecipientDecision, ct);
        await written.CommitAsync(ct);
    }
}
