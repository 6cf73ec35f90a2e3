using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>The items of a folder: metadata, with extended properties where the client expands them.</summary>
internal sealed partial class ItemRequests(Tenant tenant)
{
    private const int PageSize = 10;
    private const string Items = "/admin/exchange/mailboxes/{id}/folders/{id}/items";

    public void Map(GraphOperations operations)
    {
        operations.Get(Items, request => Task.FromResult(List(request)));
        operations.Get(Items + "/delta", request => Task.FromResult(Delta(request)));
        operations.Get(Items + "/{id}", request => Task.FromResult(
            request.Ok(request.Select(ToJson(request, request.Mailbox(tenant), Item(request))), Context(request) + "/$entity")));
        operations.Delete(Items + "/{id}", request => Task.FromResult(Delete(request)));
    }

    private GraphAnswer List(GraphRequest request)
    {
        var mailbox = request.Mailbox(tenant);
        var folder = mailbox.Folder(request.Routes[1]);
        var (skip, top) = request.Page(PageSize);
        var filter = request.Query["$filter"].ToString();
        if (filter.Length == 0) return Page(request, mailbox, mailbox.ItemsOf(folder, skip, top), skip, top, mailbox.ItemCount(folder));
        var found = Find(request, mailbox, folder, filter);
        return Page(request, mailbox, [.. found.Skip(skip).Take(top)], skip, top, found.Count);
    }

    private static GraphAnswer Page(GraphRequest request, TenantMailbox mailbox, IReadOnlyList<TenantItem> items, int skip, int top,
        int total) =>
        request.PageOf(items.Select(item => ToJson(request, mailbox, item)), skip, top, total, Context(request));

    private static IReadOnlyList<TenantItem> Find(GraphRequest request, TenantMailbox mailbox, TenantFolder folder, string filter)
    {
        if (ExtendedPropertyFilter().Match(filter) is not { Success: true } match)
        {
            var condition = ODataFilter.Parse(filter);
            return [.. mailbox.ItemsOf(folder).Where(item => condition(ToJson(request, mailbox, item)))];
        }

        var property = ExtendedPropertyId.Parse(Unquote(match.Groups["id"].Value));
        var value = Unquote(match.Groups["value"].Value);
        if (property is { Type: PropertyType.String, Name.Name: not null })
            return mailbox.FindByNamedText(folder, property.Canonical, value);
        return [.. mailbox.ItemsOf(folder).Where(item => property.ReadFrom(Read(mailbox, item)) == value)];
    }

    private GraphAnswer Delta(GraphRequest request)
    {
        var mailbox = request.Mailbox(tenant);
        var folder = mailbox.Folder(request.Routes[1]);
        return DeltaAnswer.Of(request, since =>
        {
            var (changed, removed, change) = mailbox.ItemDelta(folder, since);
            return ([.. changed.Select(item => request.Select(ToJson(request, mailbox, item)))], removed, change);
        }, Context(request));
    }

    private GraphAnswer Delete(GraphRequest request)
    {
        request.Mailbox(tenant).DeleteItem(Item(request));
        return GraphAnswer.NoContent;
    }

    private TenantItem Item(GraphRequest request)
    {
        var mailbox = request.Mailbox(tenant);
        return mailbox.Item(request.Routes[2], mailbox.Folder(request.Routes[1]));
    }

    private static string Context(GraphRequest request) =>
        $"admin/exchange/mailboxes('{Uri.EscapeDataString(request.Routes[0])}')/folders('{Uri.EscapeDataString(request.Routes[1])}')/items";

    private static JsonObject ToJson(GraphRequest request, TenantMailbox mailbox, TenantItem item)
    {
        var json = new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.mailboxItem",
            ["@odata.etag"] = $"W/\"{item.ChangeKey}\"",
            ["id"] = item.Id,
            ["createdDateTime"] = GraphTime.Of(item.Created),
            ["lastModifiedDateTime"] = GraphTime.Of(item.Modified),
            ["changeKey"] = item.ChangeKey,
            ["categories"] = new JsonArray(),
            ["type"] = item.ItemClass,
            ["size"] = item.Size,
        };
        if (ExtendedPropertyExpansion.Of(request) is { Count: > 0 } expanded) AddExtendedProperties(json, expanded, mailbox, item);
        return json;
    }

    private static void AddExtendedProperties(JsonObject json, IReadOnlyList<ExtendedPropertyId> expanded, TenantMailbox mailbox,
        TenantItem item)
    {
        var texts = mailbox.NamedTexts(item);
        PropertyBag? bag = null;
        var values = new JsonArray();
        foreach (var property in expanded)
        {
            var isText = property is { Type: PropertyType.String, Name.Name: not null };
            var value = isText ? texts.GetValueOrDefault(property.Canonical) : property.ReadFrom(bag ??= Read(mailbox, item));
            if (value is not null) values.Add(new JsonObject { ["id"] = property.Canonical, ["value"] = value });
        }

        // An item without any of them has no such member at all.
        if (values.Count > 0) json["singleValueExtendedProperties"] = values;
    }

    private static PropertyBag Read(TenantMailbox mailbox, TenantItem item)
    {
        var properties = mailbox.ReadMessage(item).Properties;
        ServiceProperties.Refresh(properties, item);
        return properties;
    }

    private static string Unquote(string literal) => literal.Replace("''", "'");

    [GeneratedRegex(
        @"^\s*singleValueExtendedProperties/any\(\s*(?<v>\w+)\s*:\s*\k<v>/id\s+eq\s+'(?<id>(?:[^']|'')*)'\s+and\s+\k<v>/value\s+eq\s+'(?<value>(?:[^']|'')*)'\s*\)\s*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex ExtendedPropertyFilter();
}
