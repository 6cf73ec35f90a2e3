using Cutover.Core.Recipients;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>Licences in stock, who gets which, how many are short, and which mailboxes run out of time without one.</summary>
internal static class LicencePlanTable
{
    public static void Write(IAnsiConsole console, LicencePlan plan, DateTimeOffset now)
    {
        var stock = new Table().Border(TableBorder.Simple).AddColumns("Licence with Exchange Online", "Owned", "Used", "Free", "Has it already", "Gets it");
        foreach (var column in stock.Columns.Skip(1)) column.RightAligned();
        foreach (var one in plan.Stock)
            stock.AddRow(Markup.Escape(one.Name), $"{one.Owned:N0}", $"{one.Used:N0}", $"{one.Free:N0}", $"{Count(plan, one, isThere: true):N0}", $"{Count(plan, one, isThere: false):N0}");
        console.Write(stock);
        foreach (var user in plan.Users.Where(user => user.Licence is null)) console.MarkupLine($"[red]no licence[/] {Markup.Escape(user.PrimarySmtpAddress)}");
        foreach (var mailbox in plan.Unlicensed)
            console.MarkupLine($"[red]{Math.Max(0, Math.Ceiling((mailbox.DisabledOn - now).TotalDays)):N0} days left[/] {Markup.Escape(mailbox.PrimarySmtpAddress)}: without a licence Microsoft disables it on {mailbox.DisabledOn:d MMMM yyyy} (S71)");
        console.MarkupLine(plan.Short == 0
            ? $"[bold]Enough[/] for {plan.Users.Count:N0} user mailboxes, assigned in {Markup.Escape(plan.UsageLocation)}. Nothing was written."
            : $"[bold red]{plan.Short:N0} short[/] of {plan.Users.Count:N0} user mailboxes: buy them in the Microsoft 365 admin centre. Nothing was written.");
    }

    private static int Count(LicencePlan plan, LicenceStock stock, bool isThere) => plan.Users.Count(user => user.Licence == stock.Name && user.IsThere == isThere);
}
