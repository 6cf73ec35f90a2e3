using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>A cmdlet being run with its parameters.</summary>
internal sealed class CmdletCall(JsonObject parameters)
{
    /// <summary>What the cmdlet warns of; part of a successful answer.</summary>
    public List<string> Warnings { get; } = [];

    public IEnumerable<string> Names => parameters.Select(parameter => parameter.Key);

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => value.ToString(),
        var other => throw CmdletException.Transformation(name, other.ToJsonString(), "System.String"),
    };

    public string Required(string name) => Text(name) is { Length: > 0 } text
        ? text
        : throw CmdletException.ParameterSet($"Cannot bind argument to parameter '{name}' because it is null or empty.");

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        var other => throw CmdletException.Transformation(name, other.ToString(), "System.Boolean"),
    };

    public bool Switch(string name) => Flag(name) == true;

    public int? Integer(string name) => Find(name) switch
    {
        null => null,
        var value => int.TryParse(value.ToString(), out var number)
            ? number
            : throw CmdletException.Transformation(name, value.ToString(), "System.Int32"),
    };

    /// <summary>An array of strings; one string stands for an array of one.</summary>
    public IReadOnlyList<string>? Texts(string name) => Find(name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        JsonArray array => [.. array.Select(element => element?.GetValueKind() == JsonValueKind.String
            ? element.GetValue<string>()
            : throw CmdletException.Transformation(name, element?.ToJsonString() ?? "null", "System.String"))],
        var other => throw CmdletException.Transformation(name, other.ToJsonString(), "Microsoft.Exchange.Data.MultiValuedProperty"),
    };

    /// <summary>The new list of a multi-valued property: an array replaces it, a GenericHashTable adds and removes.</summary>
    public IReadOnlyList<string>? MultiValued(string name, IReadOnlyList<string> present)
    {
        if (Find(name) is not JsonObject table) return Texts(name);
        if (table["@odata.type"]?.ToString() != "#Exchange.GenericHashTable")
            throw CmdletException.Transformation(name, table.ToJsonString(), "Microsoft.Exchange.Data.MultiValuedProperty");
        var (add, remove) = (Member(table, "Add", name), Member(table, "Remove", name));
        return [.. present.Where(value => !remove.Contains(value, StringComparer.OrdinalIgnoreCase)),
            .. add.Where(value => !present.Contains(value, StringComparer.OrdinalIgnoreCase))];
    }

    /// <summary>What a GenericHashTable removes.</summary>
    public IReadOnlyList<string> Removed(string name) => Find(name) is JsonObject table ? Member(table, "Remove", name) : [];

    /// <summary>The parameter as JSON text, for what the lab only keeps.</summary>
    public string? Json(string name) => Find(name)?.ToJsonString();

    private static IReadOnlyList<string> Member(JsonObject table, string member, string parameter)
    {
        var value = table.FirstOrDefault(each => each.Key.Equals(member, StringComparison.OrdinalIgnoreCase)).Value;
        return new CmdletCall(new JsonObject { [parameter] = value?.DeepClone() }).Texts(parameter) ?? [];
    }

    private JsonNode? Find(string name) =>
        parameters.FirstOrDefault(parameter => parameter.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>A cmdlet of Exchange Online with the parameters that exist there; those of Exchange Server alone are unknown to it.</summary>
internal sealed record Cmdlet(string Name, string[] Required, string[] Optional, Func<CmdletCall, IEnumerable<JsonObject>> Run)
{
    private static readonly string[] Common =
        ["Confirm", "WhatIf", "ErrorAction", "WarningAction", "InformationAction", "Verbose", "Debug", "ErrorVariable", "WarningVariable",
            "OutVariable", "OutBuffer"];

    /// <exception cref="CmdletException">A parameter is unknown here, or a required one is missing.</exception>
    public void Check(CmdletCall call)
    {
        foreach (var name in call.Names)
            if (!Contains(Required, name) && !Contains(Optional, name) && !Contains(Common, name))
                throw CmdletException.UnknownParameter(name);
        foreach (var name in Required)
            if (!call.Has(name))
                throw CmdletException.ParameterSet($"Cannot process command because of one or more missing mandatory parameters: {name}.");
    }

    private static bool Contains(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
