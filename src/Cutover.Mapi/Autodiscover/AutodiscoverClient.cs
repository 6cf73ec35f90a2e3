using System.Net;
using System.Text;
using Cutover.Mapi.Http;

namespace Cutover.Mapi.Autodiscover;

/// <summary>
/// Finds the way to a mailbox from its e-mail address, by POX Autodiscover: autodiscover.domain, the domain, an HTTP redirect, an SRV record. The
/// service connection point in Active Directory is left out: it needs a member of the domain. Source: [MS-OXDISCO] 3.1.5, [MS-OXDSCLI].
/// </summary>
/// <param name="mayFollow">
/// Decides whether credentials may go to a host outside the e-mail address's own domain, whoever names it; null allows none. They never go
/// over plain HTTP.
/// </param>
public sealed class AutodiscoverClient(Connector connector, Func<Uri, bool>? mayFollow = null)
{
    private const string Path = "/autodiscover/autodiscover.xml";
    private const int MostRedirects = 10;
    private const int LongestAnswer = 1 << 20;

    /// <summary>The only scheme to sign in by; null takes the strongest that a server offers.</summary>
    public HttpAuthenticationScheme? Authentication { get; init; }

    /// <exception cref="AutodiscoverException">Lists everything that was tried.</exception>
    public Task<AutodiscoverSettings> DiscoverAsync(string emailAddress, NetworkCredential credential, CancellationToken ct) =>
        DiscoverAsync(emailAddress, null, credential, ct);

    /// <summary>The same by legacyExchangeDN, for what has no address of its own that is known: an archive, a delegate's mailbox.</summary>
    /// <param name="domain">Where Autodiscover is looked for.</param>
    /// <exception cref="AutodiscoverException">Lists everything that was tried.</exception>
    public Task<AutodiscoverSettings> DiscoverByLegacyDNAsync(string legacyDN, string domain, NetworkCredential credential, CancellationToken ct) =>
        DiscoverAsync($"@{domain}", legacyDN, credential, ct);

    private async Task<AutodiscoverSettings> DiscoverAsync(string emailAddress, string? legacyDN, NetworkCredential credential, CancellationToken ct)
    {
        using var http = new HttpClient(connector.CreateHttpHandler(new HttpAuthentication(credential, Authentication)));
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.MaxResponseContentBufferSize = LongestAnswer;
        var search = new Search(http, credential, emailAddress, legacyDN);
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
        return await AskAsync(new Uri($"https://autodiscover.{domain}{Path}"), search, ct)
            ?? await AskAsync(new Uri($"https://{domain}{Path}"), search, ct)
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
            if (Refusal(next, search) is { } refusal) return search.Note(next, refusal);
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
                search.Note(url, $"does not know {search.Name}: {message}");
                throw UnknownAddress(search);
            case AutodiscoverAnswer.Error(var code, var message):
                return search.Note(url, $"answered error {code}: {AutodiscoverAnswer.Error.Explain(code) ?? message}");
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
        request.Headers.Add("X-MapiHttpCapability", "1"); // [MS-OXDSCLI] 2.2.2.1
        request.Content = new StringContent(AutodiscoverAnswer.RequestFor(search.EmailAddress, search.LegacyDN), Encoding.UTF8, "text/xml");
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
        if (connector.SrvResolver is not { } resolve) return null;
        var name = $"_autodiscover._tcp.{search.Domain}";
        try
        {
            if ((await resolve(name, ct)).FirstOrDefault() is not { } target) return search.Note(name, "no SRV record");
            search.Note(name, $"points to {target.Host}:{target.Port}");
            return await FollowUnsignedAsync(new UriBuilder("https", target.Host, target.Port, Path).Uri, search, ct);
        }
        catch (Exception e) when (e is ConnectException or UriFormatException)
        {
            return search.Note(name, e.Message);
        }
    }

    /// <summary>Asks an address that was found, not followed to: an address's own domain is asked as it is, another's only when accepted.</summary>
    private async Task<AutodiscoverAnswer?> AskAsync(Uri url, Search search, CancellationToken ct) =>
        Refusal(url, search) is { } refusal ? search.Note(url, refusal) : await PostAsync(url, search, ct);

    private async Task<AutodiscoverAnswer?> FollowUnsignedAsync(Uri next, Search search, CancellationToken ct)
    {
        if (Refusal(next, search) is { } refusal) return search.Note(next, refusal);
        search.Redirect();
        return await PostAsync(next, search, ct);
    }

    // Anyone on the way can forge a plain HTTP redirect or an SRV record, and a web site of the domain may send its visitors anywhere: each would
    // collect the administrator's password.
    private string? Refusal(Uri next, Search search)
    {
        if (next.Scheme != Uri.UriSchemeHttps) return "not followed: it is not https";
        if (IsWithin(next.Host, search.FirstDomain) || mayFollow?.Invoke(next) == true) return null;
        return $"not followed: it is outside {search.FirstDomain} and was not accepted, and it would get the password";
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
        $"Exchange knows no mailbox with the {(search.LegacyDN is null ? "address" : "legacyExchangeDN")} {search.Name}",
        "Check the spelling; the address must belong to a mailbox of the organisation.",
        [.. search.Attempts]);

    private static AutodiscoverException NotFound(Search search) => new(
        AutodiscoverFailure.NotFound,
        $"Autodiscover found no settings for {search.Name}",
        "Publish Autodiscover for the domain, or enter the Exchange server's and the RPC proxy's names by hand.",
        [.. search.Attempts]);

    /// <summary>One search: what is asked for, and what was tried.</summary>
    private sealed class Search(HttpClient http, NetworkCredential credential, string emailAddress, string? legacyDN)
    {
        private int redirects;

        public HttpClient Http => http;

        public NetworkCredential Credential => credential;

        public string EmailAddress { get; set; } = emailAddress;

        public List<AutodiscoverAttempt> Attempts { get; } = [];

        public string? LegacyDN => legacyDN;

        /// <summary>What is asked for, as the administrator knows it.</summary>
        public string Name => legacyDN ?? EmailAddress;

        public string Domain => DomainOf(EmailAddress);

        /// <summary>The domain that the administrator named; redirected addresses may lie in others.</summary>
        public string FirstDomain { get; } = DomainOf(emailAddress);

        /// <summary>Always null, so that a search can go on with the next address in one expression.</summary>
        public AutodiscoverAnswer? Note(Uri url, string outcome) => Note(url.ToString(), outcome);

        /// <summary>Always null, for what has no URL.</summary>
        public AutodiscoverAnswer? Note(string address, string outcome)
        {
            Attempts.Add(new AutodiscoverAttempt(address, outcome));
            return null;
        }

        private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];

        public void Redirect()
        {
            if (++redirects > MostRedirects) throw NotFound(this);
        }
    }
}
