using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>POST /$batch: up to 20 calls, each answered for itself, in the order of their dependsOn.</summary>
internal sealed class GraphBatch(Tenant tenant, GraphHandler dispatch)
{
    private const int MaxRequests = 20;

    public async Task<GraphAnswer> HandleAsync(GraphRequest batch)
    {
        var requests = batch.RequiredBody["requests"] as JsonArray
            ?? throw new GraphException(400, "BadRequest", "Invalid batch payload format.");
        if (requests.Count is 0 or > MaxRequests)
            throw new GraphException(400, "BadRequest", $"Number of batch request steps exceeds the maximum value of {MaxRequests}.");
        var responses = new Dictionary<string, JsonObject>();
        foreach (var request in requests.OfType<JsonObject>())
        {
            var id = request["id"]?.GetValue<string>() ?? throw new GraphException(400, "BadRequest", "Invalid batch payload format.");
            responses[id] = await AnswerAsync(batch, request, id, responses);
        }

        return new GraphAnswer(200, new JsonObject { ["responses"] = new JsonArray([.. responses.Values]) });
    }

    private async Task<JsonObject> AnswerAsync(GraphRequest batch, JsonObject request, string id, Dictionary<string, JsonObject> responses)
    {
        var headers = new JsonObject { ["Content-Type"] = "application/json" };
        try
        {
            foreach (var needed in (request["dependsOn"] as JsonArray ?? []).Select(node => node!.GetValue<string>()))
                if (!responses.TryGetValue(needed, out var response) || response["status"]!.GetValue<int>() >= 400)
                    throw new GraphException(424, "FailedDependency", "Failed Dependency");
            var answer = await dispatch(ToRequest(batch, request));
            return Response(id, answer.Status, headers, answer.Body);
        }
        catch (GraphException e)
        {
            if (e.RetryAfter is { } wait) headers["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Response(id, e.Status, headers, e.ToJson(tenant.Now, Guid.NewGuid().ToString(), Guid.NewGuid().ToString()));
        }
    }

    private static GraphRequest ToRequest(GraphRequest batch, JsonObject request)
    {
        var url = request["url"]?.GetValue<string>() ?? throw new GraphException(400, "BadRequest", "Invalid batch payload format.");
        var parts = url.Split('?', 2);
        return batch with
        {
            Method = request["method"]?.GetValue<string>().ToUpperInvariant() ?? "GET",
            Path = '/' + parts[0].TrimStart('/'),
            Query = new QueryCollection(QueryHelpers.ParseQuery(parts.Length > 1 ? parts[1] : "")),
            Headers = new HeaderDictionary((request["headers"] as JsonObject ?? []).ToDictionary(
                header => header.Key,
                header => new StringValues(header.Value?.ToString()),
                StringComparer.OrdinalIgnoreCase)),
            Body = request["body"]?.DeepClone() as JsonObject,
        };
    }

    private static JsonObject Response(string id, int status, JsonObject headers, JsonObject? body) =>
        new() { ["id"] = id, ["status"] = status, ["headers"] = headers, ["body"] = body };
}
