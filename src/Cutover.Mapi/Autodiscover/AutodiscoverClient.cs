using System.Net;
using System.Text;
using Cutover.Mapi.Http;

namespace Cutover.Mapi.Autodiscover;

/// <summary>
/// Finds the way to a mailbox from its e-mail address, by POX Autodiscover: autodiscover.domain, the domain, an HTTP redirect, an SRV record.
/// Source: [MS-OXDISCO] 3.1.5, [MS-OXDSCLI].
/// </summary>
/// <param name="srvResolver">Looks up SRV records, best first; null leaves that step out.</param>
/// <param name="mayFollow">
/// Decides whether credentials may go to a host that only an unsigned answer (a plain HTTP redirect, an SRV record) names; null allows the
/// e-mail address's own domain only.
/// </param>
public sealed class AutodiscoverClient(
    Connector connector,
    Func<string, CancellationToken, Task<IReadOnlyList<SrvTarget>>>? srvResolver = null,
    Func<Uri, bool>? mayFollow = null)
{
    private const string Path = "/autodiscover/autodiscover.xml";
    private const int MostRedirects = 10;
    private const int LongestAnswer = 1 << 20;

    /// <exception cref="AutodiscoverException">Lists everything that was tried.</exception>
    public async Task<AutodiscoverSettings> DiscoverAsync(string emailAddress, NetworkCredential credential, CancellationToken ct)
    {
        using var http = new HttpClient(connector.CreateHttpHandler(new HttpAuthentication(credential)));
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.MaxResponseContentBufferSize = LongestAnswer;
        var search = new Search(http, credential, emailAddress);
        while (true)
        {
            var answer = await SearchAsync(search, ct);
            if (answer is AutodiscoverAnswer.Settings(var settings)) return settings with { Attempts = [.. search.Attempts] };
            if (answer is not AutodiscoverAnswer.RedirectAddress(var address)) throw NotFound(search);
            search.Redirect();
            search.EmailAddress = address;
        }
    }

    private async Task<AutodiscoverAnswer?> SearchAsync(Search search, CancellationToken ct)
    {
        var domain = search.Domain;
        return await PostAsync(new Uri($"https://autodiscover.{domain}{Path}"), search, ct)
            ?? await PostAsync(new Uri($"https://{domain}{Path}"), search, ct)
            ?? await FollowHttpRedirectAsync(new Uri($"http://autodiscover.{domain}{Path}"), search, ct)
            ?? await FollowSrvAsync(search, ct);
    }

    /// <summary>Asks one address and follows its redirects; null when it does not lead anywhere.</summary>
    private async Task<AutodiscoverAnswer?> PostAsync(Uri url, Search search, CancellationToken ct)
    {
        while (true)
        {
            var answer = await TryPostAsync(url, search, ct);
            if (answer is not AutodiscoverAnswer.RedirectUrl(var next)) return answer;
            if (next.Scheme != Uri.UriSchemeHttps) return search.Note(next, "a redirect to it was not followed: it is not https");
            search.Redirect();
            url = next;
        }
    }

    private async Task<AutodiscoverAnswer?> TryPostAsync(Uri url, Search search, CancellationToken ct)
    {
        try
        {
            using var response = await SendAsync(url, search, ct);
            if (RedirectOf(response, url) is { } next)
            {
                search.Note(url, $"redirects to {next}");
                return new AutodiscoverAnswer.RedirectUrl(next);
            }

            if (response.StatusCode == HttpStatusCode.Unauthorized) throw SignInRefused(url, response, search);
            if (!response.IsSuccessStatusCode) return search.Note(url, $"answered {(int)response.StatusCode} {response.ReasonPhrase}");
            var text = await response.Content.ReadAsStringAsync(ct);
            return Judge(AutodiscoverAnswer.Parse(text, search.EmailAddress, url), url, search);
        }
        catch (HttpSignInException e)
        {
            search.Note(url, e.Message);
            throw new AutodiscoverException(AutodiscoverFailure.SignInRefused, e.Message, e.NextStep, [.. search.Attempts], e);
        }
        catch (HttpRequestException e)
        {
            return search.Note(url, ConnectException.Find(e)?.Message ?? e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return search.Note(url, $"did not answer within {connector.Timeout.TotalSeconds:0} s");
        }
    }

    private static AutodiscoverAnswer? Judge(AutodiscoverAnswer? answer, Uri url, Search search)
    {
        switch (answer)
        {
            case null:
                return search.Note(url, "answered something else than Autodiscover does");
            case AutodiscoverAnswer.Error("500" or "501", var message):
                search.Note(url, $"does not know {search.EmailAddress}: {message}");
                throw UnknownAddress(search);
            case AutodiscoverAnswer.Error(var code, var message):
                return search.Note(url, $"answered error {code}: {message}");
            case AutodiscoverAnswer.RedirectAddress(var address):
                search.Note(url, $"redirects to {address}");
                return answer;
            case AutodiscoverAnswer.RedirectUrl(var next):
                search.Note(url, $"redirects to {next}");
                return answer;
            default:
                search.Note(url, "answered");
                return answer;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri url, Search search, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(connector.Timeout, connector.Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.UserAgent.ParseAdd("Microsoft-Office/14.0"); // some firewalls let only Outlook's own name pass
        request.Content = new StringContent(AutodiscoverAnswer.RequestFor(search.EmailAddress), Encoding.UTF8, "text/xml");
        return await search.Http.SendAsync(request, linked.Token);
    }

    /// <summary>A plain HTTP GET that may only point elsewhere. It never carries credentials.</summary>
    private async Task<AutodiscoverAnswer?> FollowHttpRedirectAsync(Uri url, Search search, CancellationToken ct)
    {
        try
        {
            using var timer = new CancellationTokenSource(connector.Timeout, connector.Clock);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
            using var response = await search.Http.GetAsync(url, linked.Token);
            if (RedirectOf(response, url) is not { } next) return search.Note(url, $"answered {(int)response.StatusCode}, not a redirect");
            search.Note(url, $"redirects to {next}");
            return await FollowUnsignedAsync(next, search, ct);
        }
        catch (HttpRequestException e)
        {
            return search.Note(url, ConnectException.Find(e)?.Message ?? e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return search.Note(url, $"did not answer within {connector.Timeout.TotalSeconds:0} s");
        }
    }

    private async Task<AutodiscoverAnswer?> FollowSrvAsync(Search search, CancellationToken ct)
    {
        if (srvResolver is null) return null;
        var name = $"_autodiscover._tcp.{search.Domain}";
        var target = (await srvResolver(name, ct)).FirstOrDefault();
        if (target is null)
        {
            search.Attempts.Add(new AutodiscoverAttempt(name, "no SRV record"));
            return null;
        }

        search.Attempts.Add(new AutodiscoverAttempt(name, $"points to {target.Host}:{target.Port}"));
        return await FollowUnsignedAsync(new UriBuilder("https", target.Host, target.Port, Path).Uri, search, ct);
    }

    // Anyone on the way can forge a plain HTTP redirect or an SRV record and so collect the administrator's password.
    private async Task<AutodiscoverAnswer?> FollowUnsignedAsync(Uri next, Search search, CancellationToken ct)
    {
        if (next.Scheme != Uri.UriSchemeHttps) return search.Note(next, "not followed: it is not https");
        var isTrusted = mayFollow?.Invoke(next) ?? IsWithin(next.Host, search.Domain);
        if (!isTrusted) return search.Note(next, $"not followed: it is outside {search.Domain}, and nothing proves that the redirect is genuine");
        search.Redirect();
        return await PostAsync(next, search, ct);
    }

    private static bool IsWithin(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    private static Uri? RedirectOf(HttpResponseMessage response, Uri from) =>
        (int)response.StatusCode is 301 or 302 or 307 or 308 && response.Headers.Location is { } location ? new Uri(from, location) : null;

    private static AutodiscoverException SignInRefused(Uri url, HttpResponseMessage response, Search search)
    {
        var offered = string.Join(", ", response.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
        search.Note(url, $"answered 401 (it offers {(offered.Length == 0 ? "nothing" : offered)})");
        return new AutodiscoverException(
            AutodiscoverFailure.SignInRefused,
            $"{url.Host} did not accept the name or password of {HttpAuthentication.NameOf(search.Credential)}",
            "Check name and password, and the authentication of the Autodiscover virtual directory. Nothing else was tried, lest the account be locked.",
            [.. search.Attempts])
        {
            StatusCode = HttpStatusCode.Unauthorized,
        };
    }

    private static AutodiscoverException UnknownAddress(Search search) => new(
        AutodiscoverFailure.UnknownAddress,
        $"Exchange knows no mailbox with the address {search.EmailAddress}",
        "Check the spelling; the address must belong to a mailbox of the organisation.",
        [.. search.Attempts]);

    private static AutodiscoverException NotFound(Search search) => new(
        AutodiscoverFailure.NotFound,
        $"Autodiscover found no settings for {search.EmailAddress}",
        "Publish Autodiscover for the domain, or enter the Exchange server's and the RPC proxy's names by hand.",
        [.. search.Attempts]);

    /// <summary>One search: what is asked for, and what was tried.</summary>
    private sealed class Search(HttpClient http, NetworkCredential credential, string emailAddress)
    {
        private int redirects;

        public HttpClient Http => http;

        public NetworkCredential Credential => credential;

        public string EmailAddress { get; set; } = emailAddress;

        public List<AutodiscoverAttempt> Attempts { get; } = [];

        public string Domain => EmailAddress[(EmailAddress.LastIndexOf('@') + 1)..];

        /// <summary>Always null, so that a search can go on with the next address in one expression.</summary>
        public AutodiscoverAnswer? Note(Uri url, string outcome)
        {
            Attempts.Add(new AutodiscoverAttempt(url.ToString(), outcome));
            return null;
        }

        public void Redirect()
        {
            if (++redirects > MostRedirects) throw NotFound(this);
        }
    }
}
