using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.Authentication;

/// <summary>A refusal of the token endpoint, with its AADSTS number.</summary>
internal sealed class TokenError(int status, string error, int code, string message) : Exception($"AADSTS{code}: {message}")
{
    public int Status { get; } = status;

    public JsonObject ToJson(DateTimeOffset now)
    {
        var (trace, correlation) = (Guid.NewGuid(), Guid.NewGuid());
        var timestamp = now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ssZ");
        return new JsonObject
        {
            ["error"] = error,
            ["error_description"] = $"{Message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}",
            ["error_codes"] = new JsonArray(code),
            ["timestamp"] = timestamp,
            ["trace_id"] = trace.ToString(),
            ["correlation_id"] = correlation.ToString(),
            ["error_uri"] = $"https://login.microsoftonline.com/error?code={code}",
        };
    }

    public static TokenError InvalidClient(int code, string message) => new(401, "invalid_client", code, message);
}
