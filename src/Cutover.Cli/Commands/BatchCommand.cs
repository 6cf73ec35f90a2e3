using System.CommandLine;
using Cutover.Cli.Output;
using Cutover.Core.Batches;
using Cutover.Orchestrator.Batches;
using Cutover.Server;
using Spectre.Console;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover batch</c>: what is recorded of a batch, and the approval of what was skipped.</summary>
internal static class BatchCommand
{
    private static readonly Argument<string> Settings = FileArgument.Settings();
    private static readonly Option<string> Work = new("--work") { Description = "The work folder of the cutover", Required = true };
    private static readonly Option<string> Mailbox = new("--mailbox") { Description = "Its primary SMTP address at the source", Required = true };
    private static readonly Option<string> By = new("--by") { Description = "Who answers for it", DefaultValueFactory = _ => Environment.UserName };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why these items may stay behind", Required = true };

    public static Command Create() => new("batch", "What is recorded of the batch: its history, what was skipped, who approved it")
    {
        Reading("history", "Every change of state, oldest first, with its cause and who caused it", HistoryAsync),
        Reading("skipped", "Every item that was not copied, with the reason and where its original is kept", SkippedAsync),
        Approve(),
    };

    private static Command Approve()
    {
        var command = Reading("approve", "Record that somebody accepts the loss of what is skipped in a mailbox by now; the next start of the batch goes on", ApproveAsync);
        command.Add(Mailbox);
        command.Add(By);
        command.Add(Reason);
        return command;
    }

    private static Command Reading(string name, string description, Func<BatchRecords, BatchName, ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description) { Settings, Work };
        command.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => OpenAsync(parsed, run, token), ct));
        return command;
    }

    private static async Task<int> OpenAsync(ParseResult parsed, Func<BatchRecords, BatchName, ParseResult, CancellationToken, Task<int>> run, CancellationToken ct)
    {
        var settings = CutoverSettings.Read(parsed.GetRequiredValue(Settings));
        using var work = settings.Storage is null ? WorkDirectory.Open(parsed.GetRequiredValue(Work)) : null;
        return await CutoverHost.ReadRecordsAsync(settings, parsed.GetRequiredValue(Work), (records, name) => run(records, name, parsed, ct));
    }

    private static async Task<int> HistoryAsync(BatchRecords records, BatchName name, ParseResult parsed, CancellationToken ct)
    {
        var table = Table("When", "Mailbox", "From", "To", "Cause", "By");
        await foreach (var change in records.GetHistoryAsync(name, ct))
            AddRow(table, $"{change.At:u}", change.User ?? "(batch)", change.From ?? "", change.To, change.Cause, change.Actor);
        foreach (var approval in await records.GetApprovalsAsync(name, ct))
            AddRow(table, $"{approval.At:u}", approval.User, "", "", $"{approval.Skipped} skipped items approved: {approval.Reason}", approval.Actor);
        AnsiConsole.Write(table);
        return ExitCode.Success;
    }

    private static async Task<int> SkippedAsync(BatchRecords records, BatchName name, ParseResult parsed, CancellationToken ct)
    {
        var table = Table("Mailbox", "Folder", "Subject", "Received", "Size", "Kind", "Reason", "Kept aside");
        await foreach (var (user, folder, entry) in records.GetSkippedAsync(name, ct))
            AddRow(table, user, folder, entry.Item.Subject ?? "", entry.Item.Received is { } received ? $"{received:u}" : "", Amounts.Bytes(entry.Item.Size), entry.Item.ItemClass,
                entry.Reason ?? "", entry.KeptAside ?? "");
        AnsiConsole.Write(table);
        return ExitCode.Success;
    }

    private static async Task<int> ApproveAsync(BatchRecords records, BatchName name, ParseResult parsed, CancellationToken ct)
    {
        var by = parsed.GetRequiredValue(By);
        var mailbox = await records.ApproveSkippedAsync(name, parsed.GetRequiredValue(Mailbox), by, parsed.GetRequiredValue(Reason), ct);
        AnsiConsole.MarkupLine(Markup.Escape($"{by} approved what is skipped in {mailbox}. Run the cutover again: it goes on."));
        return ExitCode.Success;
    }

    private static Table Table(params string[] columns) => new Table().Border(TableBorder.Simple).AddColumns(columns);

    private static void AddRow(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);
}
