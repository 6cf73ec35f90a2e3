using Cutover.Core.Batches;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>A batch as a table: a row a mailbox, the unfinished first, and the totals below.</summary>
public static class MailboxTable
{
    private const int MostRows = 20;

    public static Table Of(MigrationBatchStatusReport batch)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Mailbox", "Status", "Items", "Copied", "Rate", "Time left");
        foreach (var column in table.Columns.Skip(2)) column.RightAligned();
        foreach (var user in batch.Users.OrderBy(IsSynced).ThenByDescending(user => user.ItemsTotal).Take(MostRows))
            table.AddRow(Markup.Escape(user.PrimarySmtpAddress), $"[{Colour(user)}]{user.Status}[/]", $"{user.ItemsCopied:N0} / {user.ItemsTotal:N0}",
                Amounts.Bytes(user.BytesCopied), IsSynced(user) ? "" : Amounts.Rate(user.BytesPerSecond), IsSynced(user) ? "" : Amounts.Time(user.TimeLeft));
        return table.Caption(Markup.Escape(Totals(batch)));
    }

    public static string Totals(MigrationBatchStatusReport batch)
    {
        var left = batch.Users.Where(user => !IsSynced(user)).Select(user => user.TimeLeft).Max();
        return $"{batch.Status}: {batch.Users.Count(IsSynced)} of {batch.Users.Count} mailboxes synced, "
            + $"{batch.Users.Sum(user => user.ItemsCopied):N0} of {batch.Users.Sum(user => user.ItemsTotal):N0} items, "
            + $"{Amounts.Bytes(batch.Users.Sum(user => user.BytesCopied))} at {Amounts.Rate(batch.Users.Sum(user => user.BytesPerSecond))}"
            + (left is null ? "" : $", about {Amounts.Time(left)} left");
    }

    private static bool IsSynced(MigrationUserStatusReport user) =>
        user.Status is MigrationUserStatus.Synced or MigrationUserStatus.IncrementalSynced or MigrationUserStatus.Completed
            or MigrationUserStatus.CompletedWithWarnings;

    private static string Colour(MigrationUserStatusReport user) =>
        user.Status is MigrationUserStatus.Failed or MigrationUserStatus.IncrementalFailed or MigrationUserStatus.Corrupted ? "red"
        : IsSynced(user) ? "green" : "blue";
}
