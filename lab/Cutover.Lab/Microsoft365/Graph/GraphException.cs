using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>A refusal in Graph's own form.</summary>
/// <param name="target">The property at fault; gives the error its details.</param>
internal sealed class GraphException(int status, string code, string message, string? detail = null, string? target = null)
    : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public TimeSpan? RetryAfter { get; init; }

    public static GraphException BadRequest(string message, string? detail = null, string? target = null) =>
        new(400, "Request_BadRequest", message, detail, target);

    public static GraphException InvalidValue(string property, string resource) =>
        BadRequest($"Invalid value specified for property '{property}' of resource '{resource}'.", "InvalidValue", property);

    public static GraphException NotFound(string id) => new(404, "Request_ResourceNotFound",
        $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");

    public static GraphException Unauthorized(string message) => new(401, "InvalidAuthenticationToken", message);

    public static GraphException UnsupportedQuery(string message) => new(400, "Request_UnsupportedQuery", message);

    /// <summary>A mistake of the lab itself, told so that it is found.</summary>
    public static GraphException Internal(Exception mistake) =>
        new(500, "generalException", $"The lab's tenant failed: {mistake.GetType().Name}: {mistake.Message}");

    public JsonObject ToJson(DateTimeOffset now, string requestId, string clientRequestId)
    {
        var error = new JsonObject { ["code"] = Code, ["message"] = Message };
        if (detail is not null)
            error["details"] = new JsonArray(new JsonObject { ["code"] = detail, ["message"] = Message, ["target"] = target });
        error["innerError"] = new JsonObject
        {
            ["date"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss"),
            ["request-id"] = requestId,
            ["client-request-id"] = clientRequestId,
        };
        return new JsonObject { ["error"] = error };
    }
}
