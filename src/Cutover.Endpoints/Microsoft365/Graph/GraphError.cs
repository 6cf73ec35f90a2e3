using System.Text.Json;
using System.Text.Json.Serialization;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Graph;

/// <summary>Graph's error body: <c>{"error":{"code","message","details":[…],"innerError":{"request-id"}}}</c>.</summary>
internal sealed record GraphError(GraphErrorBody? Error)
{
    /// <summary>An error body is small; more than this is something else.</summary>
    private const int MaxLength = 64 * 1024;

    /// <summary>Reads a refusal from an answer, whatever its body holds.</summary>
    public static async Task<ServiceRefusal> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken ct)
    {
        var error = Parse(await ReadStartAsync(response, ct));
        var requestId = response.Headers.TryGetValues("request-id", out var ids) ? ids.First() : error?.InnerError?.RequestId;
        var details = error?.Details?.FirstOrDefault();
        return new ServiceRefusal(
            response.StatusCode, error?.Code ?? response.StatusCode.ToString(), Text(error, details) ?? response.ReasonPhrase
                ?? "no reason given", requestId)
        {
            RetryAfter = ServiceChannel.RetryAfter(response, clock),
            Target = details?.Target,
        };
    }

    internal static async Task<byte[]> ReadStartAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            var start = new byte[MaxLength];
            var count = await body.ReadAtLeastAsync(start, MaxLength, throwOnEndOfStream: false, ct);
            return start[..count];
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return [];
        }
    }

    private static GraphErrorBody? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, GraphJson.Default.GraphError)?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(GraphErrorBody? error, GraphErrorDetail? detail)
    {
        var text = error?.Message is { Length: > 0 } message ? message : error?.Code;
        return detail?.Message is { Length: > 0 } more && more != text ? $"{text} {more}" : text;
    }
}

internal sealed record GraphErrorBody(string? Code, string? Message, IReadOnlyList<GraphErrorDetail>? Details, GraphInnerError? InnerError);

internal sealed record GraphErrorDetail(string? Code, string? Message, string? Target);

internal sealed record GraphInnerError([property: JsonPropertyName("request-id")] string? RequestId);
