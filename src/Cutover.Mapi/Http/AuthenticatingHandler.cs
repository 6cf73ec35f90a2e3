using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace Cutover.Mapi.Http;

/// <summary>
/// Signs HttpClient's connection in when the server asks for it, and sends the request again. Except for Basic, requests take turns on one
/// connection per server, since a sign-in of several legs belongs to its connection.
/// </summary>
internal sealed class AuthenticatingHandler(HttpAuthentication authentication, SocketsHttpHandler inner, ConcurrentDictionary<string, ChannelBinding> bindings)
    : DelegatingHandler(inner)
{
    private readonly SemaphoreSlim turns = new(authentication.Scheme == HttpAuthenticationScheme.Basic ? int.MaxValue : 1);

    /// <summary>Servers that took Basic, which every request has to repeat.</summary>
    private readonly ConcurrentDictionary<string, AuthenticationHeaderValue> basic = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Credentials never go over plain HTTP.
        if (request.RequestUri?.Scheme != Uri.UriSchemeHttps) return await base.SendAsync(request, cancellationToken);
        await turns.WaitAsync(cancellationToken);
        try
        {
            var server = request.RequestUri.Authority;
            if (basic.TryGetValue(server, out var known)) return await SendAsync(request, known, cancellationToken);
            var response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized) return response;

            var legs = new Legs(this, request, await AnswerOfAsync(response, cancellationToken));
            var authorization = AuthenticationHeaderValue.Parse(await authentication.AuthorizeAsync(legs, cancellationToken));
            response = await SendAsync(request, authorization, cancellationToken);
            if (authorization.Scheme == "Basic" && response.StatusCode != HttpStatusCode.Unauthorized) basic[server] = authorization;
            return response;
        }
        finally
        {
            turns.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) turns.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, AuthenticationHeaderValue authorization, CancellationToken ct)
    {
        request.Headers.Authorization = authorization;
        var response = await base.SendAsync(request, ct);
        // A caller that sends the message again would begin with a used-up token.
        request.Headers.Authorization = null;
        return response;
    }

    /// <summary>Reads the answer to its end, so that the next leg gets its connection.</summary>
    private static async Task<HttpLegAnswer> AnswerOfAsync(HttpResponseMessage response, CancellationToken ct)
    {
        using (response)
        {
            await response.Content.CopyToAsync(Stream.Null, ct);
            return new HttpLegAnswer(response.StatusCode, [.. response.Headers.WwwAuthenticate.Select(challenge => challenge.ToString())]);
        }
    }

    private ChannelBinding? BindingOf(Uri url) => bindings.GetValueOrDefault(url.Authority);

    private Task<HttpResponseMessage> SendLegAsync(HttpRequestMessage leg, CancellationToken ct) => base.SendAsync(leg, ct);

    /// <param name="first">What the server answered to the request without credentials: the first leg has been gone already.</param>
    private sealed class Legs(AuthenticatingHandler handler, HttpRequestMessage request, HttpLegAnswer first) : IHttpLegs
    {
        public string Host => request.RequestUri!.Host;

        public ChannelBinding? Binding => handler.BindingOf(request.RequestUri!);

        public async Task<HttpLegAnswer> SendAsync(string? authorization, CancellationToken ct)
        {
            if (authorization is null) return first;
            using var leg = new HttpRequestMessage(request.Method, request.RequestUri) { Content = new ByteArrayContent([]) };
            leg.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
            foreach (var product in request.Headers.UserAgent) leg.Headers.UserAgent.Add(product);
            var answer = await AnswerOfAsync(await handler.SendLegAsync(leg, ct), ct);
            return answer.StatusCode == HttpStatusCode.Unauthorized || (int)answer.StatusCode < 400
                ? answer
                : throw new HttpRequestException($"{Host} answered {(int)answer.StatusCode} to the sign-in", null, answer.StatusCode);
        }
    }
}
