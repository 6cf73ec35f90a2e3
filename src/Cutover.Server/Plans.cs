using Cutover.Core.Preflight;
using Cutover.Core.Recipients;
using Cutover.Core.Runbooks;
using Cutover.Mapi.Tracing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cutover.Server;

/// <summary>What a cutover would do, found out by looking at both sides; nothing is written and no work folder is needed.</summary>
public sealed class Plans
{
    private readonly CutoverPlan plan;
    private readonly EndpointFactory endpoints;
    private readonly SourceOrganisation organisation;
    private readonly CutoverSettings settings;

    /// <param name="tell">Shows the administrator a warning.</param>
    /// <param name="trace">Writes down what goes over the wire to the source; null writes nothing.</param>
    /// <exception cref="InvalidSettingsException">The settings can't be used.</exception>
    public Plans(CutoverSettings settings, Action<string> tell, ProtocolTrace? trace)
    {
        this.settings = settings;
        plan = settings.ToPlan();
        var connector = settings.Network.ToConnector(DnsAccess.OpenResolver(settings.Dns), trace, new TellingLogger(tell));
        endpoints = new EndpointFactory(connector, plan.Decisions, Path.GetTempPath(), TimeProvider.System, NullLoggerFactory.Instance);
        organisation = new SourceOrganisation(plan, endpoints);
    }

    /// <summary>What was decided about recipients so far.</summary>
    public IReadOnlyDictionary<string, RecipientDecision> Decisions => plan.Decisions.ByAddress;

    /// <summary>Where decisions about recipients are kept.</summary>
    /// <exception cref="InvalidSettingsException">The settings name no file.</exception>
    public string DecisionsFile => settings.RecipientDecisionsFile is { Length: > 0 } file ? file
        : throw new InvalidSettingsException("The settings name no recipientDecisionsFile: say in it where the decisions shall be kept, such as \"recipientDecisionsFile\": \"recipients.json\".");

    /// <summary>What would become of each recipient of the source.</summary>
    /// <exception cref="Core.Faults.MigrationFault">One of the sides can't be read.</exception>
    public async Task<IReadOnlyList<PlannedRecipient>> PlanRecipientsAsync(CancellationToken ct)
    {
        var recipients = await organisation.GetRecipientsAsync(ct);
        var provisioner = await endpoints.OpenProvisionerAsync(plan.Target, ct);
        var lost = RecipientReferences.Lost(recipients).ToLookup(one => one.Recipient, one => one.Finding);
        return [.. (await provisioner.PlanAsync(recipients, [plan.Domain], ct))
            .Select(planned => planned with { Findings = [.. planned.Findings, .. lost[planned.Recipient]] })];
    }

    /// <summary>Which licence each user mailbox of the source would get.</summary>
    /// <exception cref="Core.Faults.MigrationFault">One of the sides can't be read.</exception>
    public async Task<LicencePlan> PlanLicencesAsync(CancellationToken ct)
    {
        var provisioner = await endpoints.OpenProvisionerAsync(plan.Target, ct);
        return await provisioner.PlanLicencesAsync(await organisation.GetRecipientsAsync(ct), ct);
    }
}
