using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>
/// GET /users/{id}/settings/exchange: the mailbox's id, once there is a mailbox; /users/{id}/mailboxSettings: automatic replies, language, time zone, working
/// hours; /users/{id}/outlook/masterCategories: categories; /users/{id}/mailFolders/inbox/messageRules: rules, which the lab keeps and does not run.
/// </summary>
internal sealed class MailboxSettingsRequests(Tenant tenant)
{
    private const string Rules = "/users/{id}/mailFolders/inbox/messageRules";

    private const string MasterCategories = "/users/{id}/outlook/masterCategories";

    // .NET knows no Windows names where it runs without ICU.
    private static readonly HashSet<string> TimeZones = [.. NodaTime.TimeZones.TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping.Keys];
    private static readonly string[] Colors = ["none", .. Enumerable.Range(0, 25).Select(number => $"preset{number}")];
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
        operations.Patch("/users/{id}/mailboxSettings", request => Task.FromResult(Change(request)));
        operations.Get(MasterCategories, request => Task.FromResult(request.Collection(Categories(User(request)), Context(request, "outlook/masterCategories"))));
        operations.Post(MasterCategories, request => Task.FromResult(AddCategory(request)));
        operations.Patch(MasterCategories + "/{id}", request => Task.FromResult(ColorCategory(request)));
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

    private GraphAnswer Change(GraphRequest request)
    {
        var user = User(request);
        foreach (var (name, value) in request.RequiredBody.Where(property => !property.Key.StartsWith('@')))
        {
            if (value is null) throw GraphException.InvalidValue(name, "mailboxSettings");
            user = name == "automaticRepliesSetting" ? WithReplies(user, request.RequiredBody.Object(name)!) : With(user, name, value);
        }

        tenant.Directory.Save(user);
        return Answer(request, user);
    }

    private static TenantRecipient WithReplies(TenantRecipient user, JsonObject replies)
    {
        if (replies.Text("status") is not ("disabled" or "alwaysEnabled" or "scheduled")) throw GraphException.InvalidValue("status", "automaticRepliesSetting");
        if (replies.Text("externalAudience") is not (null or "none" or "contactsOnly" or "all")) throw GraphException.InvalidValue("externalAudience", "automaticRepliesSetting");
        return user with { AutomaticReplies = replies.ToJsonString() };
    }

    private static TenantRecipient With(TenantRecipient user, string name, JsonNode value)
    {
        var isKnown = name switch
        {
            "timeZone" => TimeZones.Contains(value.GetValue<string>()),
            "language" => Mapi.Properties.LocaleIds.Known.Values.Contains(value.AsObject().Text("locale")),
            "workingHours" => value.AsObject().Texts("daysOfWeek") is { Count: > 0 } && TimeOnly.TryParse(value.AsObject().Text("startTime"), out _) && TimeOnly.TryParse(value.AsObject().Text("endTime"), out _)
                && value.AsObject().Object("timeZone")?.Text("name") is var zone && (zone is null || TimeZones.Contains(zone)),
            _ => false,
        };
        return isKnown ? user with { MailboxSettings = new Dictionary<string, string>(user.MailboxSettings) { [name] = value.ToJsonString() } }
            : throw GraphException.InvalidValue(name, "mailboxSettings");
    }

    private static GraphAnswer Answer(GraphRequest request, TenantRecipient user)
    {
        var replies = user.AutomaticReplies is { } json ? JsonNode.Parse(json) : new JsonObject { ["status"] = "disabled", ["externalAudience"] = "none" };
        var answer = new JsonObject { ["automaticRepliesSetting"] = replies };
        foreach (var (name, value) in user.MailboxSettings) answer[name] = JsonNode.Parse(value);
        return request.Ok(answer, Context(request, "mailboxSettings"));
    }

    private GraphAnswer AddCategory(GraphRequest request)
    {
        var user = User(request);
        var (name, color) = (request.RequiredBody.Text("displayName"), request.RequiredBody.Text("color"));
        if (string.IsNullOrEmpty(name) || color is null || !Colors.Contains(color)) throw GraphException.InvalidValue(name is null ? "displayName" : "color", "outlookCategory");
        if (Categories(user).Any(one => name.Equals(one.Text("displayName"), StringComparison.OrdinalIgnoreCase)))
            throw new GraphException(409, "CategoryNameDuplicate", $"A category with the name '{name}' exists already.");
        var category = new JsonObject { ["id"] = Guid.NewGuid().ToString(), ["displayName"] = name, ["color"] = color };
        tenant.Directory.Save(user with { MasterCategories = [.. user.MasterCategories, category.ToJsonString()] });
        return request.Created(category, Context(request, "outlook/masterCategories/$entity"));
    }

    private GraphAnswer ColorCategory(GraphRequest request)
    {
        var user = User(request);
        var categories = Categories(user).ToList();
        var category = categories.Find(one => one.Text("id") == request.Routes[1]) ?? throw new GraphException(404, "ErrorItemNotFound", "The specified object was not found in the store.");
        if (request.RequiredBody.Has("displayName")) throw GraphException.InvalidValue("displayName", "outlookCategory");
        category["color"] = request.RequiredBody.Text("color") is { } color && Colors.Contains(color) ? color : throw GraphException.InvalidValue("color", "outlookCategory");
        tenant.Directory.Save(user with { MasterCategories = [.. categories.Select(one => one.ToJsonString())] });
        return request.Ok(category, Context(request, "outlook/masterCategories/$entity"));
    }

    private static IEnumerable<JsonObject> Categories(TenantRecipient user) => user.MasterCategories.Select(category => JsonNode.Parse(category)!.AsObject());

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
