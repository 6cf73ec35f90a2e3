using Cutover.Core.Batches;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>The summary that an administrator would keep.</summary>
public static class SummaryTable
{
    public static void Write(IAnsiConsole console, CutoverSummary summary, BatchVerification verified)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Mailbox", "Items", "Equal", "Skipped", "Missing", "Twice", "Differ", "Grade");
        foreach (var column in table.Columns.Skip(1).Take(6)) column.RightAligned();
        foreach (var (user, totals, _) in verified.Mailboxes)
            table.AddRow(Markup.Escape(user.Name), $"{totals.SourceItems:N0}", $"{totals.Verified:N0}", $"{totals.Skipped:N0}",
                $"{totals.Missing:N0}", $"{totals.Duplicated:N0}", $"{totals.Mismatched:N0}", totals.Score.ToString());
        console.Write(table);
        console.MarkupLine($"[bold]{summary.Status}[/]: {summary.Mailboxes} mailboxes and {summary.Recipients} recipients in {Amounts.Time(TimeSpan.FromSeconds(summary.DurationSeconds))}; "
            + $"{summary.FoldersCopied:N0} folders, {summary.ItemsCopied:N0} items, {Amounts.Bytes(summary.BytesCopied)}, {summary.IncrementalItems:N0} changes carried later.");
        console.MarkupLine($"Of {summary.ItemsSource:N0} items at the source {summary.ItemsVerified:N0} were read back equal, {summary.ItemsMissing:N0} are missing, "
            + $"{summary.ItemsDuplicated:N0} there twice, {summary.ItemsMismatched:N0} differ, {summary.ItemsSkipped:N0} were skipped: [bold]{summary.ConsistencyScore}[/].");
        console.MarkupLine($"{summary.RpcCalls:N0} calls to Exchange, {summary.GraphRequests:N0} requests to Microsoft 365. Receipts: {Markup.Escape(summary.ReceiptPath)}");
    }
}
