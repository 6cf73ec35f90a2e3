using System.Diagnostics.CodeAnalysis;

namespace Cutover.Lab.Microsoft365.Graph;

internal delegate Task<GraphAnswer> GraphHandler(GraphRequest request);

/// <summary>Which handler serves which operation. Every operation stands in <see cref="GraphPermissions"/>.</summary>
internal sealed class GraphOperations
{
    private readonly List<(GraphOperation Operation, string[] Segments, GraphHandler Handler)> entries = [];

    public void Get(string path, GraphHandler handler) => Add("GET", path, handler);

    public void Post(string path, GraphHandler handler) => Add("POST", path, handler);

    public void Patch(string path, GraphHandler handler) => Add("PATCH", path, handler);

    public void Put(string path, GraphHandler handler) => Add("PUT", path, handler);

    public void Delete(string path, GraphHandler handler) => Add("DELETE", path, handler);

    /// <summary>The operation for a request, with what stands in its braces. Fixed words win over braces.</summary>
    public bool TryFind(
        string method, string path, [NotNullWhen(true)] out GraphOperation? operation, [NotNullWhen(true)] out GraphHandler? handler,
        out IReadOnlyList<string> routes)
    {
        // A function may be called with brackets, as Microsoft's SDK does: delta().
        var segments = path.Trim('/').Split('/')
            .Select(segment => segment.EndsWith("()", StringComparison.Ordinal) ? segment[..^2] : segment).ToArray();
        var found = entries.Where(entry => entry.Operation.Method == method && Matches(entry.Segments, segments))
            .OrderBy(entry => entry.Segments.Count(IsRoute)).FirstOrDefault();
        (operation, handler) = (found.Operation, found.Handler);
        routes = found.Segments is null ? [] : [.. segments.Where((_, i) => IsRoute(found.Segments[i])).Select(Uri.UnescapeDataString)];
        return operation is not null && handler is not null;
    }

    private void Add(string method, string path, GraphHandler handler)
    {
        var operation = GraphPermissions.Operations.Single(each => each.Method == method && each.Path == path);
        entries.Add((operation, path.Trim('/').Split('/'), handler));
    }

    private static bool Matches(string[] template, string[] segments) =>
        template.Length == segments.Length
        && template.Zip(segments).All(pair => IsRoute(pair.First) || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));

    private static bool IsRoute(string segment) => segment.StartsWith('{');
}
