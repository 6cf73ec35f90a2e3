using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>
/// POST /users/{id}/mailFolders/{id}/messages and the attachments of a message. A message is a draft unless PidTagMessageFlags among its extended properties
/// says otherwise. Source: Graph's pages "Create message", "Add attachment" and "attachment: createUploadSession".
/// </summary>
internal sealed class NewMessageRequests(Tenant tenant, AttachmentSessions sessions)
{
    /// <summary>Files of this size and more need an upload session.</summary>
    public const int LargeAttachment = 3 * 1024 * 1024;

    private const int Draft = 0x1 | 0x8; // mfRead, mfUnsent
    private const string Messages = "/users/{id}/messages/{id}";

    public void Map(GraphOperations operations)
    {
        operations.Post("/users/{id}/mailFolders/{id}/messages", request => Task.FromResult(Create(request)));
        operations.Post(Messages + "/attachments", request => Task.FromResult(Attach(request)));
        operations.Post(Messages + "/attachments/createUploadSession", request => Task.FromResult(OpenSession(request)));
    }

    private GraphAnswer Create(GraphRequest request)
    {
        var mailbox = request.UserMailbox(tenant);
        var folder = mailbox.Folder(request.Routes[1]);
        var item = mailbox.CreateItem(folder, Read(request.RequiredBody));
        return request.Created(MessageRequests.ToJson(mailbox, item),
            $"users('{Uri.EscapeDataString(request.Routes[0])}')/mailFolders('{Uri.EscapeDataString(request.Routes[1])}')/messages/$entity");
    }

    private GraphAnswer Attach(GraphRequest request)
    {
        var mailbox = request.UserMailbox(tenant);
        var item = mailbox.Item(request.Routes[1]);
        var body = request.RequiredBody;
        if (body.Text("@odata.type") is not "#microsoft.graph.fileAttachment") throw Invalid("The lab's tenant takes attachments of the type fileAttachment only.");
        var content = Base64(body.Text("contentBytes") ?? throw Invalid("Required property 'contentBytes' is missing."));
        if (content.Length >= LargeAttachment) throw new GraphException(413, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size.");
        var file = new AttachedFile(body.Text("name") ?? throw Invalid("Required property 'name' is missing."), body.Text("contentType"), body.Flag("isInline") ?? false, body.Text("contentId"));
        if (tenant.Options.RefusesAttachment?.Invoke(file.Name) == true) throw Invalid($"The attachment '{file.Name}' is not taken, by the lab's options.");
        AddAttachment(mailbox, item, file, content);
        return request.Created(new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.fileAttachment",
            ["id"] = $"{item.Id}-1",
            ["name"] = file.Name,
            ["contentType"] = file.ContentType,
            ["size"] = content.Length,
            ["isInline"] = file.IsInline,
            ["contentId"] = file.ContentId,
        }, $"users('{Uri.EscapeDataString(request.Routes[0])}')/messages('{Uri.EscapeDataString(request.Routes[1])}')/attachments/$entity");
    }

