using Cutover.Core.Runbooks;
using Cutover.Lab;
using Cutover.Lab.Organisation;

namespace Cutover.Cli.Commands;

/// <summary>The demo's own step: life goes on at the source while the mailboxes are copied.</summary>
internal sealed class MailArrivesStep(ContosoLab lab) : RunbookStep("mail-arrives", "Life goes on at the source")
{
    public override Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct) =>
        Task.FromResult(StepEvidence.Of($"Meanwhile: {ContosoMail.DeliverMeanwhile(lab.Store, lab.Organisation, lab.Options.Seed)}"));
}
