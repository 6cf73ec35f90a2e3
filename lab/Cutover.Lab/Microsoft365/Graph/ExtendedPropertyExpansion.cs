using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cutover.Lab.Microsoft365.Mailboxes;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>$expand=singleValueExtendedProperties($filter=id eq '…' or id eq '…').</summary>
internal static partial class ExtendedPropertyExpansion
{
    /// <exception cref="GraphException">Something else is to be expanded.</exception>
    public static IReadOnlyList<ExtendedPropertyId> Of(GraphRequest request)
    {
        var expand = request.Query["$expand"].ToString();
        if (expand.Length == 0) return [];
        if (!expand.StartsWith("singleValueExtendedProperties(", StringComparison.OrdinalIgnoreCase))
            throw new GraphException(400, "RequestBroker--ParseUri",
                $"Parsing OData Select and Expand failed: Could not find a property named '{expand.Split('(')[0]}'.");
        return [.. WantedId().Matches(expand).Select(match => ExtendedPropertyId.Parse(match.Groups[1].Value.Replace("''", "'")))];
    }

    /// <summary>What a client gives a folder on making it, by canonical id.</summary>
    public static IReadOnlyDictionary<string, string>? Given(JsonObject body) =>
        body["singleValueExtendedProperties"] is not JsonArray { Count: > 0 } given
        ? null
        : given.OfType<JsonObject>().ToDictionary(
            property => ExtendedPropertyId.Parse(property.Text("id") ?? "").Canonical,
            property => property.Text("value") ?? "",
            StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"\bid\s+eq\s+'((?:[^']|'')*)'", RegexOptions.IgnoreCase)]
    private static partial Regex WantedId();
}
