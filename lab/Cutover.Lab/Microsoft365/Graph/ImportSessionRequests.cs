using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Import;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>POST …/createImportSession: a URL on another host that carries its own proof.</summary>
internal sealed class ImportSessionRequests(Tenant tenant)
{
    public void Map(GraphOperations operations) =>
        operations.Post("/admin/exchange/mailboxes/{id}/createImportSession", request => Task.FromResult(Create(request)));

    private GraphAnswer Create(GraphRequest request)
    {
        request.Mailbox(tenant);
        var lifetime = tenant.Options.ImportSessionLifetime;
        var token = ImportToken.Issue(tenant, request.Routes[0], request.Caller.ApplicationId, lifetime);
        var json = new JsonObject
        {
            ["importUrl"] = $"{request.Root[..^"/v1.0".Length]}/api/gv1.0/Mailboxes('{request.Routes[0]}')/importItem?authtoken={token}",
            ["expirationDateTime"] = (tenant.Now + lifetime).UtcDateTime.ToString("O"),
        };
        return request.Ok(json, "microsoft.graph.mailboxItemImportSession");
    }
}
