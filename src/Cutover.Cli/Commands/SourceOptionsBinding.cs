using System.CommandLine;
using Cutover.Server;

namespace Cutover.Cli.Commands;

/// <summary>The options that say how the source is reached: from a settings file, or one by one; what is said here goes before the file.</summary>
internal sealed class SourceOptionsBinding
{
    private readonly Option<string?> settings = new("--settings") { Description = "Take source, DNS and network from this settings file" };
    private readonly Option<string?> user = new("--user") { Description = "The account that reads: DOMAIN\\name or its e-mail address" };
    private readonly Option<string?> password = new("--password") { Description = "Where its password is: env:NAME or file:PATH" };
    private readonly Option<string?> account = new("--account") { Description = "The account's own e-mail address, when --user is not one; Autodiscover begins with it" };
    private readonly Option<string?> exchangeServer = new("--exchange-server") { Description = "Without Autodiscover: the Exchange server's name" };
    private readonly Option<string?> rpcProxyServer = new("--rpc-proxy-server") { Description = "Without Autodiscover: the RPC proxy server's name" };
    private readonly Option<string?> transport = new("--transport") { Description = "auto (as Autodiscover says), mapiHttp or rpcHttp" };
    private readonly Option<string?> authentication = new("--authentication") { Description = "Basic, Ntlm, Negotiate or Kerberos; without it the strongest that the server offers" };
    private readonly Option<string?> rpcProtection = new("--rpc-protection") { Description = "RPC over HTTP: None, Connect, Integrity or Privacy inside TLS; without it privacy where the server can" };
    private readonly Option<string[]> trust = new("--trust") { Description = "A PEM file of a private certification authority" };
    private readonly Option<string[]> connectTo = new("--connect-to") { Description = "host:port:to-host:to-port, as curl's" };

    public void AddTo(Command command)
    {
        Option[] options = [settings, user, password, account, exchangeServer, rpcProxyServer, transport, authentication, rpcProtection, trust, connectTo];
        foreach (var option in options) command.Add(option);
    }

    /// <exception cref="InvalidSettingsException">The file can't be read, or nothing says who signs in.</exception>
    public (SourceSettings Source, DnsSettings Dns, NetworkSettings Network) Read(ParseResult parsed)
    {
        var file = parsed.GetValue(settings) is { } path ? CutoverSettings.Read(path) : null;
        var userName = parsed.GetValue(user) ?? file?.Source.UserName ?? throw Missing("--user");
        var secret = parsed.GetValue(password) ?? file?.Source.Password ?? throw Missing("--password");
        var address = parsed.GetValue(account) ?? file?.Source.TestMailbox ?? (userName.Contains('@') ? userName : throw Missing("--account"));
        var source = file?.Source ?? new SourceSettings(address, userName, secret);
        return (
            source with
            {
                TestMailbox = address,
                UserName = userName,
                Password = secret,
                ExchangeServer = parsed.GetValue(exchangeServer) ?? source.ExchangeServer,
                RpcProxyServer = parsed.GetValue(rpcProxyServer) ?? source.RpcProxyServer,
                Transport = parsed.GetValue(transport) ?? source.Transport,
                Authentication = parsed.GetValue(authentication) ?? source.Authentication,
                RpcProtection = parsed.GetValue(rpcProtection) ?? source.RpcProtection,
            },
            file?.Dns ?? new DnsSettings(),
            (file?.Network ?? new NetworkSettings()) with
            {
                TrustedCertificates = Both(file?.Network.TrustedCertificates, parsed.GetValue(trust)),
                ConnectTo = Both(file?.Network.ConnectTo, parsed.GetValue(connectTo)),
            });
    }

    private static IReadOnlyList<string> Both(IReadOnlyList<string>? inFile, string[]? given) => [.. given ?? [], .. inFile ?? []];

    private static InvalidSettingsException Missing(string option) =>
        new($"Nothing says how to sign in: give {option}, or --settings with a settings file. Nothing was done.");
}
