using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>The web server or RPC proxy refused a channel. Written for the administrator.</summary>
public sealed partial class RpcHttpException(HttpStatusCode statusCode, string message, string nextStep, uint? rpcError = null)
    : MapiProtocolException(message)
{
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>What the administrator can do about it.</summary>
    public string NextStep { get; } = nextStep;

    /// <summary>The proxy's own reason, such as 0x6BA (server unavailable), when it gave one.</summary>
    public uint? RpcError { get; } = rpcError;

    /// <summary>What an answer other than 200 means for this connection.</summary>
    internal static RpcHttpException For(HttpResponseHead answer, RpcHttpOptions options)
    {
        var proxy = options.ProxyUrl;
        var rpcError = RpcErrorOf(answer.Reason);
        var (message, nextStep) = (int)answer.StatusCode switch
        {
            401 when options.Authentication?.Scheme == HttpAuthenticationScheme.Kerberos => (
                $"{proxy.Host} did not accept the Kerberos ticket of {HttpAuthentication.NameOf(options.Credential)} for Outlook Anywhere",
                $"Check that HTTP/{proxy.Host} is a service principal name of the account that its web servers share (setspn -Q; Exchange's alternate service"
                + " account); with Extended Protection no proxy may end TLS on the way."),
            401 => (
                $"{proxy.Host} did not accept the name or password of {HttpAuthentication.NameOf(options.Credential)} for Outlook Anywhere"
                + (answer.Schemes.Length == 0 ? "" : $" (it offers {answer.Schemes})"),
                "Check name and password, and the authentication that Outlook Anywhere takes (Get-OutlookAnywhere); with Extended Protection no proxy may"
                + " end TLS on the way. Repeated attempts may lock the account."),
            403 => (
                $"{proxy.Host} forbids {proxy.AbsolutePath} to {HttpAuthentication.NameOf(options.Credential)}",
                "Check that Outlook Anywhere is allowed for this account (Get-CASMailbox) and that the RPC virtual directory takes HTTPS."),
            404 => (
                $"{proxy.Host} has no RPC proxy at {proxy.AbsolutePath}",
                "Enable Outlook Anywhere on the Client Access server (Enable-OutlookAnywhere) and install the RPC over HTTP Proxy feature."),
            503 => (
                $"The RPC proxy {proxy.Host} cannot reach {options.Server}:{options.Port} (RPC error 0x{rpcError ?? 0x6BA:x})",
                "Check that the server name is right, that its Exchange services run, and that the proxy's ValidPorts allow it."),
            var status => (
                $"{proxy.Host} answered {status} {answer.Reason} to {proxy.AbsolutePath}",
                "Look into the web server's log at this time."),
        };
        return new RpcHttpException(answer.StatusCode, message, nextStep, rpcError);
    }

    /// <summary>The proxy gave up in the middle of the stream.</summary>
    internal static RpcHttpException GaveUp(RpcHttpOptions options) => new(
        HttpStatusCode.ServiceUnavailable,
        $"The RPC proxy {options.ProxyUrl.Host} has lost {options.Server}:{options.Port}",
        "Connect again; if it stays so, check that the server's Exchange services run.",
        RpcStatus.ServerUnavailable);

    private static uint? RpcErrorOf(string reason) => RpcErrorPattern().Match(reason) is { Success: true } match
        ? uint.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex("RPC Error: ([0-9a-fA-F]{1,8})")]
    private static partial Regex RpcErrorPattern();
}
