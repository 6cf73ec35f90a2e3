using System.Globalization;
using Cutover.Endpoints.OutlookAnywhere;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>The items of a folder, a line each, as they come.</summary>
internal static class ItemList
{
    private const int WidestClass = 24;
    private const int WidestSender = 24;

    public static async Task WriteAsync(IAnsiConsole console, ViewedFolder folder, IAsyncEnumerable<ViewedItem> items, CancellationToken ct)
    {
        var (count, size) = (0L, 0L);
        await foreach (var item in items.WithCancellation(ct))
        {
            count++;
            size += item.Size;
            console.WriteLine(Line(item));
        }
        console.MarkupLineInterpolated($"{folder.Path}: {count:N0} items, {Amounts.Bytes(size)}.");
    }

    private static string Line(ViewedItem item)
    {
        var received = item.Received?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";
        var marks = $"{(item.IsRead ? ' ' : 'N')}{(item.HasAttachments ? '@' : ' ')}";
        return $"{item.Id}  {received,-16} {marks} {Amounts.Bytes(item.Size),9}  {Cut(item.ItemClass, WidestClass)}  {Cut(item.From ?? "", WidestSender)}  {OneLine(item.Subject ?? "")}";
    }

    private static string Cut(string text, int width) => OneLine(text.Length > width ? text[..(width - 1)] + "…" : text).PadRight(width);

    // Subjects come from strangers: no control character reaches the terminal.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
