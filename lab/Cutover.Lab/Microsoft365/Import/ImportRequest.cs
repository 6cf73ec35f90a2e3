using System.Text.Json;
using Cutover.Lab.Microsoft365.Graph;

namespace Cutover.Lab.Microsoft365.Import;

/// <summary>The body of importItem. Its names are PascalCase.</summary>
/// <param name="ItemId">With <paramref name="ChangeKey"/> in the mode update, null in the mode create.</param>
/// <param name="Data">The item stream, base64 already undone.</param>
internal sealed record ImportRequest(string FolderId, string? ItemId, string? ChangeKey, byte[] Data, long BodyLength)
{
    /// <exception cref="GraphException">400: the body is not what importItem takes.</exception>
    public static async Task<ImportRequest> ReadAsync(Stream body, CancellationToken ct)
    {
        using var held = new MemoryStream();
        await body.CopyToAsync(held, ct);
        try
        {
            return Read(held.GetBuffer().AsSpan(0, (int)held.Length));
        }
        catch (JsonException)
        {
            throw Invalid("The request body is not valid JSON.");
        }
    }

    private static ImportRequest Read(ReadOnlySpan<byte> body)
    {
        var texts = new Dictionary<string, string?>();
        byte[]? data = null;
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Invalid("The request body is not a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "Data") data = Base64(ref reader);
            else texts[name] = Text(ref reader, name);
        }

        if (reader.TokenType != JsonTokenType.EndObject || reader.Read()) throw Invalid("The request body is not one JSON object.");
        return Checked(texts, data, body.Length);
    }

    private static ImportRequest Checked(Dictionary<string, string?> texts, byte[]? data, long length)
    {
        if (texts.Keys.FirstOrDefault(name =>
            name is not ("FolderId" or "Mode" or "ItemId" or "ChangeKey") && !name.StartsWith('@')) is { } unknown)
            throw Invalid($"The property '{unknown}' does not exist on the parameters of importItem.");
        var folder = texts.GetValueOrDefault("FolderId") ?? throw Invalid("The property 'FolderId' is missing.");
        var (item, changeKey) = (texts.GetValueOrDefault("ItemId"), texts.GetValueOrDefault("ChangeKey"));
        switch (texts.GetValueOrDefault("Mode")?.ToLowerInvariant())
        {
            case "create" when item is not null || changeKey is not null:
                throw Invalid("ItemId and ChangeKey must not be given in the mode 'create'.");
            case "update" when item is null || changeKey is null:
                throw Invalid("ItemId and ChangeKey must be given in the mode 'update'.");
            case "create" or "update": break;
            default: throw Invalid("The property 'Mode' must be 'create' or 'update'.");
        }

        return new ImportRequest(folder, item, changeKey, data ?? throw Invalid("The property 'Data' is missing."), length);
    }

    private static byte[] Base64(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : throw Invalid("The property 'Data' is not base64.");

    private static string? Text(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => null,
        _ => throw Invalid($"The property '{name}' is not a string."),
    };

    private static GraphException Invalid(string message) => new(400, "ErrorInvalidRequest", message);
}
