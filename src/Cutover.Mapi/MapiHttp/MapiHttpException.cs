using System.Net;

namespace Cutover.Mapi.MapiHttp;

/// <summary>The web server or the endpoint refused a request. Written for the administrator.</summary>
public sealed class MapiHttpException(HttpStatusCode statusCode, MapiHttpResponseCode responseCode, string message, string nextStep)
    : MapiProtocolException(message)
{
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>X-ResponseCode, when the web server let the request through.</summary>
    public MapiHttpResponseCode ResponseCode { get; } = responseCode;

    /// <summary>What the administrator can do about it.</summary>
    public string NextStep { get; } = nextStep;

    /// <summary>What an HTTP status other than 200 means.</summary>
    internal static MapiHttpException Of(HttpResponseMessage answer, string offered, MapiHttpOptions options)
    {
        var (host, path, user) = (options.Url.Host, options.Url.AbsolutePath, options.Authentication.UserName);
        var (message, nextStep) = (int)answer.StatusCode switch
        {
            401 => (
                $"{host} did not accept the name or password of {user} for MAPI over HTTP{(offered.Length == 0 ? "" : $" (it offers {offered})")}",
                "Check name and password, and the authentication of the MAPI virtual directory (Get-MapiVirtualDirectory). Repeated attempts may lock the account."),
            403 => (
                $"{host} forbids {path} to {user}",
                "Check that MAPI over HTTP is allowed for this account (Get-CASMailbox, MapiHttpEnabled)."),
            404 => (
                $"{host} has no MAPI over HTTP at {path}",
                "Enable MAPI over HTTP (Set-OrganizationConfig -MapiHttpEnabled $true), or take RPC over HTTP for this endpoint (transport rpcHttp)."),
            var status => ($"{host} answered {status} {answer.ReasonPhrase} to {path}", "Look into the web server's log at this time."),
        };
        return new MapiHttpException(answer.StatusCode, MapiHttpResponseCode.Success, message, nextStep);
    }

    /// <summary>
    /// What a response code other than 0 means. A session that is gone is the error that RPC has for it, so that callers open another one.
    /// Source: [MS-OXCMAPIHTTP] 2.2.3.3.3.
    /// </summary>
    internal static Exception Of(MapiHttpResponseCode code, string requestType, MapiHttpOptions options) => code switch
    {
        MapiHttpResponseCode.ContextNotFound or MapiHttpResponseCode.InvalidContextCookie or MapiHttpResponseCode.MissingCookie =>
            new MapiException(requestType, MapiErrorCode.RpcContextMismatch, $"{options.Url.Host} no longer knows the session{Number(code)}"),
        MapiHttpResponseCode.NoPrivilege or MapiHttpResponseCode.AnonymousNotAllowed =>
            new MapiException(requestType, MapiErrorCode.AccessDenied, $"{options.Url.Host} grants no access{Number(code)}"),
        MapiHttpResponseCode.EndpointShuttingDown =>
            new MapiException(requestType, MapiErrorCode.RpcServerUnavailable, $"{options.Url.Host} is shutting down{Number(code)}"),
        MapiHttpResponseCode.EndpointDisabled => new MapiHttpException(
            HttpStatusCode.NotFound, code, $"MAPI over HTTP is disabled on {options.Url.Host}{Number(code)}",
            "Enable it (Set-OrganizationConfig -MapiHttpEnabled $true), or take RPC over HTTP for this endpoint (transport rpcHttp)."),
        _ => new MapiHttpException(
            HttpStatusCode.OK, code, $"{options.Url.Host} refused {requestType}: {Words(code)}{Number(code)}", "Look into the server's MAPI log at this time."),
    };

    private static string Number(MapiHttpResponseCode code) => $" (X-ResponseCode {(int)code})";

    private static string Words(MapiHttpResponseCode code) => code switch
    {
        MapiHttpResponseCode.UnknownFailure => "it failed and does not say why",
        MapiHttpResponseCode.InvalidVerb => "it does not take POST",
        MapiHttpResponseCode.InvalidPath => "it has no such endpoint",
        MapiHttpResponseCode.InvalidHeader => "it dislikes a header",
        MapiHttpResponseCode.InvalidRequestType => "it does not know this request type",
        MapiHttpResponseCode.MissingHeader => "it misses a header",
        MapiHttpResponseCode.TooLarge => "the request is too large",
        MapiHttpResponseCode.InvalidRequestBody => "it can't read the request",
        MapiHttpResponseCode.InvalidSequence => "another request of this session is under way, or this one is out of turn",
        MapiHttpResponseCode.InvalidResponse => "it has made an answer that it can't send",
        _ => "it gives a reason that is not in the specification",
    };
}
