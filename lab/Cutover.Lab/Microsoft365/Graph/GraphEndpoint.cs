using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Authentication;
using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Lab.Microsoft365.Throttling;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>One request, with its JSON and that of its answer.</summary>
/// <param name="Path">Below /v1.0, as it was sent.</param>
/// <param name="Answer">Null for a refusal, and where there is no body.</param>
public sealed record GraphExchange(string Method, string Path, string Query, string? Request, string? Answer);

/// <summary>Everything under /v1.0: reads the token, finds the operation, checks the role, counts against the limits, answers in Graph's
/// form.</summary>
internal sealed class GraphEndpoint
{
    private readonly Tenant tenant;
    private readonly MailboxThrottle throttle;
    private readonly GraphOperations operations = new();
    private readonly GraphBatch batch;

    public GraphEndpoint(Tenant tenant, MailboxThrottle throttle, AttachmentSessions sessions)
    {
        (this.tenant, this.throttle) = (tenant, throttle);
        batch = new GraphBatch(tenant, DispatchAsync);
        new OrganizationRequests(tenant).Map(operations);
        new DomainRequests(tenant).Map(operations);
        new UserRequests(tenant).Map(operations);
        new LicenceRequests(tenant).Map(operations);
        new MailboxSettingsRequests(tenant).Map(operations);
        new FolderRequests(tenant).Map(operations);
        new ItemRequests(tenant).Map(operations);
        new MessageRequests(tenant).Map(operations);
        new NewMessageRequests(tenant, sessions).Map(operations);
        new ImportSessionRequests(tenant).Map(operations);
        new ExportRequests(tenant).Map(operations);
        new SendMailRequests(tenant).Map(operations);
    }

    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Guid.NewGuid().ToString();
        var clientRequestId = context.Request.Headers["client-request-id"].FirstOrDefault() ?? requestId;
        context.Response.Headers["request-id"] = requestId;
        context.Response.Headers["client-request-id"] = clientRequestId;
        try
        {
            await WriteAsync(context, await AnswerAsync(context));
        }
        catch (Exception thrown) when (!context.RequestAborted.IsCancellationRequested)
        {
            var e = thrown as GraphException ?? GraphException.Internal(thrown);
            if (e.RetryAfter is { } wait)
                context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            if (e.Status == 401)
                context.Response.Headers.WWWAuthenticate =
                    "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\"";
            await WriteAsync(context, new GraphAnswer(e.Status, e.ToJson(tenant.Now, requestId, clientRequestId)));
        }
    }

    private async Task<GraphAnswer> AnswerAsync(HttpContext context)
    {
        var caller = Authenticate(context.Request.Headers.Authorization.ToString());
        var root = $"{context.Request.Scheme}://{context.Request.Host}/v1.0";
        // The raw target keeps what the client percent-encoded; Kestrel has decoded the path.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        var path = target["/v1.0".Length..];
        var body = await ReadBodyAsync(context.Request);
        var request = new GraphRequest(
            context.Request.Method, path, context.Request.Query, context.Request.Headers, body, root, caller, [], context.RequestAborted);
        GraphAnswer? answer = null;
        try
        {
            return answer = path.Equals("/$batch", StringComparison.OrdinalIgnoreCase) && request.Method == "POST"
                ? await batch.HandleAsync(request)
                : await DispatchAsync(request);
        }
        finally
        {
            tenant.Options.Observer?.Invoke(new GraphExchange(request.Method, path, context.Request.QueryString.Value ?? "", body?.ToJsonString(), answer?.Body?.ToJsonString()));
        }
    }

    private async Task<GraphAnswer> DispatchAsync(GraphRequest request)
    {
        if (!operations.TryFind(request.Method, request.Path, out var operation, out var handler, out var routes))
            throw new GraphException(400, "BadRequest", $"Resource not found for the segment '{request.Path.Trim('/').Split('/')[^1]}'.");
        CheckRole(operation, request.Caller);
        using var slot = throttle.Enter(request.Caller.ApplicationId, MailboxOf(operation, routes));
        slot?.Upload(request.Method == "GET" ? 0 : request.Headers.ContentLength ?? 0);
        try
        {
            return await handler(request with { Routes = routes });
        }
        catch (MailboxException e)
        {
            throw ToGraph(e);
        }
    }

    private AccessToken Authenticate(string authorization)
    {
        if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            throw GraphException.Unauthorized("Access token is empty.");
        var claims = tenant.Tokens.Read(authorization["Bearer ".Length..])
            ?? throw GraphException.Unauthorized("Access token validation failure. Signature is invalid.");
        if (tenant.Tokens.IsExpired(claims)) throw GraphException.Unauthorized("Lifetime validation failed, the token is expired.");
        if (claims["aud"]?.GetValue<string>() != AccessToken.GraphAudience)
            throw GraphException.Unauthorized("Access token validation failure. Invalid audience.");
        return AccessToken.FromClaims(claims);
    }

    private static void CheckRole(GraphOperation operation, AccessToken caller)
    {
        if (operation.Roles.Any(role => caller.Roles.Contains(role))) return;
        throw operation.IsMailbox
            ? new GraphException(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
            : new GraphException(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }

    // A user's mailbox and the same mailbox by its id share one budget.
    private string? MailboxOf(GraphOperation operation, IReadOnlyList<string> routes)
    {
        if (!operation.IsMailbox) return null;
        if (!operation.Path.StartsWith("/users", StringComparison.Ordinal)) return routes[0];
        return tenant.Directory.FindUser(routes[0])?.ExchangeGuid is { } guid ? tenant.Mailboxes.IdOf(guid) : null;
    }

    public static GraphException ToGraph(MailboxException e) => new(StatusOf(e.Code), e.Code, e.Message);

    private static int StatusOf(string code) => code switch
    {
        "ErrorItemNotFound" or "MailboxNotEnabledForRESTAPI" => 404,
        "ErrorFolderExists" or "ErrorIrresolvableConflict" => 409,
        "ErrorDeleteDistinguishedFolder" => 403,
        _ => 400,
    };

    private static async Task<JsonObject?> ReadBodyAsync(HttpRequest request)
    {
        if (request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true) return null;
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            if (request.ContentLength is null or 0) return null;
            throw new GraphException(400, "BadRequest",
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.");
        }
    }

    private static Task WriteAsync(HttpContext context, GraphAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.Body is null) return Task.CompletedTask;
        context.Response.ContentType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
        context.Response.Headers["OData-Version"] = "4.0";
        return context.Response.WriteAsync(answer.Body.ToJsonString(), context.RequestAborted);
    }
}
