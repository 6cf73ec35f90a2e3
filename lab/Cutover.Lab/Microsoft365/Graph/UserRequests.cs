using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>The users of the tenant.</summary>
internal sealed class UserRequests(Tenant tenant)
{
    private const int PageSize = 100;
    private readonly UserValidation validation = new(tenant);

    public void Map(GraphOperations operations)
    {
        operations.Get("/users", request => Task.FromResult(List(request)));
        operations.Post("/users", request => Task.FromResult(Create(request)));
        operations.Get("/users/{id}", request => Task.FromResult(request.Ok(ToJson(request, Find(request)), "users/$entity")));
        operations.Patch("/users/{id}", request => Task.FromResult(Update(request)));
        operations.Delete("/users/{id}", request => Task.FromResult(Delete(request)));
        operations.Get("/users/{id}/manager", request => Task.FromResult(Manager(request)));
        operations.Put("/users/{id}/manager/$ref", request => Task.FromResult(SetManager(request)));
        operations.Delete("/users/{id}/manager/$ref", request => Task.FromResult(ChangeManager(request, null)));
    }

    private GraphAnswer List(GraphRequest request)
    {
        var filter = ODataFilter.Parse(request.Query["$filter"]);
        var found = tenant.Directory.Recipients
            .Where(user => user.IsUser && IsReplicated(user) && filter(UserJson.Whole(user, tenant.Options.Subscriptions))).ToList();
        var (skip, top) = SkipToken(request);
        var body = request.Collection(found.Skip(skip).Take(top).Select(user => ToJson(request, user)), "users");
        if (request.Query["$count"] == "true") body.Body!["@odata.count"] = found.Count;
        if (skip + top < found.Count) body.Body!["@odata.nextLink"] = request.Link("$skiptoken", PageToken.Write(skip + top));
        return body;
    }

    // Directory lists know no $skip, only opaque tokens.
    private static (int Skip, int Top) SkipToken(GraphRequest request)
    {
        if (request.Query.ContainsKey("$skip")) throw GraphException.UnsupportedQuery("'$skip' is not supported by the service.");
        var token = request.Query["$skiptoken"].ToString();
        return ((int)(token.Length == 0 ? 0 : PageToken.Read(token)), request.Page(PageSize).Top);
    }

    private GraphAnswer Create(GraphRequest request)
    {
        var user = validation.NewUser(request.RequiredBody);
        Save(user);
        return request.Created(ToJson(request, user), "users/$entity");
    }

    private GraphAnswer Update(GraphRequest request)
    {
        var user = Find(request);
        if (user.OnPremisesSyncEnabled)
            throw GraphException.BadRequest(
                "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.");
        Save(validation.Changed(user, request.RequiredBody));
        return GraphAnswer.NoContent;
    }

    private GraphAnswer Delete(GraphRequest request)
    {
        tenant.Directory.Remove(Find(request).Id);
        return GraphAnswer.NoContent;
    }

    private GraphAnswer Manager(GraphRequest request)
    {
        var manager = Find(request).Manager is { } id ? tenant.Directory.Find(id) : null;
        if (manager is null) throw GraphException.NotFound("manager");
        var json = ToJson(request, manager);
        json.Insert(0, "@odata.type", manager.IsUser ? "#microsoft.graph.user" : "#microsoft.graph.orgContact");
        return request.Ok(json, "directoryObjects/$entity");
    }

    private GraphAnswer SetManager(GraphRequest request)
    {
        var reference = request.RequiredBody.Text("@odata.id")
            ?? throw GraphException.BadRequest("The '@odata.id' of the manager is missing.");
        var id = Uri.UnescapeDataString(reference.TrimEnd('/').Split('/')[^1]);
        var manager = (Guid.TryParse(id, out var guid) ? tenant.Directory.Find(guid) : tenant.Directory.FindUser(id))
            ?? throw GraphException.NotFound(id);
        if (manager.IsGroup)
            throw GraphException.BadRequest("One or more added object references are of a type that can't be a manager.", "InvalidValue",
                "manager");
        return ChangeManager(request, manager.Id);
    }

    private GraphAnswer ChangeManager(GraphRequest request, Guid? manager)
    {
        tenant.Directory.Change(Find(request).Id, user => user with { Manager = manager });
        return GraphAnswer.NoContent;
    }

    private void Save(TenantRecipient user)
    {
        try
        {
            tenant.Directory.Save(user);
        }
        catch (AddressInUseException e)
        {
            var property = e.Address.Contains(':') ? "proxyAddresses" : "userPrincipalName";
            throw GraphException.BadRequest($"Another object with the same value for property {property} already exists.", "ObjectConflict",
                property);
        }
    }

    private TenantRecipient Find(GraphRequest request)
    {
        var user = tenant.Directory.FindUser(request.Routes[0]);
        return user is not null && IsReplicated(user) ? user : throw GraphException.NotFound(request.Routes[0]);
    }

    private bool IsReplicated(TenantRecipient user) => user.Created + tenant.Options.ReplicationDelay <= tenant.Now;

    private JsonObject ToJson(GraphRequest request, TenantRecipient user) => UserJson.Selected(request, user, tenant.Options.Subscriptions);
}
