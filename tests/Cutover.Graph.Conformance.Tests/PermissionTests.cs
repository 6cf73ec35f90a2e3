using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Graph;

namespace Cutover.Graph.Conformance.Tests;

/// <summary>The tenant demands for every operation exactly the application permissions that Microsoft publishes.</summary>
public sealed class PermissionTests
{
    // Permissions of other products that happen to open a path too.
    private static readonly string[] Foreign = ["DeviceManagement", "AgentId"];

    [Fact]
    public void Every_operation_demands_the_published_roles()
    {
        var published = Published();
        foreach (var operation in GraphPermissions.Operations.Where(operation => operation.IsPublished))
        {
            var key = Key(operation);
            Assert.True(published.TryGetValue(key, out var roles), $"{key} is not published");
            Assert.Equal(roles!.Order(), operation.Roles.Order());
        }
    }

    [Fact]
    public void What_is_said_to_be_unpublished_is()
    {
        var published = Published();

        Assert.DoesNotContain(GraphPermissions.Operations, operation => !operation.IsPublished && published.ContainsKey(Key(operation)));
    }

    [Fact]
    public void What_an_administrator_consents_to_opens_every_operation() =>
        Assert.All(GraphPermissions.Operations, operation =>
            Assert.Contains(operation.Roles, role => GraphPermissions.ForCutover.Contains(role)));

    private static string Key(GraphOperation operation) =>
        $"{operation.Method} {operation.Path.ToLowerInvariant().Replace("/manager/$ref", "/manager", StringComparison.Ordinal)}";

    private static Dictionary<string, HashSet<string>> Published()
    {
        using var file = PublishedMaterial.Open("graph-permissions.json.gz");
        var found = new Dictionary<string, HashSet<string>>();
        foreach (var (role, permission) in JsonNode.Parse(file)!["permissions"]!.AsObject())
            if (!Array.Exists(Foreign, role.StartsWith)) Add(found, role, permission!);
        return found;
    }

    private static void Add(Dictionary<string, HashSet<string>> found, string role, JsonNode permission)
    {
        var application =
            (permission["pathSets"] as JsonArray ?? []).Where(set =>
                set!["schemeKeys"]!.AsArray().Any(key => key!.ToString() == "Application"));
        foreach (var set in application)
            foreach (var method in set!["methods"]!.AsArray())
                foreach (var (path, _) in set["paths"]!.AsObject())
                {
                    var key = $"{method} {path.ToLowerInvariant()}";
                    if (!found.TryGetValue(key, out var roles)) found[key] = roles = [];
                    roles.Add(role);
                }
    }
}
