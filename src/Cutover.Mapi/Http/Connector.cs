using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cutover.Mapi.Tracing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cutover.Mapi.Http;

/// <summary>How every connection is made: which names lead where, and which certificates are trusted.</summary>
public sealed partial class Connector
{
    private readonly ConcurrentDictionary<string, bool> warnedOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> withoutRecycling = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> answerOutAfterIn = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Roots trusted besides the system's, such as the organisation's own certification authority.</summary>
    public IReadOnlyList<X509Certificate2> TrustedRoots { get; init; } = [];

    /// <summary>Certificates that the administrator accepts one by one although nothing vouches for them; using one is logged as a warning.</summary>
    public IReadOnlyList<AcceptedCertificate> AcceptUntrusted { get; init; } = [];

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The first rule that matches holds.</summary>
    public IReadOnlyList<ConnectTo> ConnectTo { get; init; } = [];

    /// <summary>Looks host names up; null asks the system. No address means that the name does not exist.</summary>
    public Func<string, CancellationToken, Task<IReadOnlyList<IPAddress>>>? Resolver { get; init; }

    /// <summary>Looks up the SRV records of a name, best first; null leaves them out. Fails with <see cref="ConnectException"/>.</summary>
    public Func<string, CancellationToken, Task<IReadOnlyList<SrvTarget>>>? SrvResolver { get; init; }

