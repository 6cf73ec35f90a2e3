using Cutover.Core.Runbooks;
using Cutover.Lab;
using Cutover.Lab.Organisation;

namespace Cutover.Cli.Commands;

/// <summary>The demo's own step: life goes on at the source while the mailboxes are copied.</summary>
internal sealed class MailArrivesStep(ContosoLab lab) : RunbookStep("mail-arrives", "Life goes on at the source")
{
    public override Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var changes = ContosoMail.DeliverMeanwhile(lab.Store, lab.Organisation, lab.Options.Seed);
        return Task.FromResult(StepEvidence.Of(
            $"{changes.Delivered} messages arrived, {changes.Read} were read, {changes.Changed} changed, {changes.Moved} moved, {changes.Deleted} deleted, {changes.FoldersMade} folders made"));
    }
}
