using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Cutover.Mapi.Http;

/// <summary>How a channel's HTTP request is authenticated: once per connection, since proxies authenticate the connection.</summary>
public interface IChannelAuthentication
{
    /// <summary>The scheme, as WWW-Authenticate names it.</summary>
    string Scheme { get; }

    /// <summary>Begins the conversation that lets one connection in.</summary>
    /// <param name="url">The proxy that the connection leads to.</param>
    /// <param name="server">The certificate that the server showed, for channel binding (RFC 5929 4); null without TLS.</param>
    IChannelConversation Begin(Uri url, X509Certificate2? server);
}

/// <summary>The legs that let one connection in: a request for each, all but the last with Content-Length 0. Source: [MS-RPCH] 2.1.2.1.</summary>
public interface IChannelConversation : IDisposable
{
    /// <summary>What the next request says.</summary>
    /// <param name="challenge">What followed the scheme in the server's WWW-Authenticate, may be empty; null for the first request.</param>
    /// <exception cref="RpcHttpException">The challenge can't be answered.</exception>
    ChannelLeg Next(string? challenge);
}

/// <param name="Authorization">The value of the request's Authorization header, scheme included.</param>
/// <param name="IsLast">The channel's own request follows; else the server's challenge.</param>
public sealed record ChannelLeg(string Authorization, bool IsLast);

/// <summary>Name and password in every request. Source: RFC 7617.</summary>
public sealed class BasicAuthentication(NetworkCredential credential) : IChannelAuthentication, IChannelConversation
{
    public string Scheme => "Basic";

    /// <summary>DOMAIN\user, or the name alone when there is no domain.</summary>
    public static string NameOf(NetworkCredential credential) =>
        credential.Domain.Length == 0 ? credential.UserName : $@"{credential.Domain}\{credential.UserName}";

    public static string HeaderFor(NetworkCredential credential) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{NameOf(credential)}:{credential.Password}"));

    public IChannelConversation Begin(Uri url, X509Certificate2? server) => this;

    public ChannelLeg Next(string? challenge) => new(HeaderFor(credential), IsLast: true);

    public void Dispose()
    {
    }
}
