using System.Net;
using System.Text;
using Cutover.Endpoints.Microsoft365.Authentication;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>A service without a socket: answers as the test says.</summary>
internal sealed class StubService(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler, ITokenSource, IHttpClientFactory
{
    public List<string> Requested { get; } = [];

    public static readonly RetryOptions Fast = new() { FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) };

    public ServiceHttp Http => new(this, "stub");

    public GraphClient CreateGraph(TimeProvider? clock = null) =>
        new(new ServiceChannel(Http, new Uri("https://graph.test/v1.0/"), "https://graph.test", this, Fast, clock ?? TimeProvider.System, null, NullLogger.Instance));

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    public ValueTask<string> GetTokenAsync(string resource, CancellationToken ct) => ValueTask.FromResult("token");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        lock (Requested) Requested.Add($"{request.Method} {request.RequestUri!.OriginalString}");
        return answer(request);
    }
}
