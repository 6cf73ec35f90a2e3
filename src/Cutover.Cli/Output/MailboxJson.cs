using System.Text.Json;
using System.Text.Json.Serialization;
using Cutover.Endpoints.OutlookAnywhere;

namespace Cutover.Cli.Output;

/// <summary>Folders and items as JSON on standard output; lists of items are written as they come.</summary>
internal static class MailboxJson
{
    public static async Task WriteAsync(IReadOnlyList<ViewedFolder> folders, CancellationToken ct)
    {
        await using var output = Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, folders, MailboxJsonContext.Default.IReadOnlyListViewedFolder, ct);
    }

    public static async Task WriteAsync(IAsyncEnumerable<ViewedItem> items, CancellationToken ct)
    {
        await using var output = Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, items, MailboxJsonContext.Default.IAsyncEnumerableViewedItem, ct);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<ViewedFolder>))]
[JsonSerializable(typeof(IAsyncEnumerable<ViewedItem>))]
internal sealed partial class MailboxJsonContext : JsonSerializerContext;
