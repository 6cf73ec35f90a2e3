using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.ExchangeOnline;

/// <summary>
/// Runs Exchange Online's cmdlets over its administration service (adminapi/beta InvokeCommand), as the ExchangeOnlineManagement module does. One fixed anchor keeps
/// what is written and what is read on one backend.
/// </summary>
internal sealed class ExchangeOnlineClient(ServiceChannel channel, string tenantId, RetryOptions retry)
{
    private const string SystemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

    /// <summary>Each cmdlet takes about a second there; the tenant allows few at once.</summary>
    private const int MaxConcurrentRequests = 3;

    private readonly SemaphoreSlim gate = new(MaxConcurrentRequests);
    private readonly string connectionId = Guid.NewGuid().ToString();
    private readonly string path = $"adminapi/beta/{tenantId}/InvokeCommand";

    public TimeProvider Clock => channel.Clock;

    /// <summary>Runs a cmdlet that reads, or that comes to the same when run twice, and returns all its output.</summary>
    public Task<IReadOnlyList<ExchangeObject>> InvokeAsync(string cmdlet, JsonObject parameters, CancellationToken ct) =>
        InvokeAsync(cmdlet, parameters, Repetition.Allowed, ct);

    /// <summary>Runs a New- cmdlet: when its answer is lost, the caller must look.</summary>
    public async Task<ExchangeObject?> CreateAsync(string cmdlet, JsonObject parameters, CancellationToken ct) =>
        (await InvokeAsync(cmdlet, parameters, Repetition.Forbidden, ct)).FirstOrDefault();

    /// <summary>The object that a Get- cmdlet finds; null when there is none.</summary>
    public async Task<ExchangeObject?> FindAsync(string cmdlet, string identity, CancellationToken ct)
    {
        try
        {
            return (await InvokeAsync(cmdlet, new JsonObject { ["Identity"] = identity }, ct)).FirstOrDefault();
        }
        catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    /// <summary>A change to a multi-valued property that leaves its other values.</summary>
    public static JsonObject Adding(IEnumerable<string> values) =>
        new() { ["@odata.type"] = "#Exchange.GenericHashTable", ["Add"] = Array(values) };

    public static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);

    private async Task<IReadOnlyList<ExchangeObject>> InvokeAsync(string cmdlet, JsonObject parameters, Repetition repetition, CancellationToken ct)
    {
        // Parameters must be an object, also when there are none.
        var body = new JsonObject { ["CmdletInput"] = new JsonObject { ["CmdletName"] = cmdlet, ["Parameters"] = parameters } }.ToJsonString();
        var output = new List<ExchangeObject>();
        // A page that can't be had is an error, never the end: else members would be missing.
        for (var next = path; next is not null;)
            next = await InvokePageAsync(next, cmdlet, body, repetition, output, ct);
        return output;
    }

    private async Task<string?> InvokePageAsync(
        string page, string cmdlet, string body, Repetition repetition, List<ExchangeObject> output, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            using var answer = await SendAsync(page, cmdlet, body, repetition, ct);
            return await ReadAsync(answer.Message, output, ct);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<ServiceAnswer> SendAsync(string page, string cmdlet, string body, Repetition repetition, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await channel.SendAsync(() => Request(page, cmdlet, body), repetition, ct);
            if (answer.Message.IsSuccessStatusCode) return answer;
            using (answer)
            {
                var refusal = await ExchangeOnlineError.ReadAsync(answer.Message, Clock, ct);
                // Where the text alone says that the tenant is busy, the channel could not see it.
                if (!refusal.IsTransient || answer.Message.StatusCode == refusal.Status || attempt == retry.Attempts) throw refusal;
                await Task.Delay(refusal.RetryAfter ?? retry.BackOff(attempt), Clock, ct);
            }
        }
    }

    private HttpRequestMessage Request(string page, string cmdlet, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(channel.Root, page))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(MediaTypeNames.Application.Json, "utf-8")),
        };
        request.Headers.Add("X-AnchorMailbox", $"APP:{SystemMailbox}@{tenantId}");
        request.Headers.Add("X-CmdletName", cmdlet);
        request.Headers.Add("X-ResponseFormat", "json");
        request.Headers.Add("X-SerializationLevel", "Partial");
        request.Headers.Add("X-ClientApplication", "Cutover");
        request.Headers.Add("connection-id", connectionId);
        request.Headers.Add("Prefer", "odata.maxpagesize=1000");
        request.Headers.Add("Accept-Language", "en-US");
        return request;
    }

    private async Task<string?> ReadAsync(HttpResponseMessage response, List<ExchangeObject> output, CancellationToken ct)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(ct);
            using var json = await JsonDocument.ParseAsync(stream, cancellationToken: ct);
            if (json.RootElement.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Array)
                output.AddRange(value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object).Select(one => new ExchangeObject(one.Clone())));
            return json.RootElement.TryGetProperty("@odata.nextLink", out var next) ? next.GetString() : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            throw Refusals.Lost(e, channel.Root.Authority, sent: true);
        }
    }
}
