using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>A user's messages as Outlook's own API changes them: read state, moving, deleting. Item ids are the same as those of the
/// import API.</summary>
internal sealed class MessageRequests(Tenant tenant)
{
    private const int UnsentFlag = 0x8; // mfUnsent of PidTagMessageFlags

    public void Map(GraphOperations operations)
    {
        operations.Patch("/users/{id}/messages/{id}", request => Task.FromResult(Update(request)));
        operations.Delete("/users/{id}/messages/{id}", request => Task.FromResult(Delete(request)));
        operations.Post("/users/{id}/messages/{id}/move", request => Task.FromResult(Move(request)));
    }

    private GraphAnswer Update(GraphRequest request)
    {
        var mailbox = request.UserMailbox(tenant);
        var item = mailbox.Item(request.Routes[1]);
        if (request.RequiredBody.FirstOrDefault(property => property.Key is not ("isRead" or "singleValueExtendedProperties") && !property.Key.StartsWith('@')).Key is { } other)
            throw new MailboxException("ErrorInvalidPropertySet", $"The lab's tenant does not change the property '{other}' of a message.");
        if (request.RequiredBody.Flag("isRead") is { } isRead) item = mailbox.SetReadState(item, isRead);
        if (ExtendedProperties(request.RequiredBody) is { Count: > 0 } extended) item = Extend(mailbox, item, extended);
        return request.Ok(ToJson(mailbox, item), Context(request));
    }

    // PidTagMessageFlags of a message that exists can't be changed this way. Source: ../shared/protocols/microsoft365.md 2.1.
    private static TenantItem Extend(TenantMailbox mailbox, TenantItem item, IReadOnlyList<(ExtendedPropertyId Id, string Value)> extended)
    {
        var message = mailbox.ReadMessage(item);
        ServiceProperties.Refresh(message.Properties, item);
        foreach (var (id, value) in extended.Where(property => property.Id.Tag != PropertyTags.MessageFlags.Id)) id.WriteTo(message.Properties, value);
        return mailbox.UpdateItem(item, item.ChangeKey, message);
    }

    /// <summary>The extended properties that a body gives.</summary>
    /// <exception cref="MailboxException">ErrorInvalidProperty: an id breaks the grammar.</exception>
    public static IReadOnlyList<(ExtendedPropertyId Id, string Value)> ExtendedProperties(JsonObject body) =>
        [.. (body["singleValueExtendedProperties"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(property => (ExtendedPropertyId.Parse(property.Text("id") ?? ""), property.Text("value") ?? ""))];

    private GraphAnswer Delete(GraphRequest request)
    {
        var mailbox = request.UserMailbox(tenant);
        mailbox.DeleteItem(mailbox.Item(request.Routes[1]));
        return GraphAnswer.NoContent;
    }

    private GraphAnswer Move(GraphRequest request)
    {
        var mailbox = request.UserMailbox(tenant);
        var item = mailbox.Item(request.Routes[1]);
        var folder = mailbox.Folder(request.RequiredBody.Text("destinationId")
            ?? throw new GraphException(400, "ErrorInvalidRequest", "Required property 'destinationId' is missing from the request."));
        return request.Created(ToJson(mailbox, mailbox.MoveItem(item, folder)), Context(request));
    }

    private static string Context(GraphRequest request) => $"users('{Uri.EscapeDataString(request.Routes[0])}')/messages/$entity";

    public static JsonObject ToJson(TenantMailbox mailbox, TenantItem item)
    {
        var properties = mailbox.ReadMessage(item).Properties;
        return new JsonObject
        {
            ["@odata.etag"] = $"W/\"{item.ChangeKey}\"",
            ["id"] = item.Id,
            ["changeKey"] = item.ChangeKey,
            ["createdDateTime"] = GraphTime.Of(item.Created),
            ["lastModifiedDateTime"] = GraphTime.Of(item.Modified),
            ["receivedDateTime"] = item.Received is { } received ? GraphTime.Of(received) : null,
            ["subject"] = properties.GetString(PropertyTags.Subject),
            ["internetMessageId"] = properties.GetString(PropertyTags.InternetMessageId),
            ["parentFolderId"] = ObjectId.OfFolder(mailbox.Guid, item.Folder),
            ["hasAttachments"] = properties[PropertyTags.HasAttachments] as bool? ?? false,
            ["isRead"] = item.IsRead,
            ["isDraft"] = ((properties.GetInteger(PropertyTags.MessageFlags) ?? 0) & UnsentFlag) != 0,
        };
    }
}
