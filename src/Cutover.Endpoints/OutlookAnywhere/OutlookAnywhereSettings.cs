using System.Net;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Mapi.Http;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Rpc;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>What an Outlook Anywhere endpoint needs to know, by the names of New-MigrationEndpoint (S48).</summary>
public sealed record OutlookAnywhereSettings
{
    /// <summary>The server behind the proxy: its FQDN, or mailbox-guid@domain from Exchange 2013 on, which names one mailbox.</summary>
    public required string ExchangeServer { get; init; }

    /// <summary>The host that serves /rpc/rpcproxy.dll, with a port when it is not 443.</summary>
    public required string RpcProxyServer { get; init; }

    /// <summary>The migration account: DOMAIN\name or its e-mail address (S45).</summary>
    public required string UserName { get; init; }

    /// <summary>How the HTTP legs sign in; null takes the strongest that the server offers.</summary>
    public HttpAuthenticationScheme? Authentication { get; init; }

    /// <summary>How far RPC itself protects calls inside TLS; null takes privacy where the server can.</summary>
    public RpcAuthenticationLevel? RpcProtection { get; init; }

    /// <summary>Who signs in at the RPC level. Not a setting: Negotiate is for servers that refuse NTLM by itself.</summary>
    internal RpcAuthenticationType RpcProvider { get; init; } = RpcAuthenticationType.Ntlm;

    /// <summary>What becomes of a connection when a channel of RPC over HTTP nears its end; null recycles.</summary>
    public EndOfChannel? AtEndOfChannel { get; init; }

    /// <summary>The migration account's e-mail address; Autodiscover begins with it.</summary>
    public string? EmailAddress { get; init; }

    /// <summary>The migration account's own legacyExchangeDN: sessions open in its name.</summary>
    public string? LegacyExchangeDN { get; init; }

    /// <summary>The address book's server behind the proxy, when it is another one.</summary>
    public string? NspiServer { get; init; }

    /// <summary>The server's version as Autodiscover tells it.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>auto takes MAPI over HTTP where Autodiscover announces it, else RPC over HTTP; mapiHttp and rpcHttp take that only.</summary>
    public string Transport { get; init; } = Auto;

    /// <summary>MAPI over HTTP: the URL of the migration account's mailbox; null for RPC over HTTP.</summary>
    public Uri? MailStoreUrl { get; init; }

    /// <summary>MAPI over HTTP: the URL of the address book.</summary>
    public Uri? AddressBookUrl { get; init; }

    /// <summary>Hosts outside the mail domain that may get the password when the organisation's servers send there, separated by commas.</summary>
    public string? AcceptedHosts { get; init; }

    public bool UsesMapiHttp => MailStoreUrl is not null && Transport != RpcHttp;

    /// <summary>True when each mailbox has a server name of its own (Exchange 2013 and later).</summary>
    public bool HasServerPerMailbox => ExchangeServer.Contains('@');

    public const string Auto = "auto";
    public const string MapiHttp = "mapiHttp";
    public const string RpcHttp = "rpcHttp";

    /// <exception cref="MigrationFault">A setting that can't be done without is missing.</exception>
    public static OutlookAnywhereSettings Read(MigrationEndpoint endpoint) => new()
    {
        ExchangeServer = Required(endpoint, nameof(ExchangeServer)),
        RpcProxyServer = Required(endpoint, nameof(RpcProxyServer)),
        UserName = Required(endpoint, nameof(UserName)),
        Authentication = AuthenticationOf(endpoint),
        RpcProtection = OneOf<RpcAuthenticationLevel>(endpoint, nameof(RpcProtection)),
        AtEndOfChannel = OneOf<EndOfChannel>(endpoint, nameof(AtEndOfChannel)),
        EmailAddress = Optional(endpoint, nameof(EmailAddress)),
        LegacyExchangeDN = Optional(endpoint, nameof(LegacyExchangeDN)),
        NspiServer = Optional(endpoint, nameof(NspiServer)),
        ServerVersion = Optional(endpoint, nameof(ServerVersion)),
        Transport = TransportOf(endpoint),
        MailStoreUrl = Url(endpoint, nameof(MailStoreUrl)),
        AddressBookUrl = Url(endpoint, nameof(AddressBookUrl)),
        AcceptedHosts = Optional(endpoint, nameof(AcceptedHosts)),
    };

    /// <summary>The scheme that the endpoint is to sign in by; null takes the strongest that is offered.</summary>
    public static HttpAuthenticationScheme? AuthenticationOf(MigrationEndpoint endpoint) => OneOf<HttpAuthenticationScheme>(endpoint, nameof(Authentication));

