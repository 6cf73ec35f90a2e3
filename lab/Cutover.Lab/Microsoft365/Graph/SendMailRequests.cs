using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;
using MimeKit;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>POST /users/{id}/sendMail.</summary>
internal sealed class SendMailRequests(Tenant tenant)
{
    public void Map(GraphOperations operations) => operations.Post("/users/{id}/sendMail", SendAsync);

    private async Task<GraphAnswer> SendAsync(GraphRequest request)
    {
        request.UserMailbox(tenant);
        var sender = tenant.Directory.FindUser(request.Routes[0])!;
        var json = request.RequiredBody.Object("message") ?? throw Invalid("Required property 'message' is missing from the request.");
        var message = ToMime(json, sender);
        if (message.GetRecipients(onlyUnique: true).Count == 0)
            throw new GraphException(400, "ErrorInvalidRecipients", "At least one recipient is not valid.");
        await tenant.Mail.SendAsync(sender, message, request.RequiredBody.Flag("saveToSentItems") ?? true, request.Aborted);
        return GraphAnswer.Accepted;
    }

    private MimeMessage ToMime(JsonObject json, TenantRecipient sender)
    {
        var message = new MimeMessage { Subject = json.Text("subject") ?? "", Date = tenant.Now };
        message.From.Add(new MailboxAddress(sender.DisplayName, sender.PrimarySmtpAddress!));
        AddRecipients(message.To, json, "toRecipients");
        AddRecipients(message.Cc, json, "ccRecipients");
        AddRecipients(message.Bcc, json, "bccRecipients");
        AddRecipients(message.ReplyTo, json, "replyTo");
        foreach (var header in (json["internetMessageHeaders"] as JsonArray ?? []).OfType<JsonObject>()) AddHeader(message, header);
        message.Body = Body(json);
        return message;
    }

    private static void AddHeader(MimeMessage message, JsonObject header)
    {
        var name = header.Text("name") ?? "";
        if (!name.StartsWith("x-", StringComparison.OrdinalIgnoreCase))
            throw new GraphException(400, "InvalidInternetMessageHeader",
                $"The internet message header name '{name}' should start with 'x-' or 'X-'.");
        message.Headers.Add(name, header.Text("value") ?? "");
    }

    private static MimeEntity Body(JsonObject json)
    {
        var body = json.Object("body");
        var isHtml = string.Equals(body?.Text("contentType"), "html", StringComparison.OrdinalIgnoreCase);
        var builder = new BodyBuilder();
        if (isHtml) builder.HtmlBody = body?.Text("content") ?? "";
        else builder.TextBody = body?.Text("content") ?? "";
        foreach (var attachment in (json["attachments"] as JsonArray ?? []).OfType<JsonObject>()) Attach(builder, attachment);
        return builder.ToMessageBody();
    }

    private static void Attach(BodyBuilder builder, JsonObject attachment)
    {
        var bytes = new byte[(attachment.Text("contentBytes")?.Length ?? 0) * 3 / 4 + 3];
        if (!Convert.TryFromBase64String(attachment.Text("contentBytes") ?? "", bytes, out var count))
            throw Invalid("The attachment's contentBytes are not base64.");
        builder.Attachments.Add(attachment.Text("name") ?? "attachment", bytes[..count],
            ContentType.Parse(attachment.Text("contentType") ?? "application/octet-stream"));
    }

    private static void AddRecipients(InternetAddressList list, JsonObject json, string property)
    {
        foreach (var recipient in (json[property] as JsonArray ?? []).OfType<JsonObject>())
        {
            var address = recipient.Object("emailAddress")?.Text("address");
            if (string.IsNullOrEmpty(address) || !address.Contains('@'))
                throw new GraphException(400, "ErrorInvalidRecipients",
                    "At least one recipient is not valid., Recipient '" + address + "' is not resolved.");
            list.Add(new MailboxAddress(recipient.Object("emailAddress")!.Text("name") ?? "", address));
        }
    }

    private static GraphException Invalid(string message) => new(400, "ErrorInvalidRequest", message);
}
