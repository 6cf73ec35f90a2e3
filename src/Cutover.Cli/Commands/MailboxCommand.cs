using System.CommandLine;
using Cutover.Cli.Output;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Server;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover mailbox</c>: look into one mailbox of the source without migrating it. Nothing is ever written there.</summary>
internal static class MailboxCommand
{
    private static readonly SourceOptionsBinding Source = new();
    private static readonly Argument<string> Mailbox = new("mailbox") { Description = "The mailbox's e-mail address or legacyExchangeDN" };
    private static readonly Argument<string> Folder = new("folder") { Description = "A path such as Inbox/Projects (a slash in a name is %2F), a role such as SentItems, or an id" };
    private static readonly Argument<string> Item = new("item") { Description = "The item's id, as ls shows it" };
    private static readonly Argument<string?> Some = new("item") { Description = "The item's id; without one every item of the folder", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> Archive = new("--archive") { Description = "Look into the user's in-place archive instead" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON to standard output" };
    private static readonly Option<ItemFormat> Format = new("--format") { Description = "json (every property) or eml (MIME)", DefaultValueFactory = _ => ItemFormat.Json };
    private static readonly Option<ItemFormat> ExportFormat = new("--format") { Description = "json (every property) or eml (MIME)", DefaultValueFactory = _ => ItemFormat.Eml };
    private static readonly Option<string> Out = new("--out") { Description = "The folder to write into; files that are there stay", Required = true };

    public static Command Create() => new("mailbox", "Look into one mailbox of the source without migrating it")
    {
        Command("tree", "Show the folders as a tree, with counts and sizes", TreeAsync, Mailbox, Json),
        Command("ls", "List the items of a folder", ListAsync, Mailbox, Folder, Json),
        Command("read", "Write one item to standard output", ReadAsync, Mailbox, Folder, Item, Format),
        Command("export", "Write items as files", ExportAsync, Mailbox, Folder, Some, Out, ExportFormat),
    };

    private static Command Command(string name, string description, Func<MailboxView, ParseResult, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var argument in symbols.OfType<Argument>()) command.Add(argument);
        foreach (var option in symbols.OfType<Option>()) command.Add(option);
        command.Add(Archive);
        Source.AddTo(command);
        command.Add(TraceFile.Option);
        command.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => OpenAndAsync(run, parsed, token), ct));
        return command;
    }

    private static async Task<int> OpenAndAsync(
        Func<MailboxView, ParseResult, CancellationToken, Task<int>> run, ParseResult parsed, CancellationToken ct)
    {
        var (source, dns, network) = Source.Read(parsed);
        using var trace = TraceFile.Open(parsed);
        var viewed = parsed.GetValue(Archive) ? ViewedMailbox.Archive : ViewedMailbox.Primary;
        await using var view = await SourceMailboxes.OpenAsync(
            source, dns, network, parsed.GetRequiredValue(Mailbox), viewed, Console.Error.WriteLine, trace.Trace, ct);
        return await run(view, parsed, ct);
    }

    private static async Task<int> TreeAsync(MailboxView view, ParseResult parsed, CancellationToken ct)
    {
        var folders = await view.GetFoldersAsync(ct).ToListAsync(ct);
        if (parsed.GetValue(Json)) await MailboxJson.WriteAsync(folders, ct);
        else MailboxTree.Write(Consoles.ForProgress(json: false), view, folders);
        return ExitCode.Success;
    }

    private static async Task<int> ListAsync(MailboxView view, ParseResult parsed, CancellationToken ct)
    {
        var folder = await view.FindFolderAsync(parsed.GetRequiredValue(Folder), ct);
        if (parsed.GetValue(Json)) await MailboxJson.WriteAsync(view.GetItemsAsync(folder, ct), ct);
        else await ItemList.WriteAsync(Consoles.ForProgress(json: false), folder, view.GetItemsAsync(folder, ct), ct);
        return ExitCode.Success;
    }

    private static async Task<int> ReadAsync(MailboxView view, ParseResult parsed, CancellationToken ct)
    {
        var folder = await view.FindFolderAsync(parsed.GetRequiredValue(Folder), ct);
        await using var output = Console.OpenStandardOutput();
        var message = await view.ReadAsync(folder, parsed.GetRequiredValue(Item), ct);
        await ItemFile.WriteAsync(message, parsed.GetValue(Format), view.Addresses, output, ct);
        return ExitCode.Success;
    }

    private static async Task<int> ExportAsync(MailboxView view, ParseResult parsed, CancellationToken ct)
    {
        var folder = await view.FindFolderAsync(parsed.GetRequiredValue(Folder), ct);
        var export = new ItemExport(view, folder, parsed.GetRequiredValue(Out), parsed.GetValue(ExportFormat), Consoles.ForProgress(json: false));
        return parsed.GetValue(Some) is { } item ? await export.OneAsync(item, ct) : await export.AllAsync(ct);
    }
}
