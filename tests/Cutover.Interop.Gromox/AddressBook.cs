using Cutover.Core.Recipients;

namespace Cutover.Interop.Gromox;

/// <summary>The whole address list and single look-ups, by each way; the first way's answers are shown, to be held against the database.</summary>
internal static class AddressBook
{
    public static async Task RunAsync(GromoxServer server, Report report, CancellationToken ct)
    {
        var shown = "";
        foreach (var way in Way.All)
        {
            await using var directory = await server.OpenDirectoryAsync(way, ct);
            var recipients = await directory.GetRecipientsAsync(ct).OrderBy(recipient => recipient.PrimarySmtpAddress).ToListAsync(ct);
            var told = string.Join('\n', recipients.Select(Line));
            if (shown.Length == 0) report.Say(told);
            else report.Check("recipients by another way", shown, told);
            shown = told;
            foreach (var recipient in recipients) await FindAsync(directory, recipient, report, ct);
            report.Check("an unknown address", "none", (await directory.FindAsync("nobody-at-all@contoso.test", ct))?.LegacyExchangeDN ?? "none");
            report.Say($"{way.Name}: {recipients.Count} recipients, each found by its address and its legacyExchangeDN");
        }
    }

    private static async Task FindAsync(IRecipientDirectory directory, Recipient recipient, Report report, CancellationToken ct)
    {
        foreach (var name in new[] { recipient.PrimarySmtpAddress, recipient.LegacyExchangeDN })
            report.Check("look-up", Line(recipient), await directory.FindAsync(name, ct) is { } found ? Line(found) : "none");
    }

    private static string Line(Recipient recipient) =>
        $"{recipient.Type} {recipient.PrimarySmtpAddress} '{recipient.DisplayName}' {recipient.Alias} [{string.Join(' ', recipient.EmailAddresses)}] "
        + $"members [{string.Join(' ', recipient.Members)}] {recipient.Details} {recipient.LegacyExchangeDN}";
}
