using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>Pages of a collection: $top, $skip, $count and Prefer: odata.maxpagesize, with the next link made of them.</summary>
internal static partial class GraphPaging
{
    private const int MaxPageSize = 999;

    /// <summary>How many to leave out and how many to give.</summary>
    public static (int Skip, int Top) Page(this GraphRequest request, int defaultSize) =>
        (Number(request, "$skip", 0, int.MaxValue), Number(request, "$top", request.MaxPageSizePreference() ?? defaultSize, MaxPageSize));

    /// <summary>The page with @odata.nextLink when more follow.</summary>
    /// <param name="total">How many there are in all.</param>
    public static GraphAnswer PageOf(this GraphRequest request, IEnumerable<JsonObject> values, int skip, int top, int total,
        string context)
    {
        var body = new JsonObject { ["@odata.context"] = $"{request.Root}/$metadata#{context}" };
        if (request.Query["$count"] == "true") body["@odata.count"] = total;
        body["value"] = new JsonArray([.. values.Select(request.Select)]);
        if (skip + top < total) body["@odata.nextLink"] = request.Link("$skip", (skip + top).ToString(CultureInfo.InvariantCulture));
        return new GraphAnswer(200, body);
    }

    /// <summary>The request's own address with one query option set to another value.</summary>
    public static string Link(this GraphRequest request, string option, string value)
    {
        var others = request.Query.Where(pair => pair.Key is not ("$skip" or "$skiptoken" or "$deltatoken"))
            .SelectMany(pair => pair.Value.Select(each => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(each ?? "")}"));
        var own = $"{Uri.EscapeDataString(option)}={Uri.EscapeDataString(value)}";
        return $"{request.Root}{request.Path}?{string.Join('&', [.. others, own])}";
    }

    public static int? MaxPageSizePreference(this GraphRequest request) =>
        MaxPageSizePattern().Match(request.Headers["Prefer"].ToString()) is { Success: true } match
            ? Math.Min(MaxPageSize, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            : null;

    private static int Number(GraphRequest request, string option, int unset, int max)
    {
        var text = request.Query[option].ToString();
        if (text.Length == 0) return unset;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw new GraphException(400, "BadRequest", $"Invalid value '{text}' for the query option {option}.");
    }

    [GeneratedRegex(@"odata\.maxpagesize\s*=\s*(\d{1,6})", RegexOptions.IgnoreCase)]
    private static partial Regex MaxPageSizePattern();
}
