using Cutover.Core.Batches;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>A batch as a table: a row a mailbox, the unfinished first, and the totals below.</summary>
public static class MailboxTable
{
    private const int MostRows = 20;

    public static Table Of(BatchStatus batch)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Mailbox", "Status", "Items", "Copied", "Rate", "Time left", "Note");
        foreach (var column in table.Columns.Skip(2).SkipLast(1)) column.RightAligned();
        foreach (var user in batch.Users.OrderBy(IsSynced).ThenByDescending(user => user.ItemsTotal).Take(MostRows))
            table.AddRow(Markup.Escape(user.User.Name), $"[{Colour(user)}]{user.Status}[/]", $"{user.Counts.Items:N0} / {user.ItemsTotal:N0}",
                Amounts.Bytes(user.Counts.Bytes), IsSynced(user) ? "" : Amounts.Rate(user.BytesPerSecond), IsSynced(user) ? "" : Amounts.Time(user.TimeLeft),
                Markup.Escape(Note(user)));
        return table.Caption(Markup.Escape(Totals(batch)));
    }

    /// <summary>Why a mailbox does not move; empty when it does, and when it only queues.</summary>
    public static string Note(UserStatus user) => user.Status == MigrationUserStatus.Queued ? "" : user.Waiting ?? user.Error ?? "";

    public static string Totals(BatchStatus batch) =>
        $"{batch.Status}: {batch.Users.Count(IsSynced)} of {batch.Users.Count} mailboxes synced, {batch.Counts.Items:N0} of {batch.ItemsTotal:N0} items, "
        + $"{Amounts.Bytes(batch.Counts.Bytes)} at {Amounts.Rate(batch.BytesPerSecond)}"
        + (batch.Forecast is { } forecast ? $", about {Amounts.Time(forecast.Left)} left ({Amounts.Time(forecast.AtBest)} to {Amounts.Time(forecast.AtWorst)})" : "");

    private static bool IsSynced(UserStatus user) => user.Summary is MigrationStatusSummary.Synced or MigrationStatusSummary.Completed;

    private static string Colour(UserStatus user) =>
        user.Summary == MigrationStatusSummary.Failed ? "red" : IsSynced(user) ? "green" : "blue";
}
