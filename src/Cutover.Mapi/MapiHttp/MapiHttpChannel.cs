using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Cutover.Mapi.Http;

namespace Cutover.Mapi.MapiHttp;

/// <summary>
/// The requests of one session context, one after the other over one connection: headers, cookies, redirects, and the answer as it comes in
/// pieces. Source: [MS-OXCMAPIHTTP] 3.1.5.
/// </summary>
public sealed class MapiHttpChannel : IDisposable
{
    private const int MostRedirects = 3;
    private const string UserAgent = "Microsoft-Office/15.0"; // some firewalls let only Outlook's own name pass

    /// <summary>A server that says nothing for this long on top of two of its pending periods is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan DefaultPendingPeriod = TimeSpan.FromSeconds(30);

    /// <summary>The same for all requests of this program. Source: [MS-OXCMAPIHTTP] 2.2.3.3.4.</summary>
    private static readonly Guid ClientInstance = Guid.NewGuid();

    private static int lastChannel;

    private readonly MapiHttpOptions options;
    private readonly HttpClient http;
    private readonly string traceName;
    private readonly string clientInfo = string.Create(CultureInfo.InvariantCulture, $"{{{ClientInstance}}}:{Interlocked.Increment(ref lastChannel)}");
    private readonly Guid session = Guid.NewGuid();
    private Uri url;
    private int busy;

    public MapiHttpChannel(MapiHttpOptions options)
    {
        this.options = options;
        url = options.Url;
        http = new HttpClient(options.Connector.CreateHttpHandler(options.Authentication)) { Timeout = Timeout.InfiniteTimeSpan };
        traceName = options.Connector.Trace?.Open("http", $"{url.Host}{url.AbsolutePath}") ?? "";
    }

    /// <summary>Requests made.</summary>
    public long Calls { get; private set; }

    /// <summary>What X-ServerApplication of the last answer says.</summary>
    public string ServerApplication { get; private set; } = "";

    /// <summary>What the server says about how long the session lives without a request; null when it does not say.</summary>
    public TimeSpan? Expiration { get; private set; }

