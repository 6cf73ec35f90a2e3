using Cutover.Core.Mailboxes;
using Cutover.Endpoints.OutlookAnywhere;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>A mailbox's folders as a tree with counts and sizes.</summary>
internal static class MailboxTree
{
    public static void Write(IAnsiConsole console, MailboxView view, IReadOnlyList<ViewedFolder> folders)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Folder", "Items", "Unread", "Hidden", "Size", "Role", "Class");
        foreach (var column in table.Columns.Skip(1).Take(4)) column.RightAligned();
        foreach (var folder in folders)
            table.AddRow(Indented(folder), $"{folder.Items:N0}", $"{folder.Unread:N0}", $"{folder.AssociatedItems:N0}", Amounts.Bytes(folder.Size),
                folder.IsSearchFolder ? "search folder" : folder.Role == FolderRole.None ? "" : folder.Role.ToString(), Markup.Escape(folder.ContainerClass));
        console.Write(table);
        var own = folders.Where(folder => !folder.IsSearchFolder).ToList();
        console.MarkupLineInterpolated(
            $"{view.Mailbox.PrimarySmtpAddress}: {own.Count:N0} folders, {own.Sum(folder => folder.Items):N0} items, {Amounts.Bytes(own.Sum(folder => folder.Size))}; Exchange {view.ServerVersion}.");
    }

    private static string Indented(ViewedFolder folder) => new string(' ', 2 * folder.Depth) + Markup.Escape(folder.Name);
}
