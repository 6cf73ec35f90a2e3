using System.Runtime.CompilerServices;
using Cutover.Core.Recipients;

namespace Cutover.Core.Preflight;

/// <summary>The organisation's size (S11, S12), references that lead nowhere (S36), hidden mailboxes (S77), security groups (S34).</summary>
public sealed class RecipientsCheck(SourceOrganisation organisation) : IPreflightCheck
{
    private const int MostMailboxes = 2000;
    private const int AdvisedMailboxes = 150;

    public async IAsyncEnumerable<PreflightResult> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var recipients = await organisation.GetRecipientsAsync(ct);
        yield return Size(recipients.Count(recipient => recipient.HasMailbox));
        yield return Hidden([.. recipients.Where(recipient => recipient is { HasMailbox: true, HiddenFromAddressLists: true })]);
        var groups = recipients.Count(recipient => recipient.Type == RecipientType.MailUniversalSecurityGroup);
        yield return new("S34", PreflightVerdict.Passed, $"{groups} security groups will be made first, as mail-enabled security groups");
        foreach (var (_, lost) in RecipientReferences.Lost(recipients))
            yield return new(lost.Requirement, PreflightVerdict.Advice, lost.Message, lost.NextStep);
    }

    private static PreflightResult Size(int mailboxes) => mailboxes switch
    {
        > MostMailboxes => new("S11", PreflightVerdict.Advice, $"{mailboxes:N0} mailboxes: Microsoft advises a cutover for up to {MostMailboxes:N0}",
            "Plan the time: a pilot subset tells how long it takes."),
        > AdvisedMailboxes => new("S12", PreflightVerdict.Advice, $"{mailboxes:N0} mailboxes: Microsoft advises {AdvisedMailboxes} or fewer for one cutover",
            "Plan the time: a pilot subset tells how long it takes."),
        _ => new("S12", PreflightVerdict.Passed, $"{mailboxes:N0} mailboxes"),
    };

    private static PreflightResult Hidden(List<Recipient> hidden) => hidden.Count == 0
        ? new("S77", PreflightVerdict.Passed, "no mailbox hidden from address lists is referred to",
            "Name hidden mailboxes that nothing refers to in hiddenMailboxes; Get-Mailbox -Filter {HiddenFromAddressListsEnabled -eq $true} lists them.")
        : new("S77", PreflightVerdict.Passed,
            $"{hidden.Count} hidden from address lists and moved all the same: {string.Join(", ", hidden.Select(recipient => recipient.PrimarySmtpAddress))}");
}
