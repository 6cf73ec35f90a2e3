using System.Net;

namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>Microsoft 365 answered no. Carries its own words; <see cref="Refusals"/> turns it into a fault where the context is known.</summary>
internal sealed class ServiceRefusal(HttpStatusCode status, string code, string text, string? requestId)
    : Exception($"{(int)status} {code}: {text}")
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>Graph's error code, or the .NET type that Exchange Online names.</summary>
    public string Code { get; } = code;

    public string Text { get; } = text;

    /// <summary>What Microsoft's support asks for.</summary>
    public string? RequestId { get; } = requestId;

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The property that Graph's error details name, such as userPrincipalName.</summary>
    public string? Target { get; init; }

    /// <summary>What may be mended by waiting: 408, 429, and errors of the service itself.</summary>
    public bool IsTransient => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || (int)Status is >= 500 and not (501 or 507);

    /// <summary>What was made a moment ago, by a request whose answer was lost, is not to be seen: to be looked for again, as one looks for what a 404 says is not there.</summary>
    public static ServiceRefusal NotShownYet(string name) =>
        new(HttpStatusCode.NotFound, "NotShownYet", $"{name} was made a moment ago but is not shown yet.", null);

    public bool Is(HttpStatusCode other) => Status == other;
}
