using Cutover.Core.Endpoints;
using Cutover.Core.Recipients;
using Cutover.Core.Runbooks;

namespace Cutover.Core.Preflight;

/// <summary>The source organisation as the checks see it: found by Autodiscover and read once per run.</summary>
public sealed class SourceOrganisation(CutoverPlan plan, IEndpointFactory endpoints)
{
    private MigrationEndpoint? endpoint;
    private IReadOnlyList<Recipient>? recipients;

    public async Task<MigrationEndpoint> GetEndpointAsync(CancellationToken ct) =>
        endpoint ??= await endpoints.DiscoverAsync(plan.Source, plan.TestMailbox, ct);

    /// <summary>Every recipient that the plan moves: the address book, hidden ones too, as they were decided about, without those that stay behind.</summary>
    public async Task<IReadOnlyList<Recipient>> GetRecipientsAsync(CancellationToken ct) => recipients ??= await ReadAsync(ct);

    private async Task<IReadOnlyList<Recipient>> ReadAsync(CancellationToken ct)
    {
        await using var directory = await endpoints.OpenDirectoryAsync(await GetEndpointAsync(ct), ct);
        var found = new Dictionary<string, Recipient>(StringComparer.OrdinalIgnoreCase);
        await foreach (var recipient in directory.GetRecipientsAsync(ct))
            found.TryAdd(recipient.LegacyExchangeDN, recipient);
        foreach (var address in plan.HiddenMailboxes)
            if (await directory.FindAsync(address, ct) is { } hidden)
                found.TryAdd(hidden.LegacyExchangeDN, hidden);
        plan.Decisions.Check(found.Values);
        return [.. found.Values.Where(recipient => !plan.ExcludedMailboxes.Contains(recipient.SourceAddress, StringComparer.OrdinalIgnoreCase) && !plan.Decisions.LeavesBehind(recipient))];
    }
}