    /// <summary>Sends a request and returns the body of its answer.</summary>
    /// <param name="opens">True for a request that opens a session: the cookies of the one before are dropped when the server agrees.</param>
    /// <exception cref="ConnectException">No TLS connection: name, port or certificate.</exception>
    /// <exception cref="MapiHttpException">The server refuses the request.</exception>
    /// <exception cref="MapiException">The server no longer knows the session, or is not available.</exception>
    /// <exception cref="MapiProtocolException">The connection is gone or out of step.</exception>
    public async Task<ReadOnlyMemory<byte>> SendAsync(string requestType, ReadOnlyMemory<byte> body, bool opens, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref busy, 1) != 0) throw new InvalidOperationException("One request at a time in a session context");
        using var patience = new Patient(options.Clock, ct);
        try
        {
            options.Connector.Trace?.Sent(traceName, $"{requestType} {body.Length} B");
            using var answer = await FollowAsync(requestType, body, patience);
            return await ReadAsync(answer, requestType, opens, patience);
        }
        catch (HttpRequestException e)
        {
            throw ConnectException.Find(e) ?? (Exception?)Inner(e) ?? Gone(e);
        }
        catch (IOException e)
        {
            throw Gone(e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new MapiProtocolException($"{url.Host} stopped answering", e);
        }
        finally
        {
            busy = 0;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> FollowAsync(string requestType, ReadOnlyMemory<byte> body, Patient patience)
    {
        for (var redirects = 0; ; redirects++)
        {
            Calls++;
            using var request = Request(requestType, body);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if ((int)answer.StatusCode is not (301 or 302 or 307 or 308) || answer.Headers.Location is not { } location) return answer;
            answer.Dispose();
            url = Followed(new Uri(url, location), redirects);
        }
    }

    private Uri Followed(Uri next, int redirects)
    {
        if (redirects == MostRedirects) throw new MapiProtocolException($"{options.Url.Host} redirects more than {MostRedirects} times");
        var isAccepted = next.Scheme == Uri.UriSchemeHttps
            && (next.Host.Equals(options.Url.Host, StringComparison.OrdinalIgnoreCase) || options.MayFollow?.Invoke(next) == true);
        return isAccepted ? next : throw new MapiHttpException(
            HttpStatusCode.Redirect, MapiHttpResponseCode.Success, $"{options.Url.Host} redirects to {next.Host}, which was not accepted: it would get the password",
            "Enter the right server for this endpoint, if this one is genuine.");
    }

    private HttpRequestMessage Request(string requestType, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MapiHttpHeaders.ContentType);
        request.Headers.UserAgent.ParseAdd(UserAgent);
        request.Headers.Add(MapiHttpHeaders.RequestType, requestType);
        request.Headers.Add(MapiHttpHeaders.RequestId, string.Create(CultureInfo.InvariantCulture, $"{{{session}}}:{Calls}"));
        request.Headers.Add(MapiHttpHeaders.ClientInfo, clientInfo);
        request.Headers.Add(MapiHttpHeaders.ClientApplication, VersionHeader.OfClient(options.ClientVersion));
        if (options.Cookies.Header is { } cookies) request.Headers.Add("Cookie", cookies);
        return request;
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, string requestType, bool opens, Patient patience)
    {
        var code = Head(answer, opens);
        if (code != MapiHttpResponseCode.Success) throw Refused(code, requestType);
        var pendingPeriod = Milliseconds(answer, MapiHttpHeaders.PendingPeriod) ?? DefaultPendingPeriod;
        patience.Extend(2 * pendingPeriod + Patience);
        await using var content = await answer.Content.ReadAsStreamAsync(patience.Token);
        var response = await MapiHttpResponse.ReadAsync(content, () => patience.Extend(2 * pendingPeriod + Patience), patience.Token);
        if (response.ResponseCode is { } late && late != MapiHttpResponseCode.Success) throw Refused(late, requestType);
        options.Connector.Trace?.Received(traceName, $"{requestType} {response.Body.Length} B");
        return response.Body;
    }

    private MapiHttpResponseCode Head(HttpResponseMessage answer, bool opens)
    {
        var headers = answer.Headers;
        if (answer.StatusCode != HttpStatusCode.OK)
            throw MapiHttpException.Of(answer, string.Join(", ", headers.WwwAuthenticate.Select(challenge => challenge.Scheme)), options);
        if (Text(answer, MapiHttpHeaders.ResponseCode) is not { } text)
            throw new MapiProtocolException($"{url.Host} answers something else than MAPI over HTTP at {url.AbsolutePath}");
        var code = MapiHttpResponse.ParseCode(text);
        // The cookies of a new session don't mix with those of the one before. Source: [MS-OXCMAPIHTTP] 3.2.5.6.
        if (opens && code == MapiHttpResponseCode.Success) options.Cookies.Clear();
        options.Cookies.Accept(headers);
        ServerApplication = Text(answer, MapiHttpHeaders.ServerApplication) ?? "";
        Expiration = Milliseconds(answer, MapiHttpHeaders.ExpirationInfo) ?? Expiration;
        return code;
    }

    private Exception Refused(MapiHttpResponseCode code, string requestType)
    {
        options.Connector.Trace?.Received(traceName, $"{requestType} X-ResponseCode {(int)code} {code}");
        return MapiHttpException.Of(code, requestType, options);
    }

    private MapiProtocolException Gone(Exception e) => new($"The connection to {url.Host} broke: {e.Message}", e);

    // The sign-in's own errors come inside HttpRequestException, or by themselves.
    private static MapiProtocolException? Inner(HttpRequestException e) => e.InnerException as MapiProtocolException;

    private static string? Text(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;

    private static TimeSpan? Milliseconds(HttpResponseMessage answer, string header) =>
        int.TryParse(Text(answer, header), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    /// <summary>Cancels when nothing has been heard for a while.</summary>
    private sealed class Patient : IDisposable
    {
        private readonly CancellationTokenSource timer;
        private readonly CancellationTokenSource linked;

        public Patient(TimeProvider clock, CancellationToken ct)
        {
            timer = new CancellationTokenSource(2 * DefaultPendingPeriod + Patience, clock);
            linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        }

        public CancellationToken Token => linked.Token;

        public void Extend(TimeSpan patience) => timer.CancelAfter(patience);

        public void Dispose()
        {
            linked.Dispose();
            timer.Dispose();
        }
    }
}
