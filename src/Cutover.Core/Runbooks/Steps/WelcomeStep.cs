using Cutover.Core.Messages;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Tells every user about the new mailbox (S26, S67). What was sent is remembered, so that nobody hears it twice.</summary>
public sealed class WelcomeStep(CutoverPlan plan, IMessageSender sender, WelcomeMessage welcome, CutoverJournal journal, TimeProvider clock)
    : RunbookStep("welcome", "Welcome the users")
{
    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var mailboxes = await journal.GetMailboxesAsync(ct);
        foreach (var mailbox in mailboxes)
        {
            var message = welcome.For(plan, mailbox);
            if (await journal.WasSentAsync(message.Id, ct)) continue;
            // A stop between these two sends it again with the same Message-Id, which Exchange delivers only once.
            await sender.SendAsync(message, ct);
            await journal.SetSentAsync(message.Id, clock.GetUtcNow(), ct);
            progress.Report($"Told {mailbox.Target.PrimarySmtpAddress}");
        }
        return StepEvidence.Of($"{mailboxes.Count} users were told");
    }
}
