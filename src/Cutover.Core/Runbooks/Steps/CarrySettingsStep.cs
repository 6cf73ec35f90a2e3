using System.Collections.Concurrent;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Core.Sync;

namespace Cutover.Core.Runbooks.Steps;

/// <summary>
/// Gives every mailbox what its user had set up beside mail: rules, automatic replies, rights on folders, delegates (S36), language, working hours, categories. Just before mail goes the new way, when all
/// recipients and folders are there and the settings are of today; what can't be carried is listed with what mends it.
/// </summary>
public sealed class CarrySettingsStep(CutoverPlan plan, IEndpointFactory endpoints, CutoverJournal journal, PatientCalls calls)
    : RunbookStep("carry-settings", "Carry rules, automatic replies, rights and the other settings")
{
    private const int AtOnce = 4;

    public override async Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
    {
        var source = await journal.GetSourceAsync(ct);
        var mailboxes = await journal.GetMailboxesAsync(ct);
        var carried = new ConcurrentDictionary<string, Carried>();
        await Parallel.ForEachAsync(mailboxes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (mailbox, token) =>
        {
            carried[mailbox.Source.PrimarySmtpAddress] = await OrFindingAsync(source, mailbox, token);
            progress.Report($"{carried.Count} of {mailboxes.Count} mailboxes");
        });
        foreach (var finding in carried.Values.SelectMany(one => one.Findings))
            progress.Report($"{finding.Requirement} {finding.Message} → {finding.NextStep}");
        await journal.SetLeftBehindAsync(carried.ToDictionary(one => one.Key, one => one.Value.Findings), ct);
        return Evidence(carried);
    }

    private async Task<Carried> OrFindingAsync(MigrationEndpoint source, CutoverMailbox mailbox, CancellationToken ct)
    {
        try
        {
            return await calls.RunAsync(() => CarryAsync(source, mailbox, ct), onRetry: null, ct);
        }
        catch (MigrationFault fault) when (fault.Scope is FaultScope.Item or FaultScope.Mailbox)
        {
            return new Carried(MailboxSettings.None,
                [new ProvisioningFinding("S36", $"{mailbox.Source.PrimarySmtpAddress}: rules, replies and rights could not be carried: {fault.Message}", fault.NextStep)]);
        }
    }

    private async Task<Carried> CarryAsync(MigrationEndpoint endpoint, CutoverMailbox mailbox, CancellationToken ct)
    {
        await using var source = await endpoints.OpenSourceAsync(endpoint, mailbox.Source, ct);
        await using var target = await endpoints.OpenTargetAsync(plan.Target, mailbox.Target, ct);
        var folders = await source.GetFoldersAsync(ct).ToListAsync(ct);
        var counterparts = new Dictionary<FolderKey, TargetFolderId>();
        foreach (var folder in folders)
        {
            TargetFolderId? parent = folder.Parent is { } above && counterparts.TryGetValue(above, out var known) ? known : null;
            counterparts[folder.Key] = await target.EnsureFolderAsync(folder, parent, known: null, ct);
        }

        var settings = await source.GetSettingsAsync(folders, ct);
        return new Carried(settings, await target.ApplySettingsAsync(settings, counterparts, ct));
    }

    private static StepEvidence Evidence(IReadOnlyDictionary<string, Carried> carried)
    {
        var all = carried.Values;
        return new StepEvidence(
            $"{all.Sum(one => one.Settings.Rules.Count):N0} rules, {all.Count(one => one.Settings.Replies.IsOn):N0} automatic replies that are on, "
            + $"{all.Sum(one => one.Settings.FolderRights.Count):N0} rights on folders, {all.Sum(one => one.Settings.Delegates.Count):N0} delegates, "
            + $"{all.Sum(one => one.Settings.Categories.Count):N0} categories, {all.Count(one => one.Settings.Region != RegionalSettings.Unknown):N0} with language, time zone or working hours; "
            + $"{all.Sum(one => one.Findings.Count):N0} could not be carried",
            carried.Where(one => one.Value.Findings.Count > 0).ToDictionary(
                one => one.Key, one => string.Join("\n", one.Value.Findings.Select(finding => $"{finding.Requirement} {finding.Message} → {finding.NextStep}"))));
    }

    private sealed record Carried(MailboxSettings Settings, IReadOnlyList<ProvisioningFinding> Findings);
}