    private GraphAnswer OpenSession(GraphRequest request)
    {
        var mailbox = request.UserMailbox(tenant);
        var item = mailbox.Item(request.Routes[1]);
        var asked = request.RequiredBody.Object("AttachmentItem") ?? throw Invalid("Required property 'AttachmentItem' is missing.");
        var size = asked["size"]?.GetValue<long>() ?? throw Invalid("Required property 'size' is missing.");
        if (size < LargeAttachment) throw new GraphException(400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize", "The attachment is smaller than an upload session takes.");
        var file = new AttachedFile(asked.Text("name") ?? throw Invalid("Required property 'name' is missing."), asked.Text("contentType"), asked.Flag("isInline") ?? false, asked.Text("contentId"));
        var path = sessions.Open(request.Caller.ApplicationId, mailbox, item.Id, file, size);
        return request.Created(new JsonObject
        {
            ["uploadUrl"] = new Uri(new Uri(request.Root), path).ToString(),
            ["expirationDateTime"] = GraphTime.Of(tenant.Now.AddHours(1)),
            ["nextExpectedRanges"] = new JsonArray("0-"),
        }, "microsoft.graph.uploadSession");
    }

    public static void AddAttachment(TenantMailbox mailbox, TenantItem item, AttachedFile file, byte[] content)
    {
        var message = mailbox.ReadMessage(item);
        ServiceProperties.Refresh(message.Properties, item);
        var attachment = new MapiAttachment();
        attachment.Properties.Set(PropertyTags.AttachMethod, 1).Set(PropertyTags.AttachLongFilename, file.Name).Set(PropertyTags.DisplayName, file.Name)
            .Set(PropertyTags.RenderingPosition, -1).Set(PropertyTags.AttachDataBinary, content);
        if (file.ContentType is { } type) attachment.Properties.Set(PropertyTags.AttachMimeTag, type);
        if (file.ContentId is { } contentId) attachment.Properties.Set(PropertyTags.AttachContentId, contentId);
        if (file.IsInline) attachment.Properties.Set(PropertyTags.AttachFlags, 4);
        message.Attachments.Add(attachment);
        mailbox.UpdateItem(item, item.ChangeKey, message);
    }

    private static MapiMessage Read(JsonObject json)
    {
        var message = new MapiMessage();
        var properties = message.Properties.Set(PropertyTags.MessageClass, "IPM.Note").Set(PropertyTags.MessageFlags, Draft);
        foreach (var (name, value) in json.Where(property => !property.Key.Contains('@')))
            ReadProperty(message, json, name, value);
        foreach (var extended in MessageRequests.ExtendedProperties(json)) extended.Id.WriteTo(properties, extended.Value);
        return message;
    }

    private static void ReadProperty(MapiMessage message, JsonObject json, string name, JsonNode? value)
    {
        var properties = message.Properties;
        switch (name)
        {
            case "subject": properties.Set(PropertyTags.Subject, json.Text(name) ?? ""); break;
            case "body": ReadBody(properties, json.Object(name)); break;
            case "from": Person(value)?.SetSentRepresenting(properties); break;
            case "sender": Person(value)?.SetSender(properties); break;
            case "toRecipients": AddRecipients(message, 1, value); break;
            case "ccRecipients": AddRecipients(message, 2, value); break;
            case "bccRecipients": AddRecipients(message, 3, value); break;
            case "importance": properties.Set(PropertyTags.Importance, json.Text(name) switch { "low" => 0, "high" => 2, "normal" => 1, _ => throw GraphException.InvalidValue(name, "Message") }); break;
            case "internetMessageId": properties.Set(PropertyTags.InternetMessageId, json.Text(name) ?? ""); break;
            case "categories": properties.Set(PropertyNames.Keywords, PropertyType.MultipleString, json.Texts(name)!.ToArray()); break;
            case "flag": properties.Set(PropertyTags.FlagStatus, json.Object(name)?.Text("flagStatus") switch { "complete" => 1, "flagged" => 2, _ => 0 }); break;
            case "isRead" or "replyTo" or "singleValueExtendedProperties": break;
            default: throw Invalid($"The property '{name}' does not exist on type 'microsoft.graph.message', or the lab's tenant does not take it.");
        }
    }

    private static void ReadBody(PropertyBag properties, JsonObject? body)
    {
        var content = body?.Text("content") ?? "";
        if (body?.Text("contentType") != "html") properties.Set(PropertyTags.Body, content);
        else properties.Set(PropertyTags.Html, System.Text.Encoding.UTF8.GetBytes(content)).Set(PropertyTags.InternetCodepage, 65001);
    }

    private static void AddRecipients(MapiMessage message, int type, JsonNode? list)
    {
        foreach (var recipient in (list as JsonArray ?? []).Select(Person).OfType<MessageAddress>())
            message.Recipients.Add(recipient.ToRecipient(type, message.Recipients.Count));
    }

    private static MessageAddress? Person(JsonNode? recipient) => (recipient as JsonObject)?.Object("emailAddress") is { } address
        ? MessageAddress.Smtp(address.Text("name"), address.Text("address") ?? throw Invalid("A recipient has no address.")) : null;

    private static byte[] Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw Invalid("The attachment's contentBytes are not base64.");
        }
    }

    private static GraphException Invalid(string message) => new(400, "ErrorInvalidRequest", message);
}

/// <summary>What a client tells of a file that it attaches.</summary>
internal sealed record AttachedFile(string Name, string? ContentType, bool IsInline, string? ContentId);