    /// <summary>The transport that the administrator chose.</summary>
    /// <exception cref="MigrationFault">It is none of the three.</exception>
    public static string TransportOf(MigrationEndpoint endpoint)
    {
        var chosen = Optional(endpoint, nameof(Transport)) ?? Auto;
        return Array.Find([Auto, MapiHttp, RpcHttp], transport => transport.Equals(chosen, StringComparison.OrdinalIgnoreCase)) ?? throw new MigrationFault(
            FaultScope.Operator, $"The endpoint {endpoint.Name} has the transport {chosen}", $"Choose {Auto}, {MapiHttp} or {RpcHttp}.");
    }

    /// <summary>Whether a host outside the mail domain may get the password.</summary>
    public static Func<Uri, bool> Accepts(string? acceptedHosts) => url =>
        (acceptedHosts ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(url.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings by name, those that are not known left out.</summary>
    public IReadOnlyDictionary<string, string> ToDictionary()
    {
        (string Name, string? Value)[] all =
        [
            (nameof(ExchangeServer), ExchangeServer), (nameof(RpcProxyServer), RpcProxyServer), (nameof(UserName), UserName),
            (nameof(Authentication), Authentication?.ToString()), (nameof(RpcProtection), RpcProtection?.ToString()),
            (nameof(AtEndOfChannel), AtEndOfChannel?.ToString()), (nameof(EmailAddress), EmailAddress), (nameof(LegacyExchangeDN), LegacyExchangeDN),
            (nameof(NspiServer), NspiServer), (nameof(ServerVersion), ServerVersion),
            (nameof(Transport), Transport), (nameof(MailStoreUrl), MailStoreUrl?.AbsoluteUri), (nameof(AddressBookUrl), AddressBookUrl?.AbsoluteUri),
            (nameof(AcceptedHosts), AcceptedHosts),
        ];
        return all.Where(setting => !string.IsNullOrEmpty(setting.Value)).ToDictionary(setting => setting.Name, setting => setting.Value!);
    }

    /// <summary>A connection to a port of the server behind the proxy.</summary>
    /// <param name="port">6001 EMSMDB, 6002 RFR, 6004 NSPI.</param>
    /// <param name="server">Another server than <see cref="ExchangeServer"/>.</param>
    public RpcHttpOptions ConnectionTo(int port, string password, Connector connector, TimeProvider clock, string? server = null) => new()
    {
        ProxyUrl = new Uri($"https://{RpcProxyServer}/rpc/rpcproxy.dll"),
        Server = server ?? ExchangeServer,
        Port = port,
        Credential = CredentialOf(UserName, password),
        Authentication = new HttpAuthentication(CredentialOf(UserName, password), Authentication),
        Protection = RpcProtection,
        SecurityProvider = RpcProvider,
        AtEndOfChannel = AtEndOfChannel ?? EndOfChannel.Recycle,
        Connector = connector,
        TimeProvider = clock,
    };

    /// <summary>A connection to an endpoint of MAPI over HTTP.</summary>
    public MapiHttpOptions ConnectionTo(Uri url, string password, Connector connector, TimeProvider clock) => new()
    {
        Url = url,
        Authentication = new HttpAuthentication(CredentialOf(UserName, password), Authentication),
        Connector = connector,
        MayFollow = Accepts(AcceptedHosts),
        Clock = clock,
    };

    /// <summary>DOMAIN\name taken apart; an e-mail address whole.</summary>
    public static NetworkCredential CredentialOf(string userName, string password)
    {
        var slash = userName.IndexOf('\\');
        return slash < 0 ? new NetworkCredential(userName, password) : new NetworkCredential(userName[(slash + 1)..], password, userName[..slash]);
    }

    private static string Required(MigrationEndpoint endpoint, string name) => Optional(endpoint, name) ?? throw new MigrationFault(
        FaultScope.Operator, $"The endpoint {endpoint.Name} has no setting {name}",
        "Run Autodiscover for the migration account's e-mail address, or give the Exchange server and the RPC proxy server yourself.");

    private static Uri? Url(MigrationEndpoint endpoint, string name)
    {
        if (Optional(endpoint, name) is not { } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url : throw new MigrationFault(
            FaultScope.Operator, $"The endpoint {endpoint.Name} has the {name} {text}, which is no https URL", "Give it as Autodiscover does, or leave it out.");
    }

    private static T? OneOf<T>(MigrationEndpoint endpoint, string name)
        where T : struct, Enum
    {
        if (Optional(endpoint, name) is not { } value) return null;
        return Enum.TryParse<T>(value, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : throw new MigrationFault(
            FaultScope.Operator, $"The endpoint {endpoint.Name} has {name} '{value}', which is none of {string.Join(", ", Enum.GetNames<T>())}",
            "Correct the setting, or leave it out.");
    }

    private static string? Optional(MigrationEndpoint endpoint, string name) =>
        endpoint.Settings.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