    /// <summary>Writes down what goes over the wire; null writes nothing.</summary>
    public ProtocolTrace? Trace { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long one address may take to answer, and the TLS handshake after it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Opens a TLS connection whose certificate holds for this host.</summary>
    /// <exception cref="ConnectException">Says what stood in the way.</exception>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        var target = Find(host, port);
        var tcp = await ConnectTcpAsync(target, ct);
        try
        {
            return await AuthenticateAsync(tcp, target, ct);
        }
        catch
        {
            await tcp.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a plain TCP connection, for http:// only.</summary>
    /// <exception cref="ConnectException">Says what stood in the way.</exception>
    public async Task<Stream> ConnectPlainAsync(string host, int port, CancellationToken ct) => await ConnectTcpAsync(Find(host, port), ct);

    /// <summary>A handler for HttpClient that connects by these rules. It follows no redirects and keeps no cookies.</summary>
    /// <remarks>A refusal arrives inside HttpRequestException: see <see cref="ConnectException.Find"/>.</remarks>
    public SocketsHttpHandler CreateHttpHandler() => CreateHttpHandler((_, _) => { });

    /// <summary>
    /// A handler that signs in too, over https only and when the server asks for it. Unless Basic is the only scheme, requests go one after the
    /// other over one connection: who wants more takes more handlers. An answer 401 means that the sign-in failed; trying again may lock the account.
    /// </summary>
    public HttpMessageHandler CreateHttpHandler(HttpAuthentication authentication)
    {
        var bindings = new ConcurrentDictionary<string, ChannelBinding>();
        var inner = CreateHttpHandler((url, connection) =>
        {
            if (ChannelBinding.Of(connection) is { } binding) bindings[url.Authority] = binding;
        });
        if (authentication.Scheme != HttpAuthenticationScheme.Basic) inner.MaxConnectionsPerServer = 1;
        return new AuthenticatingHandler(authentication, inner, bindings);
    }

    private SocketsHttpHandler CreateHttpHandler(Action<Uri, Stream> onConnected) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // SocketsHttpHandler takes an SslStream as it is, so that the checks and their messages are the same everywhere.
        ConnectCallback = async (context, ct) =>
        {
            var url = context.InitialRequestMessage.RequestUri!;
            if (url.Scheme == Uri.UriSchemeHttp) return await ConnectPlainAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct);
            var connection = await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct);
            onConnected(url, connection);
            return connection;
        },
    };

    /// <summary>A channel of this proxy came to its end and nobody asked for a successor: the next connections know.</summary>
    internal void NoteChannelRunOut(Uri proxy) => withoutRecycling[proxy.Authority] = true;

    internal bool LetsChannelsRunOut(Uri proxy) => withoutRecycling.ContainsKey(proxy.Authority);

    /// <summary>This proxy left OUT without an answer while IN was not there.</summary>
    internal void NoteOutAnsweredAfterIn(Uri proxy) => answerOutAfterIn[proxy.Authority] = true;

    internal bool AnswersOutAfterIn(Uri proxy) => answerOutAfterIn.ContainsKey(proxy.Authority);

    private Target Find(string host, int port)
    {
        var rule = ConnectTo.FirstOrDefault(rule => rule.Matches(host, port));
        return rule is null
            ? new Target(host, port, host, port)
            : new Target(host, port, rule.ToHost.Length == 0 ? host : rule.ToHost, rule.ToPort == 0 ? port : rule.ToPort);
    }

    private async Task<NetworkStream> ConnectTcpAsync(Target target, CancellationToken ct)
    {
        SocketException? last = null;
        foreach (var address in await ResolveAsync(target, ct))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await WithTimeoutAsync(token => socket.ConnectAsync(address, target.ToPort, token).AsTask(), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw NotConnected(target, last);
    }

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(Target target, CancellationToken ct)
    {
        if (IPAddress.TryParse(target.ToHost, out var literal)) return [literal];
        try
        {
            var addresses = Resolver is null ? await Dns.GetHostAddressesAsync(target.ToHost, ct) : await Resolver(target.ToHost, ct);
            return addresses.Count > 0 ? addresses : throw NotResolved(target, null);
        }
        catch (SocketException e)
        {
            throw NotResolved(target, e);
        }
    }

    private async Task<SslStream> AuthenticateAsync(NetworkStream tcp, Target target, CancellationToken ct)
    {
        var check = new ServerCertificateCheck(target.Host, TrustedRoots, AcceptUntrusted, Clock);
        var tls = new SslStream(tcp);
        try
        {
            var options = new SslClientAuthenticationOptions { TargetHost = target.Host, RemoteCertificateValidationCallback = check.Validate };
            await WithTimeoutAsync(token => tls.AuthenticateAsClientAsync(options, token), ct);
            if (check.IsOnlyAccepted && warnedOf.TryAdd(target.Host, true)) LogAccepted(Logger, target.Host);
            return tls;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            await tls.DisposeAsync();
            throw check.Refusal ?? new ConnectException(
                ConnectFailure.TlsFailed,
                $"{target} accepted the connection but the TLS handshake failed: {e.Message}",
                "Check that this port speaks HTTPS and that the server offers TLS 1.2 or later. TLS 1.0 and 1.1, all that Windows before 2008 R2 knows, are"
                + " the system's to allow: see MinProtocol and CipherString in its openssl.cnf.",
                e);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private async Task WithTimeoutAsync(Func<CancellationToken, Task> attempt, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(Timeout, Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            await attempt(linked.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private static ConnectException NotResolved(Target target, Exception? inner) => new(
        ConnectFailure.NameNotResolved,
        $"The name {target.ToHost} has no address in DNS",
        $"Check the spelling and that {target.ToHost} has an A or AAAA record that this computer can see.",
        inner);

    private static ConnectException NotConnected(Target target, SocketException? inner) => inner?.SocketErrorCode == SocketError.ConnectionRefused
        ? new(ConnectFailure.Refused, $"{target} refused the connection", "Check that the service is running and that the port is right.", inner)
        : new(
            ConnectFailure.Unreachable,
            $"{target} did not answer: {inner?.Message}",
            "Check the network and that no firewall between this computer and the server closes the port.",
            inner);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate of {Host} is accepted by its fingerprint alone: nothing vouches for it")]
    private static partial void LogAccepted(ILogger logger, string host);

    /// <summary>What was asked for, and where a rule sends it.</summary>
    private sealed record Target(string Host, int Port, string ToHost, int ToPort)
    {
        public override string ToString() => Host == ToHost && Port == ToPort
            ? $"{Host}:{Port}"
            : $"{Host}:{Port} (sent to {ToHost}:{ToPort} by a connect-to rule)";
    }
}
