using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>GET /users/{id}/settings/exchange: the mailbox's id, once there is a mailbox.</summary>
internal sealed class MailboxSettingsRequests(Tenant tenant)
{
    public void Map(GraphOperations operations) =>
        operations.Get("/users/{id}/settings/exchange", request => Task.FromResult(Settings(request)));

    private GraphAnswer Settings(GraphRequest request)
    {
        var user = tenant.Directory.FindUser(request.Routes[0])
            ?? throw new GraphException(404, "ErrorInvalidUser", $"The requested user '{request.Routes[0]}' is invalid.");
        if (user.ExchangeGuid is not { } guid || user.MailboxReady > tenant.Now) throw NotEnabled();
        var json = new JsonObject { ["primaryMailboxId"] = tenant.Mailboxes.IdOf(guid) };
        return request.Ok(json, $"users('{Uri.EscapeDataString(request.Routes[0])}')/settings/exchange/$entity");
    }

    internal static GraphException NotEnabled() =>
        new(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.");
}
