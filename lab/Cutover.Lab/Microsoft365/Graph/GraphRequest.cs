using System.Text.Json;
using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Authentication;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>A call to Graph, come alone or in a batch.</summary>
/// <param name="Path">Below /v1.0, without query.</param>
/// <param name="Root">Such as https://graph.microsoft.com/v1.0, as the client named it.</param>
/// <param name="Routes">What stands in the braces of the operation's path.</param>
internal sealed record GraphRequest(
    string Method, string Path, IQueryCollection Query, IHeaderDictionary Headers, JsonObject? Body, string Root, AccessToken Caller,
    IReadOnlyList<string> Routes, CancellationToken Aborted)
{
    /// <exception cref="GraphException">There is no JSON object in the body.</exception>
    public JsonObject RequiredBody =>
        Body ?? throw new GraphException(400, "BadRequest", "Write requests must contain the Content-Type header declaration and a body.");

    /// <summary>The answer 200 with one object.</summary>
    public GraphAnswer Ok(JsonObject value, string context) => new(200, WithContext(value, context));

    public GraphAnswer Created(JsonObject value, string context) => new(201, WithContext(value, context));

    /// <summary>The answer 200 with a whole collection.</summary>
    public GraphAnswer Collection(IEnumerable<JsonObject> values, string context) =>
        new(200, WithContext(new JsonObject { ["value"] = new JsonArray([.. values]) }, context));

    /// <summary>The object cut down to $select, when the client gave one.</summary>
    public JsonObject Select(JsonObject value)
    {
        var wanted = Query["$select"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0) return value;
        foreach (var name in value.Select(property => property.Key).Where(name => !IsWanted(name, wanted)).ToList()) value.Remove(name);
        return value;
    }

    private JsonObject WithContext(JsonObject value, string context)
    {
        value.Insert(0, "@odata.context", $"{Root}/$metadata#{context}");
        return value;
    }

    private static bool IsWanted(string name, string[] wanted) =>
        name.StartsWith('@') || name == "singleValueExtendedProperties" || wanted.Contains(name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>What Graph answers.</summary>
internal sealed record GraphAnswer(int Status, JsonObject? Body)
{
    public static readonly GraphAnswer NoContent = new(204, null);

    public static readonly GraphAnswer Accepted = new(202, null);
}

/// <summary>Reading properties of a request's body, refusing what has the wrong type.</summary>
internal static class GraphBody
{
    public static string? Text(this JsonObject body, string name)
    {
        if (Property(body, name) is not { } value) return null;
        return value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw GraphException.InvalidValue(name, "Body");
    }

    public static bool? Flag(this JsonObject body, string name)
    {
        if (Property(body, name) is not { } value) return null;
        return value.GetValueKind() is JsonValueKind.True or JsonValueKind.False
            ? value.GetValue<bool>()
            : throw GraphException.InvalidValue(name, "Body");
    }

    public static IReadOnlyList<string>? Texts(this JsonObject body, string name)
    {
        if (Property(body, name) is not { } value) return null;
        return value is JsonArray array && array.All(element => element?.GetValueKind() == JsonValueKind.String)
            ? [.. array.Select(element => element!.GetValue<string>())]
            : throw GraphException.InvalidValue(name, "Body");
    }

    public static JsonObject? Object(this JsonObject body, string name) => Property(body, name) as JsonObject;

    public static bool Has(this JsonObject body, string name) =>
        body.Any(property => property.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static JsonNode? Property(JsonObject body, string name) =>
        body.FirstOrDefault(property => property.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
