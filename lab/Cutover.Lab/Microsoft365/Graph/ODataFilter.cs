using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>
/// The part of OData's $filter that the tenant knows: eq, ne, startsWith, any, and, or, not, brackets. Evaluated on the JSON that
/// Graph would answer; text compares without regard to case. Source: OData 4.0 URL conventions 5.1.1.
/// </summary>
internal sealed partial class ODataFilter
{
    private readonly Queue<string> tokens;
    private readonly string text;
    private readonly Func<Scope, bool> condition;

    private ODataFilter(string text)
    {
        this.text = text;
        tokens = new Queue<string>(Token().Matches(text).Select(match => match.Value));
        condition = Or();
        if (tokens.Count > 0) throw Invalid();
    }

    /// <exception cref="GraphException">The filter can't be read.</exception>
    public static Func<JsonObject, bool> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return _ => true;
        var filter = new ODataFilter(text);
        return value => filter.condition(new Scope(value, null, null));
    }

    private Func<Scope, bool> Or()
    {
        var left = And();
        while (TryTake("or"))
        {
            var (one, other) = (left, And());
            left = scope => one(scope) || other(scope);
        }

        return left;
    }

    private Func<Scope, bool> And()
    {
        var left = Single();
        while (TryTake("and"))
        {
            var (one, other) = (left, Single());
            left = scope => one(scope) && other(scope);
        }

        return left;
    }

    private Func<Scope, bool> Single()
    {
        if (TryTake("not"))
        {
            var negated = Single();
            return scope => !negated(scope);
        }

        if (TryTake("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        if (TryTake("startsWith")) return StartsWith();
        var path = Take();
        return path.EndsWith("/any", StringComparison.OrdinalIgnoreCase) ? Any(path[..^4]) : Comparison(path);
    }

    private Func<Scope, bool> StartsWith()
    {
        Expect("(");
        var path = Take();
        Expect(",");
        var literal = Literal();
        Expect(")");
        return scope => scope.Find(path)?.ToString().StartsWith(literal ?? "", StringComparison.OrdinalIgnoreCase) == true;
    }

    private Func<Scope, bool> Any(string path)
    {
        Expect("(");
        var variable = Take();
        Expect(":");
        var inner = Or();
        Expect(")");
        return scope =>
            scope.Find(path) is JsonArray array && array.Any(element => inner(scope with { Variable = variable, Element = element }));
    }

    private Func<Scope, bool> Comparison(string path)
    {
        var operation = Take();
        var literal = Literal();
        return operation.ToLowerInvariant() switch
        {
            "eq" => scope => Same(scope.Find(path), literal),
            "ne" => scope => !Same(scope.Find(path), literal),
            _ => throw GraphException.UnsupportedQuery($"Unsupported Query: the operator '{operation}' is not supported."),
        };
    }

    // A JSON null and a missing property are the same to a filter.
    private string? Literal()
    {
        var token = Take();
        if (token.StartsWith('\'')) return token[1..^1].Replace("''", "'");
        return token == "null" ? null : token;
    }

    private static bool Same(JsonNode? value, string? literal) =>
        string.Equals(value?.ToString(), literal, StringComparison.OrdinalIgnoreCase);

    private string Take() => tokens.TryDequeue(out var token) ? token : throw Invalid();

    private bool TryTake(string expected)
    {
        if (!tokens.TryPeek(out var token) || !token.Equals(expected, StringComparison.OrdinalIgnoreCase)) return false;
        tokens.Dequeue();
        return true;
    }

    private void Expect(string expected)
    {
        if (!TryTake(expected)) throw Invalid();
    }

    private GraphException Invalid() => new(400, "BadRequest", $"Invalid filter clause: {text}");

    [GeneratedRegex(@"'(?:[^']|'')*'|[(),:]|[^\s(),:]+")]
    private static partial Regex Token();

    private sealed record Scope(JsonObject Value, string? Variable, JsonNode? Element)
    {
        public JsonNode? Find(string path)
        {
            var segments = path.Split('/');
            JsonNode? node = Value;
            if (segments[0] == Variable) (node, segments) = (Element, segments[1..]);
            foreach (var segment in segments)
                node = (node as JsonObject)?.FirstOrDefault(property =>
                    property.Key.Equals(segment, StringComparison.OrdinalIgnoreCase)).Value;
            return node;
        }
    }
}
