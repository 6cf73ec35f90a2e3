using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>Creates the cutover batch and copies every mailbox until all are Synced (S56–S62).</summary>
public sealed class CopyMailboxesStep(CutoverPlan plan, IMigrationService migration, IEndpointFactory endpoints, CutoverJournal journal)
    : RunbookStep("copy-mailboxes", "Copy every mailbox")
{
    private const int MeasuredAtOnce = 4;

    /// <summary>Connection settings may have changed since; the batch goes on with today's.</summary>
    public override async Task<StepEvidence?> CheckAsync(StepRecord recorded, CancellationToken ct)
    {
        await EnsureBatchAsync(ct);
        return recorded.Evidence;
    }

    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        await MeasureAsync(progress, ct);
        await EnsureBatchAsync(ct);
        await migration.StartAsync(plan.BatchName, "run-book", ct);
        var batch = SyncOutcome.Require(await migration.WaitUntilSyncedAsync(plan.BatchName, DateTimeOffset.MinValue, ct));
        return StepEvidence.Of(
            $"{batch.Status}: {batch.Users.Count} mailboxes, {batch.Counts.Items:N0} items, {batch.Counts.Skipped:N0} skipped",
            [.. batch.Users.Select(user => (user.User.Name, $"{user.Status}: {user.Counts.Items} of {user.ItemsTotal} items"))]);
    }

    private async Task EnsureBatchAsync(CancellationToken ct)
    {
        var mailboxes = await journal.GetMailboxesAsync(ct);
        await migration.EnsureBatchAsync(
            new MigrationBatch(plan.BatchName, await journal.GetSourceAsync(ct), plan.Target,
                [.. mailboxes.Select(mailbox => mailbox.ToUser())])
            { SkipLimit = plan.SkipLimit }, ct);
    }

    /// <summary>How large each mailbox is, kept for the next time. One that does not tell counts as the smallest; its copy says what is wrong with it.</summary>
    private async Task MeasureAsync(IProgress<string> progress, CancellationToken ct)
    {
        var (source, mailboxes) = (await journal.GetSourceAsync(ct), (await journal.GetMailboxesAsync(ct)).ToArray());
        await Parallel.ForEachAsync(Enumerable.Range(0, mailboxes.Length), new ParallelOptions { MaxDegreeOfParallelism = MeasuredAtOnce, CancellationToken = ct }, async (i, token) =>
        {
            if (mailboxes[i].Size is not null) return;
            try
            {
                await using var mailbox = await endpoints.OpenSourceAsync(source, mailboxes[i].Source, token);
                mailboxes[i] = mailboxes[i] with { Size = await mailbox.GetSizeAsync(token) };
            }
            catch (MigrationFault)
            {
            }
        });
        await journal.SetMailboxesAsync(mailboxes, ct);
        progress.Report($"{mailboxes.Length:N0} mailboxes with {mailboxes.Sum(mailbox => mailbox.Size ?? 0) / 1e9:N1} GB, the largest first");
    }
}
