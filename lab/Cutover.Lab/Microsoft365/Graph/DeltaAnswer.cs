using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>A delta query's pages: what changed, what is gone, then the link for the next round.</summary>
internal static class DeltaAnswer
{
    private const int PageSize = 10;

    /// <param name="changes">What changed since a change number, ids of what was removed, and the present change number.</param>
    public static GraphAnswer Of(
        GraphRequest request,
        Func<long, (IReadOnlyList<JsonObject> Changed, IReadOnlyList<string> Removed, long Change)> changes,
        string context)
    {
        var (since, skip, firstRound) = Position(request);
        var (changed, removed, change) = changes(since);
        var size = request.MaxPageSizePreference() ?? PageSize;
        // Nothing that was removed matters to a client that has not seen anything yet.
        var all = firstRound ? changed : [.. changed, .. removed.Select(Removed)];
        var body = new JsonObject
        {
            ["@odata.context"] = $"{request.Root}/$metadata#{context}",
            ["value"] = new JsonArray([.. all.Skip(skip).Take(size)]),
        };
        if (skip + size < all.Count)
            body["@odata.nextLink"] = request.Link("$skiptoken", PageToken.Write(since, skip + size, firstRound ? 1 : 0));
        else body["@odata.deltaLink"] = request.Link("$deltatoken", PageToken.Write(change));
        return new GraphAnswer(200, body);
    }

    private static (long Since, int Skip, bool FirstRound) Position(GraphRequest request)
    {
        var skipToken = request.Query["$skiptoken"].ToString();
        var deltaToken = request.Query["$deltatoken"].ToString();
        if (skipToken.Length > 0 && PageToken.ReadAll(skipToken) is [var since, var skip, var first]) return (since, (int)skip, first == 1);
        return deltaToken.Length > 0 ? (PageToken.Read(deltaToken), 0, false) : (0, 0, true);
    }

    private static JsonObject Removed(string id) => new() { ["@removed"] = new JsonObject { ["reason"] = "deleted" }, ["id"] = id };
}
