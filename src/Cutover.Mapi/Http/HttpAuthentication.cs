using System.Net;
using System.Text;
using Cutover.Mapi.Ntlm;

namespace Cutover.Mapi.Http;

/// <summary>How a connection proves who we are, weakest first.</summary>
public enum HttpAuthenticationScheme
{
    /// <summary>Name and password in every request. Source: RFC 7617.</summary>
    Basic,

    /// <summary>NTLMv2, bound to the TLS channel. Source: [MS-NTHT].</summary>
    Ntlm,

    /// <summary>NTLMv2 inside SPNEGO, bound to the TLS channel. Source: RFC 4559.</summary>
    Negotiate,

    /// <summary>
    /// A Kerberos ticket inside SPNEGO, bound to the TLS channel; for servers that take no NTLM. Never chosen by itself: where no ticket
    /// is to be had, finding that out takes time, and a wrong password would count twice. Source: RFC 4559.
    /// </summary>
    Kerberos,
}

/// <summary>
/// Signs in on HTTP connections: raw channels and HttpClient alike (<see cref="Connector.CreateHttpHandler(HttpAuthentication)"/>). Proxies and
/// IIS authenticate the connection, so every new one goes through this again.
/// </summary>
/// <param name="scheme">The only scheme to use; null takes the strongest that the server offers.</param>
public sealed class HttpAuthentication(NetworkCredential credential, HttpAuthenticationScheme? scheme = null)
{
    private static readonly HttpAuthenticationScheme[] StrongestFirst =
        [HttpAuthenticationScheme.Negotiate, HttpAuthenticationScheme.Ntlm, HttpAuthenticationScheme.Basic];

    public HttpAuthenticationScheme? Scheme => scheme;

    /// <summary>DOMAIN\user, or the name alone when there is no domain.</summary>
    public string UserName => NameOf(credential);

    /// <summary>DOMAIN\user, or the name alone when there is no domain.</summary>
    public static string NameOf(NetworkCredential credential) =>
        credential.Domain.Length == 0 ? credential.UserName : $@"{credential.Domain}\{credential.UserName}";

    /// <summary>The Authorization header of the real request; a scheme that needs more legs goes through them here.</summary>
    /// <exception cref="HttpSignInException">The server offers no scheme that we may use.</exception>
    public async ValueTask<string> AuthorizeAsync(IHttpLegs legs, CancellationToken ct)
    {
        if (scheme == HttpAuthenticationScheme.Basic) return Basic();
        if (scheme == HttpAuthenticationScheme.Kerberos) return await KerberosAsync(legs, ct);
        var offer = scheme is null ? await legs.SendAsync(null, ct) : null;
        foreach (var candidate in scheme is { } only ? [only] : StrongestFirst.Where(offer!.Offers))
        {
            if (candidate == HttpAuthenticationScheme.Basic) return Basic();
            if (await TrySignInAsync(candidate, legs, ct) is { } authorization) return authorization;
        }
        throw NothingOffered(offer ?? await legs.SendAsync(null, ct), legs.Host);
    }

    private string Basic() => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{credential.Password}"));

    private async Task<string> KerberosAsync(IHttpLegs legs, CancellationToken ct)
    {
        var offer = await legs.SendAsync(null, ct);
        if (!offer.Offers(HttpAuthenticationScheme.Kerberos)) throw NothingOffered(offer, legs.Host);
        var ticket = await KerberosTicket.GetAsync(credential, legs.Host, legs.Binding, ct);
        return Header(HttpAuthenticationScheme.Kerberos, new SpnegoToken.Init([SpnegoToken.KerberosMechanism], ticket).ToArray());
    }

    /// <summary>Null when the server has no challenge for the first token. Nothing that counts as an attempt was sent then.</summary>
    private async Task<string?> TrySignInAsync(HttpAuthenticationScheme scheme, IHttpLegs legs, CancellationToken ct)
    {
        ISecurityClient client = new NtlmClient(credential, $"HTTP/{legs.Host}", legs.Binding);
        if (scheme == HttpAuthenticationScheme.Negotiate) client = new SpnegoClient(client);
        var answer = await legs.SendAsync(Header(scheme, client.Begin()), ct);
        return answer.Find(scheme) is { Length: > 0 } challenge ? Header(scheme, client.Answer(Decode(challenge, legs.Host)).Token) : null;
    }

    private static string Header(HttpAuthenticationScheme scheme, byte[] token) => $"{scheme.WireName} {Convert.ToBase64String(token)}";

    private static byte[] Decode(string challenge, string host)
    {
        var token = new byte[challenge.Length];
        return Convert.TryFromBase64String(challenge, token, out var length)
            ? token[..length]
            : throw new MapiProtocolException($"{host} answered the sign-in with a challenge that is not Base64");
    }

    private HttpSignInException NothingOffered(HttpLegAnswer answer, string host) => new(
        $"{host} does not let {UserName} sign in by {scheme?.ToString() ?? "Negotiate, NTLM or Basic"} (it offers {answer.Schemes})",
        "Choose a scheme that the server offers, or allow this one for the virtual directory"
        + " (Set-OutlookAnywhere, Set-AutodiscoverVirtualDirectory, Set-MapiVirtualDirectory).");
}

/// <summary>The schemes' names on the wire.</summary>
public static class HttpAuthenticationSchemeNames
{
    extension(HttpAuthenticationScheme scheme)
    {
        /// <summary>As the headers have it.</summary>
        public string WireName => scheme switch
        {
            HttpAuthenticationScheme.Ntlm => "NTLM",
            HttpAuthenticationScheme.Kerberos => "Negotiate",
            _ => scheme.ToString(),
        };
    }
}

/// <summary>No sign-in was possible at all; nothing was sent that counts towards a lock-out. Written for the administrator.</summary>
public sealed class HttpSignInException(string message, string nextStep) : MapiProtocolException(message)
{
    /// <summary>What the administrator can do about it.</summary>
    public string NextStep { get; } = nextStep;
}

/// <summary>Requests with Content-Length 0 that authenticate a connection before its real request.</summary>
public interface IHttpLegs
{
    /// <summary>The host of the URL.</summary>
    string Host { get; }

    /// <summary>What ties a sign-in to this TLS connection; null over plain HTTP.</summary>
    ChannelBinding? Binding { get; }

    /// <summary>Sends one leg and reads its answer to the end.</summary>
    Task<HttpLegAnswer> SendAsync(string? authorization, CancellationToken ct);
}

/// <param name="Challenges">The values of WWW-Authenticate.</param>
public sealed record HttpLegAnswer(HttpStatusCode StatusCode, IReadOnlyList<string> Challenges)
{
    /// <summary>The schemes that the server offers, without their parameters.</summary>
    public string Schemes => Challenges.Count == 0 ? "nothing" : string.Join(", ", Challenges.Select(challenge => challenge.Split(' ')[0]));

    public bool Offers(HttpAuthenticationScheme scheme) => Find(scheme) is not null;

    /// <summary>What follows the scheme's name: nothing in an offer, a token in an answer; null when it is not offered.</summary>
    public string? Find(HttpAuthenticationScheme scheme)
    {
        var name = scheme.WireName;
        var challenge = Challenges.FirstOrDefault(challenge =>
            challenge.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (challenge.Length == name.Length || challenge[name.Length] is ' ' or ','));
        return challenge?[name.Length..].Trim();
    }
}
