using System.Globalization;
using System.Text.Json;

namespace Cutover.Endpoints.Microsoft365.ExchangeOnline;

/// <summary>One object of a cmdlet's output.</summary>
internal sealed class ExchangeObject(JsonElement json)
{
    /// <summary>A property as text; null when it is missing, null or empty.</summary>
    public string? Text(string property) =>
        json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text : null;

    public IReadOnlyList<string> Texts(string property) =>
        json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)]
            : [];

    /// <summary>A date, which Exchange writes without saying that it is UTC.</summary>
    public DateTimeOffset? Time(string property) =>
        DateTimeOffset.TryParse(Text(property), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public bool Flag(string property) => json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>The directory's object id, else Exchange's own: both name the object to every cmdlet.</summary>
    public string Id => Text("ExternalDirectoryObjectId") ?? Text("Guid") ?? Text("Identity") ?? "";
}
