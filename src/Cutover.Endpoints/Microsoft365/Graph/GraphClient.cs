using System.Net.Http.Headers;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cutover.Core.Faults;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Graph;

/// <summary>
/// Microsoft Graph v1.0. Paths are relative to its root. Refusals come as <see cref="ServiceRefusal"/>, everything else that fails as
/// <see cref="MigrationFault"/>.
/// </summary>
internal sealed class GraphClient(ServiceChannel channel)
{
    public long Requests => channel.Requests;

    public TimeProvider Clock => channel.Clock;

    public Uri Root => channel.Root;

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, Repetition.Allowed, ct);
        return await ReadAsync(answer, type, ct);
    }

    /// <summary>The same, but null when there is no such object.</summary>
    public async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct) where T : class
    {
        try
        {
            return await GetAsync(path, type, ct);
        }
        catch (ServiceRefusal refusal) when (refusal.Is(System.Net.HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    /// <summary>The pages of a list, one by one; the next is asked for when the caller is done with the one before.</summary>
    public async IAsyncEnumerable<IReadOnlyList<T>> GetPagesAsync<T>(
        string path, JsonTypeInfo<GraphPage<T>> type, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var next = path; next is not null;)
        {
            var page = await GetAsync(next, type, ct);
            next = page.NextLink;
            yield return page.Value ?? [];
        }
    }

    public async IAsyncEnumerable<T> ListAsync<T>(string path, JsonTypeInfo<GraphPage<T>> type, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in GetPagesAsync(path, type, ct))
            foreach (var entry in page)
                yield return entry;
    }

    /// <summary>Creates something; a lost answer is not repeated.</summary>
    public async Task<TOut> PostAsync<TIn, TOut>(string path, TIn body, JsonTypeInfo<TIn> bodyType, JsonTypeInfo<TOut> type, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, () => Json(body, bodyType), Repetition.Forbidden, ct);
        return await ReadAsync(answer, type, ct);
    }

    /// <summary>An action without a body.</summary>
    public async Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, () => new ByteArrayContent([]), Repetition.Allowed, ct);
        return await ReadAsync(answer, type, ct);
    }

    /// <summary>A write whose answer holds nothing that matters.</summary>
    public async Task SendAsync<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, Repetition repetition, CancellationToken ct)
    {
        using var answer = await SendAsync(method, path, () => Json(body, type), repetition, ct);
    }

    public async Task<TOut> PatchAsync<TIn, TOut>(string path, TIn body, JsonTypeInfo<TIn> bodyType, JsonTypeInfo<TOut> type, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Patch, path, () => Json(body, bodyType), Repetition.Allowed, ct);
        return await ReadAsync(answer, type, ct);
    }

    public async Task DeleteAsync(string path, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path, null, Repetition.Allowed, ct);
    }

    /// <summary>Sends a request and returns its answer with the body unread, for those that are too large to hold.</summary>
    public async Task<ServiceAnswer> SendAsync(
        HttpMethod method, string path, Func<HttpContent>? body, Repetition repetition, CancellationToken ct)
    {
        var answer = await channel.SendAsync(() => new HttpRequestMessage(method, new Uri(channel.Root, path)) { Content = body?.Invoke() },
            repetition, ct);
        if (answer.Message.IsSuccessStatusCode) return answer;
        using (answer)
            throw await GraphError.ReadAsync(answer.Message, channel.Clock, ct);
    }

    public static HttpContent Json<T>(T body, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        return content;
    }

    /// <summary>A path segment as Graph reads it: an id's @, =, / and the like escaped.</summary>
    public static string Segment(string id) => Uri.EscapeDataString(id);

    private async Task<T> ReadAsync<T>(ServiceAnswer answer, JsonTypeInfo<T> type, CancellationToken ct)
    {
        try
        {
            await using var body = await answer.Message.Content.ReadAsStreamAsync(ct);
            return await JsonSerializer.DeserializeAsync(body, type, ct) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Refusals.Lost(e, channel.Root.Authority, sent: answer.Message.RequestMessage?.Method != HttpMethod.Get);
        }
        catch (JsonException e)
        {
            throw new MigrationFault(FaultScope.Mailbox, $"{channel.Root.Authority} gave an answer that is not the JSON expected of it ({type.Type.Name}).",
                "Check that the endpoint's GraphUrl leads to Microsoft Graph and no proxy answers in its place.", e)
            { IsTransient = true, OutcomeUnknown = true };
        }
    }
}
