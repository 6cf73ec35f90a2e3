using Cutover.Core.Endpoints;

namespace Cutover.Server;

/// <summary>Reads secrets from where they are kept. They are never cached, logged or shown.</summary>
public static class Secrets
{
    /// <summary>The secret; empty for <see cref="SecretRef.None"/>.</summary>
    /// <exception cref="InvalidSettingsException">The reference has another form, or there is nothing where it points.</exception>
    public static string Read(SecretRef reference)
    {
        if (reference == SecretRef.None) return "";
        var (kind, place) = reference.Value.Split(':', 2) is [var first, var second] ? (first, second) : ("", "");
        var secret = kind switch
        {
            "env" => Environment.GetEnvironmentVariable(place),
            "file" => File.Exists(place) ? File.ReadAllText(place).TrimEnd('\r', '\n') : null,
            _ => throw new InvalidSettingsException("A secret is named as env:NAME or file:PATH; what the settings hold has neither form."),
        };
        return string.IsNullOrEmpty(secret)
            ? throw new InvalidSettingsException($"There is no secret at {reference.Value}: set the environment variable or write the file.")
            : secret;
    }
}
