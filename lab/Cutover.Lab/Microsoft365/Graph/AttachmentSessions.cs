using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Lab.Microsoft365.Throttling;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>
/// Upload sessions of attachments: ranges in order, each of at most 4 MB, at an address that carries its own token. One that is whole is gone; others live as long as the process. Source: Graph's page "Attach large files to Outlook messages".
/// </summary>
internal sealed class AttachmentSessions(Tenant tenant, MailboxThrottle throttle)
{
    public const string Path = "/api/v2.0/attachmentsessions/{session}";

    private const int MostPerRange = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, Session> open = new();

    /// <summary>Opens a session and returns its path with its token.</summary>
    public string Open(string applicationId, TenantMailbox mailbox, string itemId, AttachedFile file, long size)
    {
        var (name, token) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        open[name] = new Session(token, applicationId, mailbox, itemId, file, size, new MemoryStream());
        return $"/api/v2.0/attachmentsessions/{name}?authtoken={token}";
    }

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var (status, body) = await PutAsync(context);
            await WriteAsync(context, status, body);
        }
        catch (GraphException e)
        {
            if (e.RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            var requestId = Guid.NewGuid().ToString();
            await WriteAsync(context, e.Status, e.ToJson(tenant.Now, requestId, requestId));
        }
    }

    private async Task<(int Status, JsonObject Body)> PutAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count > 0)
            throw new GraphException(400, "ErrorInvalidRequest", "The upload URL carries its own token: the request must not have an Authorization header.");
        if (!open.TryGetValue((string)context.Request.RouteValues["session"]!, out var session) || context.Request.Query["authtoken"] != session.Token)
            throw new GraphException(401, "InvalidAuthenticationToken", "The upload session's token is not valid.");
        using var slot = throttle.Enter(session.ApplicationId, tenant.Mailboxes.IdOf(session.Mailbox.Guid));
        slot?.Upload(context.Request.ContentLength ?? 0);
        using var range = new MemoryStream();
        await context.Request.Body.CopyToAsync(range, context.RequestAborted);
        if (session.Take(context.Request.Headers.ContentRange.ToString(), range.ToArray()) is { } next)
            return (200, new JsonObject { ["nextExpectedRanges"] = new JsonArray($"{next}-") });
        open.TryRemove((string)context.Request.RouteValues["session"]!, out _);
        return (201, []);
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }

    private sealed record Session(string Token, string ApplicationId, TenantMailbox Mailbox, string ItemId, AttachedFile File, long Size, MemoryStream Content)
    {
        /// <summary>Takes one range; where the next begins, or null when the file is whole and attached.</summary>
        public long? Take(string header, byte[] range)
        {
            lock (Content)
            {
                if (!System.Net.Http.Headers.ContentRangeHeaderValue.TryParse(header, out var at) || at.Length != Size || at.To - at.From + 1 != range.Length
                    || at.From > Content.Length || range.Length > MostPerRange)
                    throw new GraphException(416, "ErrorInvalidContentRange", $"The range '{header}' can't be taken; {Content.Length}- is expected.");
                Content.Position = at.From!.Value;
                Content.Write(range);
                if (Content.Length < Size) return Content.Length;
                NewMessageRequests.AddAttachment(Mailbox, Mailbox.Item(ItemId), File, Content.ToArray());
                return null;
            }
        }
    }
}
