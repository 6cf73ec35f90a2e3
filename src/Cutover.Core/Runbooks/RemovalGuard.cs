using Cutover.Core.Batches;
using Cutover.Core.Faults;

namespace Cutover.Core.Runbooks;

/// <summary>What must hold before a batch may be removed.</summary>
/// <param name="Rule">Its number in Microsoft's description of a cutover, such as S69.</param>
/// <param name="IsMet">Whether it holds.</param>
/// <param name="Finding">What was found, with the mailboxes concerned and since when it is so.</param>
/// <param name="NextStep">What makes it hold; empty when it does.</param>
public sealed record RemovalCondition(string Rule, bool IsMet, string Finding, string NextStep);

/// <summary>Says of each condition of removing the batch whether it holds (S66, S67, S69); that users work in the new mailboxes (S68) only a person can say.</summary>
public sealed class RemovalGuard(CutoverPlan plan, IMigrationService migration, Messages.WelcomeMessage welcome, CutoverJournal journal, TimeProvider clock)
{
    private const int MostNamed = 5;

    public async Task<IReadOnlyList<RemovalCondition>> CheckAsync(CancellationToken ct)
    {
        var batch = await migration.GetStatusAsync(plan.BatchName, ct)
            ?? throw new MigrationFault(FaultScope.Operator, $"There is no batch {plan.BatchName}.", "Copy the mailboxes first.");
        var switched = await journal.GetSwitchedAsync(ct);
        return [Routed(switched), await ToldAsync(ct), SyncedSince(switched, batch)];
    }

    /// <summary>Fails with every condition that does not hold.</summary>
    public async Task RequireAsync(CancellationToken ct)
    {
        var unmet = (await CheckAsync(ct)).Where(condition => !condition.IsMet).ToList();
        if (unmet.Count > 0)
            throw new MigrationFault(
                FaultScope.Operator, $"The batch {plan.BatchName} can't be removed yet. {string.Join(" ", unmet.Select(condition => $"{condition.Rule}: {condition.Finding}"))}",
                string.Join(" ", unmet.Select(condition => condition.NextStep)));
    }

    private RemovalCondition Routed(DateTimeOffset switched)
    {
        var until = switched + plan.MailRoutingWait;
        return clock.GetUtcNow() >= until
            ? Met("S66", $"mail arrives at Microsoft 365 since {switched:u}, longer than {plan.MailRoutingWait.TotalHours:0.#} hours")
            : new RemovalCondition("S66", false, $"mail was switched {switched:u}; senders may use the old server until {until:u}.", "Wait until then; the batch goes on syncing.");
    }

    private async Task<RemovalCondition> ToldAsync(CancellationToken ct)
    {
        var untold = new List<string>();
        foreach (var mailbox in await journal.GetMailboxesAsync(ct))
            if (!await journal.WasSentAsync(welcome.For(plan, mailbox).Id, ct))
                untold.Add(mailbox.Target.PrimarySmtpAddress);
        return untold.Count == 0
            ? Met("S67", "every user was told")
            : new RemovalCondition("S67", false, $"{untold.Count} users were never told: {Named(untold)}.", "Send the welcome messages.");
    }

    private static RemovalCondition SyncedSince(DateTimeOffset switched, BatchStatus batch)
    {
        var late = batch.Users.Where(user => user.LastSynced is not { } last || last < switched)
            .Select(user => user.LastSynced is { } last ? $"{user.User.Name} (last {last:u})" : $"{user.User.Name} (never)").ToList();
        return late.Count == 0
            ? Met("S69", $"every mailbox was synced after the switch of {switched:u}")
            : new RemovalCondition("S69", false, $"{late.Count} mailboxes were not synced since the switch of {switched:u}: {Named(late)}.", "Sync now, or resume what failed.");
    }

    private static RemovalCondition Met(string rule, string finding) => new(rule, true, finding, "");

    private static string Named(List<string> names) =>
        names.Count <= MostNamed ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNamed))} and {names.Count - MostNamed} more";
}
