using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Import;
using Cutover.Lab.Microsoft365.Mailboxes;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>POST …/exportItems: up to 20 items of a mailbox, each with its stream or its own error.</summary>
internal sealed class ExportRequests(Tenant tenant)
{
    private const int MaxItems = 20;

    public void Map(GraphOperations operations) =>
        operations.Post("/admin/exchange/mailboxes/{id}/exportItems", request => Task.FromResult(Export(request)));

    private GraphAnswer Export(GraphRequest request)
    {
        var mailbox = request.Mailbox(tenant);
        // The docs write itemIds, the CSDL and the SDK ItemIds.
        var ids = request.RequiredBody.Texts("itemIds")
            ?? throw new GraphException(400, "ErrorInvalidRequest", "The parameter 'itemIds' is missing.");
        if (ids.Count is 0 or > MaxItems)
            throw new GraphException(400, "ErrorInvalidRequest",
                $"Between 1 and {MaxItems} items can be exported in one request; this one has {ids.Count}.");
        return request.Collection(ids.Select(id => Export(mailbox, id)), "Collection(microsoft.graph.exportItemResponse)");
    }

    private static JsonObject Export(TenantMailbox mailbox, string id)
    {
        try
        {
            var item = mailbox.Item(id);
            var message = mailbox.ReadMessage(item);
            ServiceProperties.Refresh(message.Properties, item);
            var data = Convert.ToBase64String(ItemContent.Write(message));
            return new JsonObject { ["itemId"] = id, ["changeKey"] = item.ChangeKey, ["data"] = data };
        }
        catch (MailboxException e)
        {
            return new JsonObject { ["itemId"] = id, ["error"] = new JsonObject { ["code"] = e.Code, ["message"] = e.Message } };
        }
    }
}
