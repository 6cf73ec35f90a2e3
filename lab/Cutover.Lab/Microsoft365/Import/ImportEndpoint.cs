using System.Globalization;
using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Graph;
using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Lab.Microsoft365.Throttling;
using Cutover.Mapi.Properties;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Microsoft365.Import;

/// <summary>POST /api/gv1.0/Mailboxes('…')/importItem: one item per request, read to its last byte before anything is saved.</summary>
internal sealed class ImportEndpoint(Tenant tenant, MailboxThrottle throttle)
{
    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Guid.NewGuid().ToString();
        context.Response.Headers["request-id"] = requestId;
        try
        {
            var (itemId, changeKey) = await ImportAsync(context);
            await WriteAsync(context, 200, new JsonObject
            {
                ["@odata.context"] =
                    $"{context.Request.Scheme}://{context.Request.Host}/api/gv1.0/$metadata#microsoft.graph.importMailboxItemResponse",
                ["itemId"] = itemId,
                ["changeKey"] = changeKey,
            });
        }
        catch (Exception thrown) when (!context.RequestAborted.IsCancellationRequested)
        {
            var e = thrown as GraphException ?? GraphException.Internal(thrown);
            if (e.RetryAfter is { } wait)
                context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await WriteAsync(context, e.Status,
                e.ToJson(tenant.Now, requestId, context.Request.Headers["client-request-id"].FirstOrDefault() ?? requestId));
        }
    }

    private async Task<(string ItemId, string ChangeKey)> ImportAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count > 0)
            throw new GraphException(400, "ErrorInvalidRequest",
                "The import URL carries its own token: the request must not have an Authorization header.");
        var mailboxId = MailboxId((string)context.Request.RouteValues["mailbox"]!);
        var token = ImportToken.Read(tenant, context.Request.Query["authtoken"].ToString(), mailboxId)
            ?? throw new GraphException(401, "InvalidAuthenticationToken", "The import session's token is not valid, or has expired.");
        using var slot = throttle.Enter(token.ApplicationId, mailboxId);
        slot?.Upload(context.Request.ContentLength ?? 0);
        var request = await ImportRequest.ReadAsync(context.Request.Body, context.RequestAborted);
        if (context.Request.ContentLength is null) slot?.Upload(request.BodyLength);
        try
        {
            return Import(tenant.Mailboxes.FindById(mailboxId) ?? throw MailboxSettingsRequests.NotEnabled(), request);
        }
        catch (MailboxException e)
        {
            throw GraphEndpoint.ToGraph(e);
        }
    }

    private (string ItemId, string ChangeKey) Import(TenantMailbox mailbox, ImportRequest request)
    {
        var folder = mailbox.Folder(request.FolderId);
        var existing = request.ItemId is null ? null : mailbox.Item(request.ItemId, folder);
        var message = ItemContent.Read(request.Data);
        if (tenant.Options.RefusesImport?.Invoke(message.Properties.GetString(PropertyTags.Subject)) == true)
            throw new MailboxException("ErrorCorruptData", "The item's data is corrupt, by the lab's options.");
        var item = existing is null ? mailbox.CreateItem(folder, message) : mailbox.UpdateItem(existing, request.ChangeKey!, message);
        return (item.Id, item.ChangeKey);
    }

    private static string MailboxId(string segment)
    {
        var parts = Uri.UnescapeDataString(segment).Split('\'');
        return parts is ["Mailboxes(", var id, ")"]
            ? id
            : throw new GraphException(404, "ErrorInvalidRequest", $"'{segment}' names no mailbox.");
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
