using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Cutover.Graph.Conformance.Tests;

/// <summary>Graph's published metadata, as far as answers can be checked against it.</summary>
internal sealed partial class Csdl
{
    private static readonly XNamespace Edm = "http://docs.oasis-open.org/odata/ns/edm";

    // Newer than the stored copy (August 2026), or printed by the reference pages only.
    private static readonly HashSet<string> NewerThanThis = ["mailboxFolder.wellKnownName", "mailboxFolder.parentMailboxUrl"];

    private readonly Dictionary<string, XElement> types;
    private readonly Dictionary<string, string> roots;
    private readonly ILookup<string, XElement> actions;

    public Csdl(Stream file)
    {
        var schema =
            XDocument.Load(file).Descendants(Edm + "Schema").First(each => (string?)each.Attribute("Namespace") == "microsoft.graph");
        types = schema.Elements().Where(each => each.Name.LocalName is "EntityType" or "ComplexType" or "EnumType")
            .ToDictionary(each => (string)each.Attribute("Name")!);
        actions = schema.Elements(Edm + "Action").ToLookup(each => (string)each.Attribute("Name")!);
        roots = schema.Element(Edm + "EntityContainer")!.Elements()
            .Where(each => each.Name.LocalName is "EntitySet" or "Singleton")
            .ToDictionary(
                each => (string)each.Attribute("Name")!,
                each => ShortName((string)(each.Attribute("EntityType") ?? each.Attribute("Type"))!));
    }

    /// <summary>Everything in the answer that the metadata does not know, or gives another type.</summary>
    public IEnumerable<string> Faults(JsonObject answer)
    {
        var context = answer["@odata.context"]!.GetValue<string>().Split("$metadata#")[1];
        var isCollection = answer["value"] is JsonArray;
        var type = TypeOf(context);
        var values = isCollection ? answer["value"]!.AsArray().OfType<JsonObject>() : [answer];
        return values.SelectMany(value => Faults(value, type, type));
    }

    /// <summary>Everything in a request's body that the metadata does not know, or gives another type.</summary>
    /// <param name="path">Such as /users/5d0e/mailFolders/inbox/messages.</param>
    /// <remarks>Parameters of actions are compared without regard to case: the metadata writes DestinationId and Message where the reference pages write destinationId and message.</remarks>
    public IEnumerable<string> Faults(string path, JsonObject body)
    {
        var (type, action) = Target(path);
        return action is null ? Faults(body, type, type)
            : body.SelectMany(parameter => Faults(parameter.Value,
                action.Elements(Edm + "Parameter").FirstOrDefault(each => parameter.Key.Equals((string?)each.Attribute("Name"), StringComparison.OrdinalIgnoreCase)), $"{(string)action.Attribute("Name")!}.{parameter.Key}"));
    }

    /// <summary>The names in $select that the type does not have.</summary>
    public IEnumerable<string> UnknownSelections(string path, string select)
    {
        var type = Target(path).Type;
        return select.Split(',').Where(name => !NewerThanThis.Contains($"{type}.{name}") && Find(type, name) is null).Select(name => $"{type}.{name} does not exist");
    }

    /// <summary>What a path leads to: walked property by property, keys left out; its last word may be an action.</summary>
    private (string Type, XElement? Action) Target(string path)
    {
        var segments = path.Trim('/').Split('/').Where(segment => segment != "$ref").ToList();
        var type = roots[segments[0]];
        foreach (var segment in segments.Skip(1))
        {
            if (Find(type, segment) is { } property) type = ShortName(TypeName(property));
            else if (actions[segment].FirstOrDefault(action => BindsTo(action, type)) is { } action) return (type, action);
        }

        return (type, null);
    }

    private bool BindsTo(XElement action, string type)
    {
        var bound = ShortName((string)action.Elements(Edm + "Parameter").First().Attribute("Type")!);
        for (var next = type; types.TryGetValue(next, out var element); next = ShortName((string)element.Attribute("BaseType")!))
        {
            if (next == bound) return true;
            if (element.Attribute("BaseType") is null) return false;
        }

        return false;
    }

    // users('a')/settings/exchange/$entity → exchangeSettings
    private string TypeOf(string context)
    {
        if (CollectionType().Match(context) is { Success: true } match) return match.Groups[1].Value;
        if (context.StartsWith("microsoft.graph.", StringComparison.Ordinal)) return ShortName(context);
        var segments = Key().Replace(context, "").Split('/').Where(segment => segment != "$entity").ToList();
        return segments.Skip(1).Aggregate(roots[segments[0]], (type, segment) => ShortName(TypeName(Find(type, segment)!)));
    }

    private IEnumerable<string> Faults(JsonObject value, string declared, string path)
    {
        var actual = value["@odata.type"]?.GetValue<string>().Split('.')[^1] ?? declared;
        if (!types.ContainsKey(actual)) return [$"{path}: the type {actual} does not exist"];
        return value.Where(property => !property.Key.Contains('@') && !NewerThanThis.Contains($"{actual}.{property.Key}"))
            .SelectMany(property => Faults(property.Value, Find(actual, property.Key), $"{path}.{property.Key}"));
    }

    private IEnumerable<string> Faults(JsonNode? value, XElement? property, string path)
    {
        if (property is null) return [$"{path} does not exist"];
        var type = TypeName(property);
        if (type.StartsWith("Collection(", StringComparison.Ordinal))
            return value is JsonArray array
                ? array.SelectMany(each => Fault(each, ShortName(type), path))
                : [$"{path} is not a collection"];
        if (value is null) return (string?)property.Attribute("Nullable") == "false" ? [$"{path} must not be null"] : [];
        return Fault(value, ShortName(type), path);
    }

    private IEnumerable<string> Fault(JsonNode? value, string type, string path)
    {
        if (value is JsonObject complex) return Faults(complex, type, path);
        if (types.TryGetValue(type, out var known)) return known.Name.LocalName == "EnumType" ? [] : [$"{path} is not an object of {type}"];
        return Fits(value!, type) ? [] : [$"{path} = {value} is no {type}"];
    }

    private static bool Fits(JsonNode value, string type) => (type, value.GetValueKind()) switch
    {
        ("Boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("Int16" or "Int32" or "Int64", JsonValueKind.Number) => long.TryParse(value.ToJsonString(), out _),
        ("Guid", JsonValueKind.String) => Guid.TryParse(value.GetValue<string>(), out _),
        ("DateTimeOffset", JsonValueKind.String) => DateTimeOffset.TryParse(value.GetValue<string>(), out _),
        ("TimeOfDay", JsonValueKind.String) => TimeOnly.TryParse(value.GetValue<string>(), out _),
        ("String" or "Stream" or "Binary", JsonValueKind.String) => true,
        _ => false,
    };

    /// <summary>The property in the type or in what it derives from.</summary>
    private XElement? Find(string type, string property)
    {
        if (!types.TryGetValue(type, out var element)) return null;
        var found = element.Elements()
            .FirstOrDefault(each => each.Name.LocalName is "Property" or "NavigationProperty" && (string?)each.Attribute("Name") == property);
        return found ?? (element.Attribute("BaseType") is { } parent ? Find(ShortName((string)parent), property) : null);
    }

    private static string TypeName(XElement property) => (string)property.Attribute("Type")!;

    private static string ShortName(string name) => name.TrimEnd(')').Split('.', '(')[^1];

    [GeneratedRegex(@"^Collection\(microsoft\.graph\.(\w+)\)$")]
    private static partial Regex CollectionType();

    [GeneratedRegex(@"\('[^']*'\)")]
    private static partial Regex Key();
}
