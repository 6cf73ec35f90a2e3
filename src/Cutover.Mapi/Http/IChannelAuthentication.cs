using System.Net;
using System.Text;

namespace Cutover.Mapi.Http;

/// <summary>How a channel's HTTP request is authenticated: once per connection, since proxies authenticate the connection.</summary>
public interface IChannelAuthentication
{
    /// <summary>The scheme, as WWW-Authenticate names it.</summary>
    string Scheme { get; }

    /// <summary>
    /// The Authorization header of the channel's request. A scheme that needs more legs goes through them here, on this connection, with
    /// requests whose Content-Length is 0.
    /// </summary>
    ValueTask<string> AuthorizeAsync(Stream connection, string method, Uri url, CancellationToken ct);
}

/// <summary>Name and password in every request. Source: RFC 7617.</summary>
public sealed class BasicAuthentication(NetworkCredential credential) : IChannelAuthentication
{
    public string Scheme => "Basic";

    /// <summary>DOMAIN\user, or the name alone when there is no domain.</summary>
    public static string NameOf(NetworkCredential credential) =>
        credential.Domain.Length == 0 ? credential.UserName : $@"{credential.Domain}\{credential.UserName}";

    public static string HeaderFor(NetworkCredential credential) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{NameOf(credential)}:{credential.Password}"));

    public ValueTask<string> AuthorizeAsync(Stream connection, string method, Uri url, CancellationToken ct) => new(HeaderFor(credential));
}
