using System.Net.Http.Headers;

namespace Cutover.Mapi.MapiHttp;

/// <summary>Every cookie that the server set in a session context, the newest value of each. Their meaning is the server's. Source: [MS-OXCMAPIHTTP] 3.1.1.</summary>
public sealed class MapiHttpCookies
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>The Cookie header; null when there is none.</summary>
    public string? Header => values.Count == 0 ? null : string.Join("; ", values.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    public void Clear() => values.Clear();

    /// <summary>Takes in what an answer sets.</summary>
    public void Accept(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("Set-Cookie", out var cookies)) return;
        foreach (var cookie in cookies) Accept(cookie);
    }

    private void Accept(string cookie)
    {
        var end = cookie.IndexOf(';');
        var pair = end < 0 ? cookie : cookie[..end];
        var equals = pair.IndexOf('=');
        if (equals > 0) values[pair[..equals].Trim()] = pair[(equals + 1)..].Trim();
    }
}
