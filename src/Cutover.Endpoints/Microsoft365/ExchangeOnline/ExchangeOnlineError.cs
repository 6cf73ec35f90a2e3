using System.Net;
using System.Text;
using System.Text.Json;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.ExchangeOnline;

/// <summary>
/// Finds what Exchange Online really said. <c>error.message</c> is useless; <c>details[0].message</c> holds <c>id|.NET type|text</c>, else the inner exception
/// has it, and a refusal for want of a role is some kilobytes of zeros.
/// </summary>
internal static class ExchangeOnlineError
{
    /// <summary>The object is not there, or not there yet.</summary>
    public const string NotFound = "ManagementObjectNotFoundException";

    private const string NoRole = "The application may not run this cmdlet: it has no Exchange role.";

    public static async Task<ServiceRefusal> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken ct)
    {
        var body = await GraphError.ReadStartAsync(response, ct);
        var (code, text) = FromJson(body) ?? FromText(body, response);
        return new ServiceRefusal(StatusOf(response.StatusCode, code, text), code, text, Header(response, "request-id"))
        {
            RetryAfter = ServiceChannel.RetryAfter(response, clock),
        };
    }

    /// <summary>The service may refuse for its own reasons with a plain 400.</summary>
    private static HttpStatusCode StatusOf(HttpStatusCode status, string code, string text) =>
        text.Contains("maximum number of concurrent requests", StringComparison.OrdinalIgnoreCase) ? HttpStatusCode.TooManyRequests
        : code is "UnableToWriteToAadException" or "TransientException" or "ADTransientException" ? HttpStatusCode.ServiceUnavailable
        : code == NotFound ? HttpStatusCode.NotFound
        : status;

    private static (string Code, string Text)? FromJson(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error)
                ? FromDetails(error) ?? FromInner(error) ?? (Text(error, "code") ?? "Error", Text(error, "message") ?? "no reason given")
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (string Code, string Text)? FromDetails(JsonElement error)
    {
        if (!error.TryGetProperty("details", out var details) || details.ValueKind != JsonValueKind.Array
            || details.GetArrayLength() == 0) return null;
        return (Text(details[0], "message") ?? "").Split('|', 3) is [_, var type, var text] ? (ShortName(type), text) : null;
    }

    private static (string Code, string Text)? FromInner(JsonElement error) =>
        error.TryGetProperty("innererror", out var inner) && inner.TryGetProperty("internalexception", out var exception)
            && Text(exception, "message") is { } text
            ? (ShortName(Text(exception, "type") ?? "Exception"), text)
            : null;

    private static (string Code, string Text) FromText(byte[] body, HttpResponseMessage response)
    {
        var code = Header(response, "X-ExceptionType") ?? response.StatusCode.ToString();
        var text = Encoding.UTF8.GetString(body).Trim('\0', ' ', '\r', '\n');
        if (text.Length == 0) text = Header(response, "x-ms-diagnostics")
            ?? (response.StatusCode == HttpStatusCode.Forbidden ? NoRole : response.ReasonPhrase ?? "no reason given");
        return (ShortName(code), text.Length > 500 ? text[..500] : text);
    }

    private static string ShortName(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
