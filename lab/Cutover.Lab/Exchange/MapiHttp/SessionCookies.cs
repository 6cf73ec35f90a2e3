using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>The two cookies of a session context, as they stand on the wire: ASP.NET drops cookies that it finds odd. Source: [MS-OXCMAPIHTTP] 2.2.3.2.3.</summary>
/// <param name="Context">Names the context; null when it is missing.</param>
/// <param name="Sequence">Changes with each answer; null when it is missing.</param>
internal sealed record SessionCookies(string? Context, string? Sequence)
{
    private const string ContextName = "MapiContext";
    private const string SequenceName = "MapiSequence";

    /// <summary>The session that the context cookie names; null when it names none.</summary>
    public Guid? Session
    {
        get
        {
            var bytes = new byte[16];
            return Convert.TryFromBase64String(Context ?? "", bytes, out var length) && length == bytes.Length ? new Guid(bytes) : null;
        }
    }

    public static SessionCookies Read(HttpRequest request)
    {
        var cookies = request.Headers.Cookie.SelectMany(header => (header ?? "").Split(';')).Select(cookie => cookie.Trim().Split('=', 2)).ToList();
        return new SessionCookies(Find(ContextName), Find(SequenceName));

        string? Find(string name) => cookies.Find(cookie => cookie.Length == 2 && cookie[0] == name)?[1];
    }

    /// <summary>Tells the client its cookies, the context's first.</summary>
    public static void Set(HttpResponse response, string path, Guid session, string sequence) => response.Headers.SetCookie = new[]
    {
        $"{ContextName}={Convert.ToBase64String(session.ToByteArray())}; path={path}; secure; HttpOnly",
        $"{SequenceName}={sequence}; path={path}; secure; HttpOnly",
    };
}
