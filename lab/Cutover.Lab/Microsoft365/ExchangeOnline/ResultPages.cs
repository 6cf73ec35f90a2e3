using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cutover.Lab.Microsoft365.Graph;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Cuts a cmdlet's results to its ResultSize and to pages. The next page is a POST of the same body with the same
/// anchor.</summary>
internal sealed partial class ResultPages(Tenant tenant)
{
    private const int DefaultResultSize = 1000;
    private const int DefaultPageSize = 1000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private const string MoreResults =
        "There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.";

    /// <exception cref="CmdletException">The continuation is old, or came with another anchor.</exception>
    public (IReadOnlyList<JsonObject> Page, string? NextLink) Cut(HttpRequest request, List<JsonObject> values, CmdletCall call)
    {
        var size = ResultSize(call);
        if (values.Count > size)
        {
            values.RemoveRange(size, values.Count - size);
            call.Warnings.Add(MoreResults);
        }

        var start = Start(request);
        var pageSize = PageSize(request);
        return ([.. values.Skip(start).Take(pageSize)], start + pageSize < values.Count ? NextLink(request, start + pageSize) : null);
    }

    private static int ResultSize(CmdletCall call) => call.Text("ResultSize") switch
    {
        null => DefaultResultSize,
        var text when text.Equals("Unlimited", StringComparison.OrdinalIgnoreCase) => int.MaxValue,
        var text => int.TryParse(text, out var number)
            ? number
            : throw CmdletException.Transformation("ResultSize", text, "Microsoft.Exchange.Data.Unlimited"),
    };

    private int Start(HttpRequest request)
    {
        var token = request.Query["$skiptoken"].ToString();
        if (token.Length == 0) return 0;
        try
        {
            if (PageToken.ReadAll(token) is [var start, var anchor, var issued] && anchor == Anchor(request)
                && tenant.Now - DateTimeOffset.FromUnixTimeSeconds(issued) < Lifetime) return (int)start;
        }
        catch (GraphException)
        {
            // Answered below, in this service's words.
        }

        throw CmdletException.Validation("Expired or Invalid pagination request. Default Expiry time is 00:30:00");
    }

    private string NextLink(HttpRequest request, int start)
    {
        var token = PageToken.Write(start, Anchor(request), tenant.Now.ToUnixTimeSeconds());
        var select = request.Query["$select"].ToString();
        var selected = select.Length > 0 ? $"%24select={Uri.EscapeDataString(select)}&" : "";
        return $"{request.Scheme}://{request.Host}{request.Path}?{selected}%24skiptoken={token}";
    }

    private static long Anchor(HttpRequest request) =>
        StringComparer.OrdinalIgnoreCase.GetHashCode(request.Headers["X-AnchorMailbox"].ToString());

    private static int PageSize(HttpRequest request) =>
        MaxPageSize().Match(request.Headers["Prefer"].ToString()) is { Success: true } match
            ? Math.Clamp(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), 1, DefaultPageSize)
            : DefaultPageSize;

    [GeneratedRegex(@"odata\.maxpagesize\s*=\s*(\d{1,6})", RegexOptions.IgnoreCase)]
    private static partial Regex MaxPageSize();
}
