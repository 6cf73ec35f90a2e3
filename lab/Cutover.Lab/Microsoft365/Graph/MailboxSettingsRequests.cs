using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>
/// GET /users/{id}/settings/exchange: the mailbox's id, once there is a mailbox; /users/{id}/mailboxSettings: automatic replies;
/// /users/{id}/mailFolders/inbox/messageRules: rules, which the lab keeps and does not run.
/// </summary>
internal sealed class MailboxSettingsRequests(Tenant tenant)
{
    private const string Rules = "/users/{id}/mailFolders/inbox/messageRules";

    private static readonly string[] Predicates =
    [
        "subjectContains", "bodyContains", "bodyOrSubjectContains", "headerContains", "senderContains", "fromAddresses", "sentToAddresses", "sentToMe", "sentCcMe",
        "hasAttachments", "importance",
    ];
    private static readonly string[] Actions =
        ["moveToFolder", "copyToFolder", "delete", "markAsRead", "markImportance", "forwardTo", "forwardAsAttachmentTo", "redirectTo", "stopProcessingRules"];

    public void Map(GraphOperations operations)
    {
        operations.Get("/users/{id}/settings/exchange", request => Task.FromResult(Settings(request)));
        operations.Get("/users/{id}/mailboxSettings", request => Task.FromResult(Answer(request, User(request))));
        operations.Patch("/users/{id}/mailboxSettings", request => Task.FromResult(SetReplies(request)));
        operations.Get(Rules, request => Task.FromResult(request.Collection(
            User(request).MessageRules.Select(rule => JsonNode.Parse(rule)!.AsObject()), Context(request, "mailFolders('inbox')/messageRules"))));
        operations.Post(Rules, request => Task.FromResult(AddRule(request)));
        operations.Patch(Rules + "/{id}", request => Task.FromResult(ChangeRule(request)));
    }

    private GraphAnswer Settings(GraphRequest request)
    {
        var json = new JsonObject { ["primaryMailboxId"] = tenant.Mailboxes.IdOf(User(request).ExchangeGuid!.Value) };
        return request.Ok(json, Context(request, "settings/exchange/$entity"));
    }

    private GraphAnswer SetReplies(GraphRequest request)
    {
        var user = User(request);
        if (request.RequiredBody.Object("automaticRepliesSetting") is { } replies)
        {
            if (replies.Text("status") is not ("disabled" or "alwaysEnabled" or "scheduled")) throw GraphException.InvalidValue("status", "automaticRepliesSetting");
            if (replies.Text("externalAudience") is not (null or "none" or "contactsOnly" or "all")) throw GraphException.InvalidValue("externalAudience", "automaticRepliesSetting");
            user = user with { AutomaticReplies = replies.ToJsonString() };
            tenant.Directory.Save(user);
        }

        return Answer(request, user);
    }

    private static GraphAnswer Answer(GraphRequest request, TenantRecipient user)
    {
        var replies = user.AutomaticReplies is { } json ? JsonNode.Parse(json) : new JsonObject { ["status"] = "disabled", ["externalAudience"] = "none" };
        return request.Ok(new JsonObject { ["automaticRepliesSetting"] = replies }, Context(request, "mailboxSettings"));
    }

    private GraphAnswer AddRule(GraphRequest request)
    {
        var user = User(request);
        var rule = Checked(user, request.RequiredBody);
        rule["id"] = $"AQAA{Guid.NewGuid():N}";
        tenant.Directory.Save(user with { MessageRules = [.. user.MessageRules, rule.ToJsonString()] });
        return request.Created(rule, Context(request, "mailFolders('inbox')/messageRules/$entity"));
    }

    private GraphAnswer ChangeRule(GraphRequest request)
    {
        var user = User(request);
        var rules = user.MessageRules.Select(rule => JsonNode.Parse(rule)!.AsObject()).ToList();
        var place = rules.FindIndex(rule => rule["id"]!.ToString() == request.Routes[1]);
        if (place < 0) throw new GraphException(404, "ErrorItemNotFound", "The specified object was not found in the store.");
        foreach (var (name, value) in Checked(user, request.RequiredBody)) rules[place][name] = value?.DeepClone();
        tenant.Directory.Save(user with { MessageRules = [.. rules.Select(rule => rule.ToJsonString())] });
        return request.Ok(rules[place], Context(request, "mailFolders('inbox')/messageRules/$entity"));
    }

    /// <summary>The rule as it is kept: every property known, folders that are there, and something to do.</summary>
    private JsonObject Checked(TenantRecipient user, JsonObject rule)
    {
        if (rule.Text("displayName") is not { Length: > 0 }) throw GraphException.InvalidValue("displayName", "messageRule");
        foreach (var (part, known) in ((string, string[])[])[("conditions", Predicates), ("exceptions", Predicates), ("actions", Actions)])
            if (rule.Object(part) is { } properties && properties.Select(property => property.Key).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
                throw GraphException.InvalidValue(unknown, part);
        if (rule.Object("actions") is not { Count: > 0 } actions) throw new GraphException(400, "ErrorInvalidArgument", "A rule needs an action.");
        foreach (var name in new[] { "moveToFolder", "copyToFolder" })
            if (actions.Text(name) is { } id) tenant.Mailboxes.Find(user.ExchangeGuid!.Value)!.Folder(id);
        return rule.DeepClone().AsObject();
    }

    private TenantRecipient User(GraphRequest request)
    {
        var user = tenant.Directory.FindUser(request.Routes[0])
            ?? throw new GraphException(404, "ErrorInvalidUser", $"The requested user '{request.Routes[0]}' is invalid.");
        return user.ExchangeGuid is not null && user.MailboxReady <= tenant.Now ? user : throw NotEnabled();
    }

    private static string Context(GraphRequest request, string path) => $"users('{Uri.EscapeDataString(request.Routes[0])}')/{path}";

    internal static GraphException NotEnabled() =>
        new(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.");
}
