using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Mailboxes;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>The folders of a mailbox.</summary>
internal sealed class FolderRequests(Tenant tenant)
{
    private const int PageSize = 10;
    private const string Folders = "/admin/exchange/mailboxes/{id}/folders";

    public void Map(GraphOperations operations)
    {
        operations.Get(Folders, request => Task.FromResult(List(request, request.Mailbox(tenant).Root)));
        operations.Post(Folders, request => Task.FromResult(Create(request, request.Mailbox(tenant).Root)));
        operations.Get(Folders + "/delta", request => Task.FromResult(Delta(request, request.Mailbox(tenant).Root)));
        operations.Get(Folders + "/{id}", request => Task.FromResult(
            request.Ok(request.Select(ToJson(request, request.Mailbox(tenant), Folder(request))), Context(request) + "/$entity")));
        operations.Patch(Folders + "/{id}", request => Task.FromResult(Rename(request)));
        operations.Delete(Folders + "/{id}", request => Task.FromResult(Delete(request)));
        operations.Get(Folders + "/{id}/childFolders", request => Task.FromResult(List(request, Folder(request))));
        operations.Post(Folders + "/{id}/childFolders", request => Task.FromResult(Create(request, Folder(request))));
        operations.Get(Folders + "/{id}/childFolders/delta", request => Task.FromResult(Delta(request, Folder(request))));
        operations.Post("/users/{id}/mailFolders/{id}/move", request => Task.FromResult(Move(request)));
    }

    private GraphAnswer List(GraphRequest request, TenantFolder parent)
    {
        var mailbox = request.Mailbox(tenant);
        var filter = ODataFilter.Parse(request.Query["$filter"]);
        var found = mailbox.ChildrenOf(parent).Select(folder => ToJson(request, mailbox, folder)).Where(filter).ToList();
        var (skip, top) = request.Page(PageSize);
        return request.PageOf(found.Skip(skip).Take(top), skip, top, found.Count, Context(request));
    }

    private GraphAnswer Create(GraphRequest request, TenantFolder parent)
    {
        var mailbox = request.Mailbox(tenant);
        var name = Name(request.RequiredBody) ?? throw Required("displayName");
        var type = request.RequiredBody.Text("type") ?? throw Required("type");
        return request.Created(
            ToJson(request, mailbox, mailbox.CreateFolder(parent, name, type, ExtendedPropertyExpansion.Given(request.RequiredBody))),
            Context(request) + "/$entity");
    }

    private GraphAnswer Rename(GraphRequest request)
    {
        var mailbox = request.Mailbox(tenant);
        var folder = Folder(request);
        if (request.RequiredBody.Any(property => property.Key is not "displayName" && !property.Key.StartsWith('@')))
            throw new MailboxException("ErrorInvalidPropertySet",
                "The property set is not valid for this operation: only displayName can be changed.");
        if (folder.WellKnownName is not null) throw new MailboxException("ErrorInvalidRequest", "Distinguished folders cannot be renamed.");
        var renamed = mailbox.RenameFolder(folder, Name(request.RequiredBody) ?? throw Required("displayName"));
        return request.Ok(ToJson(request, mailbox, renamed), Context(request) + "/$entity");
    }

    private GraphAnswer Delete(GraphRequest request)
    {
        request.Mailbox(tenant).DeleteFolder(Folder(request));
        return GraphAnswer.NoContent;
    }

    private GraphAnswer Move(GraphRequest request)
    {
        var mailbox = request.UserMailbox(tenant);
        var folder = mailbox.Folder(request.Routes[1]);
        if (folder.WellKnownName is not null)
            throw new MailboxException("ErrorMoveDistinguishedFolder", "Distinguished folders cannot be moved.");
        var destination = request.RequiredBody.Text("destinationId") ?? throw Required("destinationId");
        var moved = mailbox.MoveFolder(folder, mailbox.Folder(destination));
        return request.Created(MailFolder(mailbox, moved), $"users('{Uri.EscapeDataString(request.Routes[0])}')/mailFolders/$entity");
    }

    private GraphAnswer Delta(GraphRequest request, TenantFolder parent)
    {
        var mailbox = request.Mailbox(tenant);
        return DeltaAnswer.Of(request, since =>
        {
            var (changed, removed, change) = mailbox.FolderDelta(parent, since);
            return ([.. changed.Select(folder => request.Select(ToJson(request, mailbox, folder)))], removed, change);
        }, Context(request));
    }

    private TenantFolder Folder(GraphRequest request) => request.Mailbox(tenant).Folder(request.Routes[1]);

    private static string? Name(JsonObject body) =>
        body.Text("displayName") is not { } name
        ? null
        : string.IsNullOrWhiteSpace(name)
            ? throw new MailboxException(
                "ErrorFolderSavePropertyError", "The folder save operation failed on the following properties: displayName.")
        : name;

    private static GraphException Required(string property) =>
        new(400, "ErrorInvalidRequest", $"Required property '{property}' is missing from the request.");

    private static string Context(GraphRequest request) => $"admin/exchange/mailboxes('{Uri.EscapeDataString(request.Routes[0])}')/folders";

    private static JsonObject ToJson(GraphRequest request, TenantMailbox mailbox, TenantFolder folder)
    {
        var json = Plain(request, mailbox, folder);
        var expanded =
            ExtendedPropertyExpansion.Of(request).Where(property => folder.ExtendedProperties.ContainsKey(property.Canonical)).ToList();
        if (expanded.Count > 0)
            json["singleValueExtendedProperties"] = new JsonArray([.. expanded.Select(property => new JsonObject
            {
                ["id"] = property.Canonical, ["value"] = folder.ExtendedProperties[property.Canonical],
            })]);
        return json;
    }

    private static JsonObject Plain(GraphRequest request, TenantMailbox mailbox, TenantFolder folder) => new()
    {
        ["id"] = folder.Id,
        ["displayName"] = folder.Name,
        ["parentFolderId"] = folder.Parent == 0 ? null : ObjectId.OfFolder(mailbox.Guid, folder.Parent),
        ["parentMailboxUrl"] = $"{request.Root}/admin/exchange/mailboxes/{request.Routes[0]}",
        ["childFolderCount"] = mailbox.ChildCount(folder),
        ["totalItemCount"] = mailbox.ItemCount(folder),
        ["wellKnownName"] = folder.WellKnownName,
        ["type"] = folder.Type,
    };

    private static JsonObject MailFolder(TenantMailbox mailbox, TenantFolder folder) => new()
    {
        ["id"] = folder.Id,
        ["displayName"] = folder.Name,
        ["parentFolderId"] = ObjectId.OfFolder(mailbox.Guid, folder.Parent),
        ["childFolderCount"] = mailbox.ChildCount(folder),
        ["totalItemCount"] = mailbox.ItemCount(folder),
        ["unreadItemCount"] = mailbox.UnreadCount(folder),
        ["isHidden"] = false,
    };
}
